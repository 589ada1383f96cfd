// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Marks: sets and takes the bits of the shared memory, and lets a thread sleep
 * while its lane has none. It starts no thread.
 */
#include "marks.h"

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The thread of the lane sleeps, and has to be woken. */
#define ASLEEP (1U << 31)

struct marks *marks_new(guint interval_ms)
{
	struct marks *marks = mmap(NULL, sizeof(*marks), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (marks == MAP_FAILED)
		return NULL;
	marks->interval_ms = interval_ms;
	return marks;
}

void marks_free(struct marks *marks)
{
	if (marks)
		munmap(marks, sizeof(*marks));
}

guint marks_files_lane(guint index)
{
	return MARKS_ROOT + 1 + 2 * index;
}

guint marks_message_lane(guint index)
{
	return MARKS_ROOT + 2 + 2 * index;
}

void marks_set(struct marks *marks, guint lane, guint bits)
{
	struct mark_lane *to = &marks->lanes[lane];

	if (g_atomic_int_or(&to->word, bits) & ASLEEP)
		syscall(SYS_futex, &to->word, FUTEX_WAKE, 1, NULL, NULL, 0);
	if (!g_atomic_int_get(&to->thread) && lane != MARKS_STARTER)
		marks_set(marks, MARKS_STARTER, MARK_NEW_LANE);
}

gboolean marks_has(const struct marks *marks, guint lane, guint bits)
{
	return (g_atomic_int_get(&marks->lanes[lane].word) & bits) != 0;
}

guint marks_take(struct marks *marks, guint lane)
{
	struct mark_lane *from = &marks->lanes[lane];
	guint bits;

	while (!(bits = g_atomic_int_and(&from->word, 0) & ~ASLEEP)) {
		if (g_atomic_int_compare_and_exchange((gint *)&from->word, 0,
						      (gint)ASLEEP))
			syscall(SYS_futex, &from->word, FUTEX_WAIT, ASLEEP,
				NULL, NULL, 0);
	}
	return bits;
}
