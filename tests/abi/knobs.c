// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Knobs of the simulated hypervisor and of the driver: writes and reads their
 * files in debugfs. The effect of a knob is documented by its owner.
 */
#include "knobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"

#define DRIVER_DIRECTORY "/sys/kernel/debug/ibmvmc"

static const struct {
	const char *name;
	bool of_driver;
	int mode;
	const char *subject; /* words that precede on or off */
} table[KNOB_COUNT] = {
	[KNOB_LIVE] = { "live", false, W_OK },
	[KNOB_STALL] = { "stall", false, W_OK },
	[KNOB_DELAY] = { "delay", false, W_OK },
	[KNOB_REFUSE_OPEN] = { "refuse", false, W_OK, "open " },
	[KNOB_REFUSE_REQUEST] = { "refuse", false, W_OK, "request-vmc " },
	[KNOB_RESET] = { "reset", false, W_OK },
	[KNOB_EMIT] = { "emit", false, W_OK },
	[KNOB_FLOOD] = { "flood", false, W_OK },
	[KNOB_STATS] = { "stats", false, R_OK },
	[KNOB_DRIVER_RESET] = { "reset", true, W_OK },
	[KNOB_DRIVER_SESSIONS] = { "sessions", true, R_OK },
};

static void path_of(const struct knobs *knobs, enum knob knob, char *path,
		    size_t size)
{
	snprintf(path, size, "%s/%s",
		 table[knob].of_driver ? DRIVER_DIRECTORY : knobs->directory,
		 table[knob].name);
}

static bool is_there(const struct knobs *knobs, enum knob knob)
{
	char path[256];

	path_of(knobs, knob, path, sizeof(path));
	return !access(path, table[knob].mode);
}

const char *knobs_missing(const struct knobs *knobs, unsigned int needs)
{
	unsigned int knob;

	for (knob = 0; knob < KNOB_COUNT; knob++)
		if (needs & KNOB_BIT(knob) && !is_there(knobs, knob))
			return table[knob].name;
	return NULL;
}

/* Returns false if the write fails with @hindrance; other errors fail the case.
 */
static bool try_put(const struct knobs *knobs, enum knob knob, const void *text,
		    size_t len, int hindrance)
{
	char path[256];
	bool hindered;
	ssize_t done;
	int file;

	path_of(knobs, knob, path, sizeof(path));
	file = MUST(open(path, O_WRONLY | O_CLOEXEC));
	done = write(file, text, len);
	hindered = done < 0 && errno == hindrance;
	if (!hindered)
		EXPECT_EQ(MUST(done), len);
	close(file);
	return !hindered;
}

static void put(const struct knobs *knobs, enum knob knob, const void *text,
		size_t len)
{
	try_put(knobs, knob, text, len, 0);
}

static void put_text(const struct knobs *knobs, enum knob knob,
		     const char *text)
{
	put(knobs, knob, text, strlen(text));
}

void knobs_switch(const struct knobs *knobs, enum knob knob, bool on)
{
	const char *subject = table[knob].subject;
	char text[32];

	snprintf(text, sizeof(text), "%s%d", subject ? subject : "", on);
	put_text(knobs, knob, text);
}

void knobs_read(const struct knobs *knobs, enum knob knob, char *text,
		size_t size)
{
	char path[256];
	size_t at = 0;
	ssize_t got;
	int file;

	path_of(knobs, knob, path, sizeof(path));
	file = MUST(open(path, O_RDONLY | O_CLOEXEC));
	do {
		got = MUST(read(file, text + at, size - 1 - at));
		at += got;
	} while (got);
	text[at] = '\0';
	close(file);
}

void knobs_restore(const struct knobs *knobs)
{
	static const enum knob switches[] = { KNOB_STALL, KNOB_DELAY,
					      KNOB_REFUSE_OPEN,
					      KNOB_REFUSE_REQUEST };
	char text[16];
	size_t i;

	for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (is_there(knobs, switches[i]))
			knobs_switch(knobs, switches[i], false);
	if (is_there(knobs, KNOB_LIVE)) {
		knobs_read(knobs, KNOB_LIVE, text, sizeof(text));
		if (text[0] != '1' && text[0] != 'Y')
			knobs_switch(knobs, KNOB_LIVE, true);
	}
}

void knobs_delay(const struct knobs *knobs, unsigned int ms)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", ms);
	put_text(knobs, KNOB_DELAY, text);
}

void knobs_reset(const struct knobs *knobs, const char *kind)
{
	put_text(knobs, KNOB_RESET, kind);
}

bool knobs_try_reset(const struct knobs *knobs, const char *kind)
{
	return try_put(knobs, KNOB_RESET, kind, strlen(kind), ENOTCONN);
}

void knobs_driver_reset(const struct knobs *knobs)
{
	put_text(knobs, KNOB_DRIVER_RESET, "1");
}

void knobs_emit(const struct knobs *knobs, unsigned int index, const void *data,
		size_t len)
{
	char *text = malloc(16 + len);
	int head;

	EXPECT(text);
	head = snprintf(text, 16, "%u ", index);
	memcpy(text + head, data, len);
	put(knobs, KNOB_EMIT, text, head + len);
	free(text);
}

void knobs_flood(const struct knobs *knobs, unsigned int index,
		 unsigned long count, unsigned int size)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %lu %u", index, count, size);
	put_text(knobs, KNOB_FLOOD, text);
}

unsigned long long knobs_stat(const struct knobs *knobs, const char *key)
{
	char text[1024];
	char *line;

	knobs_read(knobs, KNOB_STATS, text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, key, strlen(key)) &&
		    line[strlen(key)] == ':')
			return strtoull(line + strlen(key) + 1, NULL, 10);
	expect_fail(__FILE__, __LINE__, "the counter %s does not exist", key);
}
