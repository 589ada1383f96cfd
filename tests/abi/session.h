/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files with a session, and messages on them, for cases that are about
 * something else: everything here demands success (expect.h). "Old" is a
 * session by SETHMCID, "new" one by OPEN.
 */
#ifndef ABI_SESSION_H
#define ABI_SESSION_H

#include <stddef.h>

#include "device.h"

/**
 * session_new() - a file with a session by OPEN, ready
 * @test: any
 * @index: HMC index or IBMVMC_INDEX_ANY
 */
int session_new(const struct abi_test *test, int index);

/**
 * session_old() - a file with a session by SETHMCID, ready
 * @test: any
 *
 * As the client of old does it: it tries again while that is worth while, and
 * then sends a message until that is taken.
 */
int session_old(const struct abi_test *test);

/* SETHMCID on a file, again and again while it fails with what time heals. */
void session_ask_old(int file);

/* The session on a file is ready: a message has gone there and back. */
void session_await_old(int file);

/* Its HMC index. A driver that cannot tell gives the lowest to the first. */
unsigned int session_index(const struct abi_test *test, int file);

/* Bytes of a message that is no management message; @seed makes the difference.
 */
void session_pattern(void *data, size_t len, unsigned int seed);

/* One message is taken. */
void session_send(int file, const void *data, size_t len);

/* The next message, waited for, is this one. */
void session_receive(int file, const void *data, size_t len);

/* A message of session_pattern() goes out, or is the next that comes. */
void session_send_pattern(int file, size_t len, unsigned int seed);
void session_receive_pattern(int file, size_t len, unsigned int seed);

/* A message goes there and back. */
void session_echo(int file, size_t len, unsigned int seed);

/**
 * session_fill() - send until no buffer is free
 * @file: ready
 *
 * Message i, from 0 on, is session_pattern() of 32 bytes and seed i.
 *
 * Return: how many were taken.
 */
unsigned int session_fill(int file);

/* Reads messages @from to @to - 1 of session_fill(). */
void session_drain(int file, unsigned int from, unsigned int to);

#define SESSION_FILL_LEN 32

/* The poll(2) bits of a file: now, or as soon as there are any. */
short session_events(int file, short wanted);
short session_await(int file, short wanted);

/* Waits until so many messages can be read; needs INFO. */
void session_await_queued(int file, unsigned int count);

#endif
