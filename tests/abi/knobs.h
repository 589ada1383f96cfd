/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The knobs by which a case makes the hypervisor misbehave or the channel
 * break. This is the only place that knows how they are reached: those of the
 * simulated hypervisor, and those of the driver itself, are files in debugfs.
 * A knob that is not there is told by knobs_missing(); unless they say so, all
 * others demand success (expect.h).
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
 * struct knobs - where they are
 * @directory: of those of the hypervisor
 */
struct knobs {
	const char *directory;
};

/**
 * knobs_missing() - look for knobs
 * @knobs: any
 * @needs: KNOB_BIT() of each that is looked for
 *
 * Return: the name of one that is not there, or NULL.
 */
const char *knobs_missing(const struct knobs *knobs, unsigned int needs);

/**
 * knobs_restore() - leave each knob that is there as a case expects it
 * @knobs: any
 */
void knobs_restore(const struct knobs *knobs);

/**
 * knobs_switch() - turn a knob on or off
 * @knobs: any
 * @knob: KNOB_LIVE: the device is there, as soon as this returns, or is
 *	removed. KNOB_STALL: the hypervisor neither takes nor sends anything.
 *	KNOB_REFUSE_OPEN, KNOB_REFUSE_REQUEST: it refuses each Open, or each
 *	request for a VMC device
 * @on: the value
 */
void knobs_switch(const struct knobs *knobs, enum knob knob, bool on);

/* The hypervisor thinks so long over each entry. */
void knobs_delay(const struct knobs *knobs, unsigned int ms);

/* A transport event: partner-failed, deregistered, terminated, migrated. */
void knobs_reset(const struct knobs *knobs, const char *kind);

/* The same. Returns false if the driver had no queue registered just then. */
bool knobs_try_reset(const struct knobs *knobs, const char *kind);

/* The driver resets the channel. */
void knobs_driver_reset(const struct knobs *knobs);

/**
 * knobs_emit() - the hypervisor sends a message by itself
 * @knobs: any
 * @index: HMC index; its session is ready
 * @data: @len bytes
 * @len: 0..MTU
 *
 * It sends at most eight before it has been stepped.
 */
void knobs_emit(const struct knobs *knobs, unsigned int index, const void *data,
		size_t len);

/**
 * knobs_flood() - the hypervisor sends many messages by itself
 * @knobs: any
 * @index: HMC index; its session is ready
 * @count: how many: "1 ...\n", "2 ...\n" and so on
 * @size: bytes of each
 */
void knobs_flood(const struct knobs *knobs, unsigned int index,
		 unsigned long count, unsigned int size);

/**
 * knobs_stat() - a figure of the hypervisor
 * @knobs: any
 * @key: its name
 */
unsigned long long knobs_stat(const struct knobs *knobs, const char *key);

/**
 * knobs_read() - the text of a knob
 * @knobs: any
 * @knob: one that can be read
 * @text: filled and ended with a NUL
 * @size: of @text
 */
void knobs_read(const struct knobs *knobs, enum knob knob, char *text,
		size_t size);

#endif
