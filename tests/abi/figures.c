// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of the kernel: compares its use before and after many repetitions.
 * Small objects are in unreclaimable slabs, larger ones in the kernel's other
 * pages. Pages of files and programs vary and are not counted.
 */
#include "figures.h"

#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"

#define BATCHES_MAX 12

/* Half the size of the smallest object that a kernel allocates. */
#define SLAB_BYTES_PER_CYCLE 4

/* At most a sixteenth of the loss of one page in each cycle. */
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

	/* Waits for memory that is freed after a grace period. */
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
	expect_fail(__FILE__, __LINE__, "the memory of the kernel grows");
}
