/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions: opens files with a session and exchanges messages, for cases that
 * test other subjects. Every function demands success (expect.h). "Old" is a
 * session by SETHMCID, "new" one by OPEN. Calls without a session are in
 * device.h.
 */
#ifndef ABI_SESSION_H
#define ABI_SESSION_H

#include <stddef.h>

#include "device.h"

/**
 * session_new() - open a file with a ready session by OPEN
 * @test: driver under test
 * @index: HMC index or IBMVMC_INDEX_ANY
 */
int session_new(const struct abi_test *test, int index);

/**
 * session_old() - open a file with a ready session by SETHMCID
 * @test: driver under test
 *
 * It acts like the legacy client: it retries SETHMCID while the error may be
 * temporary, and then sends a message until one is accepted.
 */
int session_old(const struct abi_test *test);

/* SETHMCID on a file, retried while the error is a temporary one. */
void session_ask_old(int file);

/* Waits until the session on a file is ready, which a round trip shows. */
void session_await_old(int file);

/* Its HMC index. A driver without INFO assigns the lowest to the first file. */
unsigned int session_index(const struct abi_test *test, int file);

/* Fills a message that is not a management message, depending on @seed. */
void session_pattern(void *data, size_t len, unsigned int seed);

/* Sends one message. */
void session_send(int file, const void *data, size_t len);

/* Waits for the next message and demands that it is this one. */
void session_receive(int file, const void *data, size_t len);

/* Sends, or expects as the next, a message of session_pattern(). */
void session_send_pattern(int file, size_t len, unsigned int seed);
void session_receive_pattern(int file, size_t len, unsigned int seed);

/* One round trip. */
void session_echo(int file, size_t len, unsigned int seed);

/**
 * session_fill() - send until no buffer is free
 * @file: file with a ready session
 *
 * Message i, from 0 on, is session_pattern() of 32 bytes and seed i.
 *
 * Return: the number of messages sent.
 */
unsigned int session_fill(int file);

/* Reads messages @from to @to - 1 of session_fill(). */
void session_drain(int file, unsigned int from, unsigned int to);

#define SESSION_FILL_LEN 32

/* The poll(2) events of a file: now, or as soon as there are any. */
short session_events(int file, short wanted);
short session_await(int file, short wanted);

/* Waits until this number of messages can be read; needs INFO. */
void session_await_queued(int file, unsigned int count);

#endif
