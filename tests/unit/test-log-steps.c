// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps of the message log: tests the amount of work with many channel readers
 * and segments. In this build of the log each basic block calls a function
 * that counts it; no time is measured.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "clock.h"
#include "defaults.h"
#include "log-messages.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/cursor.h"

static guint64 steps;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

/* Largest number of steps of one operation of each kind. */
struct work {
	guint64 open;
	guint64 append;
	guint64 rotate;
	guint64 read;
	guint64 hold;
	guint64 drop;
	guint64 close;
};

static guint64 begun;

static void begin(void)
{
	begun = steps;
}

static void end(guint64 *most)
{
	*most = MAX(*most, steps - begun);
}

struct use {
	struct memory memory;
	struct log *log;
	struct cursor *cursors;
	guint count;
	guint segments;
	struct work work;
};

static void append(struct use *use)
{
	begin();
	*log_tail(use->log, 1) = 'x';
	log_commit(use->log, 1);
	end(&use->work.append);
}

/* The same number of cursors in each segment of two one-byte messages. */
static void fill(struct use *use)
{
	for (guint i = 0; i < use->count; i++) {
		begin();
		cursor_init(&use->cursors[i], use->log);
		end(&use->work.open);
		if ((i + 1) % (use->count / use->segments))
			continue;
		append(use);
		append(use);
		begin();
		log_rotate(use->log);
		end(&use->work.rotate);
	}
	cr_assert_eq(use->log->segments.length, use->segments + 1);
}

static void read_one(struct use *use, guint i, int expected)
{
	struct cursor *cursor = &use->cursors[i];
	const guint8 *data;
	gsize len;
	int result;

	begin();
	result = cursor_next(cursor, &data, &len);
	if (result == 1)
		cursor_advance(cursor, len);
	end(&use->work.read);
	cr_assert_eq(result, expected);
}

static void hold_each(struct use *use)
{
	for (GList *link = use->log->segments.head; link; link = link->next) {
		begin();
		log_hold(link->data, TRUE);
		log_release(link->data, TRUE);
		end(&use->work.hold);
	}
}

/* The older half is dropped; its readers miss messages. */
static void drop_half(struct use *use)
{
	for (guint i = 0; i < use->segments / 2; i++) {
		begin();
		messages_make_room(&use->memory,
				   use->memory.limit - use->memory.used + 1);
		end(&use->work.drop);
	}
	cr_assert_eq(use->memory.dropped, use->segments / 2);
	for (guint i = 0; i < use->count / 2; i++)
		read_one(use, i, -EPIPE);
}

/* The frees of a close are work that each segment causes once. */
static void close_all(struct use *use)
{
	for (guint i = 0; i < use->count; i++) {
		guint before = use->log->segments.length;

		begin();
		cursor_clear(&use->cursors[i]);
		if (before - use->log->segments.length <= 1)
			end(&use->work.close);
	}
}

static struct work work_of(guint cursors, guint segments)
{
	struct use use = { .count = cursors, .segments = segments };

	use.cursors = g_new0(struct cursor, cursors);
	memory_init(&use.memory, 1 * GIB, &clock_system);
	use.log = log_new(&use.memory, 1 * MIB);
	log_begin(use.log, 1);
	fill(&use);
	for (guint i = 0; i < cursors; i++)
		read_one(&use, i, 1);
	hold_each(&use);
	drop_half(&use);
	log_end(use.log);
	close_all(&use);
	log_free(use.log);
	memory_clear(&use.memory);
	g_free(use.cursors);
	return use.work;
}

static void expect_same(guint64 few, guint64 many, const char *what)
{
	cr_expect_gt(few, 0, "no step of %s was counted", what);
	cr_expect_leq(many, 2 * few,
		      "%s takes %" G_GUINT64_FORMAT
		      " steps instead of %" G_GUINT64_FORMAT,
		      what, many, few);
}

Test(log_steps, are_constant_for_any_number_of_readers_and_segments)
{
	struct work few = work_of(20, 4);
	struct work many = work_of(50000, 500);

	expect_same(few.open, many.open, "an open");
	expect_same(few.append, many.append, "a message");
	expect_same(few.rotate, many.rotate, "a rotation");
	expect_same(few.read, many.read, "a read");
	expect_same(few.hold, many.hold, "a log reader");
	expect_same(few.drop, many.drop, "memory pressure");
	expect_same(few.close, many.close, "a close");
}
