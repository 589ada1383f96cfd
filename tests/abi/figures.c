// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How much memory the kernel uses. Slabs that cannot be reclaimed hold small
 * objects, and the rest of the kernel's pages larger ones; pages of files and
 * programs come and go, and are not counted.
 */
#include "figures.h"

#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"

#define BATCHES_MAX 12

/* The smallest object that a kernel hands out has twice that. */
#define SLAB_BYTES_PER_CYCLE 4

/* A page in each cycle would be at least sixteen times this. */
#define OTHER_BYTES_PER_CYCLE 256

struct figures {
	long slab_kb;
	long other_kb;
};

static long field(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	long value;

	EXPECT(line && sscanf(line + strlen(name), "%ld", &value) == 1);
	return value;
}

static void take(struct figures *figures)
{
	static char text[8192];
	FILE *file;
	size_t got;

	/* What is freed after a grace period shall be on its way. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	file = fopen("/proc/meminfo", "r");
	EXPECT(file);
	got = fread(text, 1, sizeof(text) - 1, file);
	text[got] = '\0';
	fclose(file);

	figures->slab_kb = field(text, "\nSUnreclaim:");
	figures->other_kb =
		field(text, "MemTotal:") - field(text, "\nMemFree:") -
		field(text, "\nBuffers:") - field(text, "\nCached:") -
		field(text, "\nAnonPages:") - field(text, "\nSlab:");
}

void figures_steady(void (*cycle)(void *data), void *data, unsigned int cycles)
{
	unsigned int size = cycles / 2, batch, i;
	struct figures before, after;
	long slab_kb, other_kb;

	take(&after);
	for (batch = 0; batch < BATCHES_MAX; batch++) {
		before = after;
		for (i = 0; i < size; i++)
			cycle(data);
		take(&after);
		slab_kb = after.slab_kb - before.slab_kb;
		other_kb = after.other_kb - before.other_kb;
		expect_note("%u cycles: %ld KB more in slabs, %ld KB elsewhere",
			    size, slab_kb, other_kb);
		if (batch &&
		    slab_kb * 1024 < (long)size * SLAB_BYTES_PER_CYCLE &&
		    other_kb * 1024 < (long)size * OTHER_BYTES_PER_CYCLE)
			return;
	}
	expect_fail(__FILE__, __LINE__, "the kernel's memory grows");
}
