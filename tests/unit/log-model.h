/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model of vmcfs/log: performs each operation on three logs under one budget
 * and on simple lists, and compares both. The first difference ends the
 * program. The model does not choose the operations; the caller does.
 */
#ifndef TESTS_UNIT_LOG_MODEL_H
#define TESTS_UNIT_LOG_MODEL_H

#include <glib.h>

#include "clock.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/cursor.h"
#include "log/segment.h"

#define MODEL_LOGS 3

struct model;

/* A segment; @start is the position of its first byte in the whole log. */
struct model_segment {
	struct model_log *log;
	struct segment *real;
	guint64 id;
	guint64 ino;
	guint64 serial;
	guint64 first;
	guint64 end;
	guint64 start;
	gsize size;
	gsize table;
	gsize size_memory;
	gsize table_memory;
	gboolean growing;
	gboolean dropped;
	guint names;
	guint readers;
	guint holders;
	gint64 born;
	gint64 modified;
};

/* A channel reader. */
struct model_cursor {
	struct cursor cursor;
	struct model_log *log;
	guint64 serial;
	guint64 number;
	gsize part;
	gboolean notified;
	gboolean behind;
};

/*
 * A log. @ends contains the position after each message, @sessions the number
 * after the last message of each session.
 */
struct model_log {
	struct model *model;
	struct log *log;
	gsize history;
	GPtrArray *segments;
	GPtrArray *cursors;
	GArray *ends;
	GArray *sessions;
	struct model_segment *current;
	struct model_segment *previous;
	guint64 serial;
	gboolean open;
	gsize spare;
	guint64 rotations;
	guint64 overruns;
	guint64 notified;
	guint64 heard;
};

struct model {
	struct memory memory;
	struct clock clock;
	gint64 now;
	gsize limit;
	guint64 next_id;
	guint64 dropped;
	guint64 forced;
	struct model_log logs[MODEL_LOGS];
};

/* Starts with empty logs; @model must not move afterwards. */
void model_init(struct model *model, gsize limit,
		const gsize history[MODEL_LOGS]);
/*
 * Frees the logs, which have no descriptors or cursors; no memory may be left.
 */
void model_clear(struct model *model);

void model_begin(struct model_log *log);
void model_end(struct model_log *log);
/* Adds a message of @len bytes in room reserved for up to @room bytes. */
void model_append(struct model_log *log, guint32 len, guint32 room);
void model_rotate(struct model_log *log);
void model_make_room(struct model *model, gsize bytes);
/* Drops a segment other than the current one, of any age. */
void model_drop(struct model_segment *segment);

void model_hold(struct model_segment *segment, gboolean reads);
/* Releases @segment, which may be freed. */
void model_release(struct model_segment *segment, gboolean reads);
/* Reads as a log reader does, and compares the bytes. */
void model_read_log(struct model_segment *segment, gsize offset, gsize size);

struct model_cursor *model_open(struct model_log *log);
void model_close(struct model_cursor *cursor);
/* Reads up to @size bytes of the next or the partially read message. */
void model_read(struct model_cursor *cursor, gsize size);

/* Compares the sums, the names and one log. */
void model_compare(struct model *model, struct model_log *log);

#endif
