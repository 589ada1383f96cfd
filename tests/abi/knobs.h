/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knobs by which a case makes the hypervisor misbehave or breaks the channel:
 * only this module knows that they are files in debugfs, of the simulated
 * hypervisor and of the driver. knobs_missing() reports an absent knob; the
 * other functions demand success (expect.h) unless their comment says
 * otherwise.
 */
#ifndef ABI_KNOBS_H
#define ABI_KNOBS_H

#include <stdbool.h>
#include <stddef.h>

enum knob {
	KNOB_LIVE,
	KNOB_STALL,
	KNOB_DELAY,
	KNOB_REFUSE_OPEN,
	KNOB_REFUSE_REQUEST,
	KNOB_RESET,
	KNOB_EMIT,
	KNOB_FLOOD,
	KNOB_STATS,
	KNOB_DRIVER_RESET,
	KNOB_DRIVER_SESSIONS,
	KNOB_COUNT
};

#define KNOB_BIT(knob) (1U << (knob))

/**
 * struct knobs - location of the knobs
 * @directory: directory of the hypervisor's knobs
 */
struct knobs {
	const char *directory;
};

/**
 * knobs_missing() - look for absent knobs
 * @knobs: location
 * @needs: KNOB_BIT() of each knob to look for
 *
 * Return: the name of an absent knob, or NULL.
 */
const char *knobs_missing(const struct knobs *knobs, unsigned int needs);

/**
 * knobs_restore() - set each present knob to the value that a case expects
 * @knobs: location
 */
void knobs_restore(const struct knobs *knobs);

/**
 * knobs_switch() - turn a knob on or off
 * @knobs: location
 * @knob: KNOB_LIVE: the device exists when this returns, or is removed.
 *	KNOB_STALL: the hypervisor neither receives nor sends.
 *	KNOB_REFUSE_OPEN, KNOB_REFUSE_REQUEST: it refuses each Open, or each
 *	request for a VMC device
 * @on: new value
 */
void knobs_switch(const struct knobs *knobs, enum knob knob, bool on);

/* Sets the time that the hypervisor takes for each entry. */
void knobs_delay(const struct knobs *knobs, unsigned int ms);

/* Sends a transport event: partner-failed, deregistered, terminated, migrated.
 */
void knobs_reset(const struct knobs *knobs, const char *kind);

/* The same; returns false if the driver had no queue registered. */
bool knobs_try_reset(const struct knobs *knobs, const char *kind);

/* Makes the driver reset the channel. */
void knobs_driver_reset(const struct knobs *knobs);

/**
 * knobs_emit() - make the hypervisor send an unsolicited message
 * @knobs: location
 * @index: HMC index with a ready session
 * @data: message of @len bytes
 * @len: length in bytes, 0..MTU
 *
 * The hypervisor queues at most eight messages before its next step.
 */
void knobs_emit(const struct knobs *knobs, unsigned int index, const void *data,
		size_t len);

/**
 * knobs_flood() - make the hypervisor send many unsolicited messages
 * @knobs: location
 * @index: HMC index with a ready session
 * @count: number of messages: "1 ...\n", "2 ...\n" and so on
 * @size: length of each message in bytes
 */
void knobs_flood(const struct knobs *knobs, unsigned int index,
		 unsigned long count, unsigned int size);

/**
 * knobs_stat() - read a counter of the hypervisor
 * @knobs: location
 * @key: name of the counter
 */
unsigned long long knobs_stat(const struct knobs *knobs, const char *key);

/**
 * knobs_read() - read the text of a knob
 * @knobs: location
 * @knob: readable knob
 * @text: buffer, filled and terminated with a NUL
 * @size: size of @text in bytes
 */
void knobs_read(const struct knobs *knobs, enum knob knob, char *text,
		size_t size);

#endif
