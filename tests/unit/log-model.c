// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Model of vmcfs/log: implements log-model.h. It uses only the interface and the
 * constants of the code under test. Each byte of a log depends only on its
 * position in the log, so that any reader can check any part.
 */
#include "log-model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defaults.h"
#include "log/segment.h"

#define PATTERN_PERIOD 65521
#define PATTERN_SIZE (2 * PATTERN_PERIOD)

#define check(condition)                                            \
	do {                                                        \
		if (!(condition)) {                                 \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, \
			       #condition);                         \
			fflush(stdout);                             \
			_exit(1);                                   \
		}                                                   \
	} while (0)

static const guint8 *pattern(guint64 position)
{
	static guint8 bytes[PATTERN_SIZE];

	if (!bytes[1])
		for (guint i = 0; i < PATTERN_SIZE; i++)
			bytes[i] =
				(guint8)((i % PATTERN_PERIOD) * 40503u >> 7) |
				1;
	return bytes + position % PATTERN_PERIOD;
}

static void fill(guint8 *data, guint64 position, gsize len)
{
	for (gsize part; len; len -= part, data += part, position += part) {
		part = MIN(len, PATTERN_PERIOD);
		memcpy(data, pattern(position), part);
	}
}

static gboolean is_pattern(const guint8 *data, guint64 position, gsize len)
{
	for (gsize part; len; len -= part, data += part, position += part) {
		part = MIN(len, PATTERN_PERIOD);
		if (memcmp(data, pattern(position), part) != 0)
			return FALSE;
	}
	return TRUE;
}

static gint64 monotonic(void *data)
{
	return ((struct model *)data)->now;
}

static struct timespec real(void *data)
{
	gint64 now = ((struct model *)data)->now;

	return (struct timespec){ .tv_sec = now / G_USEC_PER_SEC,
				  .tv_nsec = now % G_USEC_PER_SEC * 1000 };
}

static void on_rotated(void *data)
{
	((struct model_log *)data)->heard++;
}

static gsize pages(gsize bytes)
{
	gsize page = (gsize)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

/* Seven bits of a length take one byte. */
static gsize length_size(guint32 len)
{
	return len < 1u << 7 ? 1 : len < 1u << 14 ? 2 : len < 1u << 21 ? 3 : 4;
}

/* Memory of a region that has just grown to @needed bytes. */
static gsize with_ahead(gsize needed)
{
	gsize page = pages(1);

	return pages(needed) + MIN(needed / 8, REGION_AHEAD_MAX) / page * page;
}

/* Bytes of a mapping that is kept for this many bytes of messages. */
static gsize with_lead(gsize size)
{
	return size ? SEGMENT_LEAD + size : 0;
}

/* Memory of a region of @memory bytes when it must have room for @needed. */
static gsize grown(gsize memory, gsize needed)
{
	if (needed <= memory)
		return memory;
	return with_ahead(needed);
}

static gsize cost_of(gsize memory)
{
	return memory ? memory + SEGMENT_OVERHEAD : 0;
}

static gsize cost(const struct model_segment *segment)
{
	return cost_of(segment->size_memory + segment->table_memory);
}

static void seal(struct model_segment *segment)
{
	segment->growing = FALSE;
	segment->size_memory = pages(with_lead(segment->size));
	segment->table_memory = pages(segment->table);
}

static guint64 message_end(const struct model_log *log, guint64 number)
{
	return g_array_index(log->ends, guint64, number);
}

static guint64 message_start(const struct model_log *log, guint64 number)
{
	return number ? message_end(log, number - 1) : 0;
}

static guint64 *session_end(const struct model_log *log, guint64 serial)
{
	return &g_array_index(log->sessions, guint64, serial);
}

static struct model_segment *segment_of(const struct model_log *log, guint i)
{
	return g_ptr_array_index(log->segments, i);
}

static struct model_cursor *cursor_of(const struct model_log *log, guint i)
{
	return g_ptr_array_index(log->cursors, i);
}

/* The code under test has already created its new segment. */
static void add_segment(struct model_log *log)
{
	struct model_segment *segment = g_new0(struct model_segment, 1);

	segment->log = log;
	segment->real = log->log->current;
	segment->id = log->model->next_id++;
	segment->ino = log->log->current->ino;
	segment->serial = log->serial;
	segment->first = log->ends->len;
	segment->end = segment->first;
	segment->start = message_start(log, segment->first);
	segment->growing = log->open || !log->serial;
	segment->names = 1;
	segment->born = log->model->now;
	segment->modified = log->model->now;
	for (guint i = 0; i < log->segments->len; i++)
		check(segment_of(log, i)->ino != segment->ino);
	g_ptr_array_add(log->segments, segment);
	log->current = segment;
}

static gboolean is_needed(const struct model_segment *segment)
{
	const struct model_log *log = segment->log;

	for (guint i = 0; i < log->cursors->len; i++) {
		const struct model_cursor *cursor = cursor_of(log, i);

		if (cursor->serial == segment->serial &&
		    cursor->number < segment->end &&
		    segment->end != segment->first)
			return TRUE;
	}
	return FALSE;
}

static void forget_unheld(struct model_segment *segment)
{
	struct model_log *log = segment->log;

	if (segment->holders)
		return;
	check(!memory_find(&log->model->memory, segment->ino));
	g_ptr_array_remove(log->segments, segment);
	g_free(segment);
}

static void drop(struct model_segment *segment)
{
	struct model_log *log = segment->log;

	if (log->previous == segment)
		log->previous = NULL;
	segment->names = 0;
	segment->growing = FALSE;
	segment->dropped = TRUE;
	log->spare = segment->size_memory;
	segment->size_memory = 0;
	segment->table_memory = 0;
	log->notified++;
	forget_unheld(segment);
}

static void collect(struct model_log *log)
{
	for (guint i = 0; i < log->segments->len;) {
		struct model_segment *segment = segment_of(log, i);
		guint before = log->segments->len;

		if (!segment->dropped && !segment->names && !segment->readers &&
		    !is_needed(segment))
			drop(segment);
		i += log->segments->len == before;
	}
}

/* The code under test has already rotated, at most once in an operation. */
static void rotate(struct model_log *log)
{
	struct model_segment *old = log->current;

	add_segment(log);
	seal(old);
	if (log->previous && old->end == old->first) {
		old->names = 0;
	} else {
		if (log->previous)
			log->previous->names = 0;
		log->previous = old;
	}
	log->rotations++;
	log->notified++;
	collect(log);
}

/* The new segment takes over the memory of the dropped one. */
static void rotate_full(struct model_log *log)
{
	log->spare = 0;
	rotate(log);
	log->current->size_memory = log->spare;
}

/* 0: no name; 1: message.1; 2: message. */
static guint victim_class(const struct model_segment *segment)
{
	return segment == segment->log->current ? 2 : segment->names;
}

static gboolean goes_before(const struct model_segment *one,
			    const struct model_segment *other)
{
	guint class = victim_class(one);

	if (is_needed(one) != is_needed(other))
		return !is_needed(one);
	if (class != victim_class(other))
		return class < victim_class(other);
	return class == 2 ? cost(one) > cost(other) : one->id < other->id;
}

static struct model_segment *victim(struct model *model)
{
	struct model_segment *best = NULL;

	for (guint i = 0; i < MODEL_LOGS; i++) {
		struct model_log *log = &model->logs[i];

		for (guint j = 0; j < log->segments->len; j++) {
			struct model_segment *segment = segment_of(log, j);

			if (!segment->dropped &&
			    segment->end != segment->first &&
			    (!best || goes_before(segment, best)))
				best = segment;
		}
	}
	return best;
}

static gsize used(const struct model *model)
{
	gsize sum = 0;

	for (guint i = 0; i < MODEL_LOGS; i++)
		for (guint j = 0; j < model->logs[i].segments->len; j++)
			sum += cost(segment_of(&model->logs[i], j));
	return sum;
}

static gboolean release_spare(struct model *model)
{
	for (guint i = 0; i < MODEL_LOGS; i++) {
		struct model_segment *segment = model->logs[i].current;
		gsize kept = with_ahead(with_lead(segment->size));

		if (segment->size_memory > kept + REGION_AHEAD_MAX) {
			segment->size_memory = kept;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean give_way(struct model *model)
{
	struct model_segment *segment;

	if (release_spare(model))
		return TRUE;
	segment = victim(model);
	if (!segment)
		return FALSE;
	if (segment == segment->log->current) {
		model->forced++;
		rotate(segment->log);
	} else {
		model->dropped++;
		drop(segment);
	}
	return TRUE;
}

static void make_room(struct model *model, gsize bytes)
{
	while (used(model) + bytes > model->limit && give_way(model))
		;
}

void model_init(struct model *model, gsize limit,
		const gsize history[MODEL_LOGS])
{
	*model = (struct model){ .limit = limit, .now = 1 };
	model->clock = (struct clock){ monotonic, real, model };
	memory_init(&model->memory, limit, &model->clock);
	for (guint i = 0; i < MODEL_LOGS; i++) {
		struct model_log *log = &model->logs[i];

		log->model = model;
		log->log = log_new(&model->memory, history[i]);
		log->log->rotated = on_rotated;
		log->log->listener = log;
		log->history = history[i];
		log->segments = g_ptr_array_new();
		log->cursors = g_ptr_array_new();
		log->ends = g_array_new(FALSE, FALSE, sizeof(guint64));
		log->sessions = g_array_new(FALSE, TRUE, sizeof(guint64));
		g_array_set_size(log->sessions, 1);
		add_segment(log);
	}
}

static void clear_log(struct model_log *log)
{
	log_free(log->log);
	g_ptr_array_set_free_func(log->segments, g_free);
	g_ptr_array_unref(log->segments);
	g_ptr_array_unref(log->cursors);
	g_array_unref(log->ends);
	g_array_unref(log->sessions);
}

void model_clear(struct model *model)
{
	for (guint i = 0; i < MODEL_LOGS; i++)
		clear_log(&model->logs[i]);
	check(model->memory.used == 0);
	check(model->memory.segments == 0);
	check(g_hash_table_size(model->memory.by_ino) == 0);
	memory_clear(&model->memory);
}

void model_begin(struct model_log *log)
{
	struct model_segment *current = log->current;
	gboolean reuse = !log->serial ||
			 (current->first == current->end && !current->holders);

	log->serial++;
	log->open = TRUE;
	g_array_append_val(log->sessions, log->ends->len);
	*session_end(log, log->serial) = log->ends->len;
	log_begin(log->log, log->serial);
	if (!reuse) {
		rotate(log);
		return;
	}
	current->serial = log->serial;
	current->growing = TRUE;
}

void model_end(struct model_log *log)
{
	log_end(log->log);
	log->open = FALSE;
	seal(log->current);
}

static gboolean is_full(const struct model_log *log)
{
	const struct model_segment *segment = log->current;
	gsize size = segment->size + segment->table;
	gint64 age = log->model->now - segment->born;

	return size >= log->history * VMCFS_SEGMENT_GROWTH ||
	       (size >= log->history &&
		age >= VMCFS_SEGMENT_AGE_S * G_USEC_PER_SEC);
}

static gsize growth(const struct model_segment *segment, guint32 room)
{
	return cost_of(grown(segment->size_memory,
			     SEGMENT_LEAD + segment->size + room) +
		       grown(segment->table_memory,
			     segment->table + length_size(room))) -
	       cost(segment);
}

void model_append(struct model_log *log, guint32 len, guint32 room)
{
	guint64 start = message_start(log, log->ends->len), end = start + len;
	struct model_segment *segment;
	guint8 *tail = log_tail(log->log, room);

	check(tail);
	if (is_full(log))
		rotate_full(log);
	while (used(log->model) + growth(log->current, room) >
		       log->model->limit &&
	       give_way(log->model))
		;
	segment = log->current;
	segment->size_memory = grown(segment->size_memory,
				     SEGMENT_LEAD + segment->size + room);
	segment->table_memory = grown(segment->table_memory,
				      segment->table + length_size(room));
	fill(tail, start, len);
	log_commit(log->log, len);
	g_array_append_val(log->ends, end);
	segment->end++;
	segment->size += len;
	segment->table += length_size(len);
	segment->modified = log->model->now;
	*session_end(log, log->serial) = segment->end;
	/* A message longer than the budget is kept alone. */
	check(used(log->model) <= log->model->limit ||
	      segment->size + segment->table == len + length_size(len));
}

void model_rotate(struct model_log *log)
{
	log_rotate(log->log);
	rotate(log);
}

void model_make_room(struct model *model, gsize bytes)
{
	while (memory_lacks(&model->memory, bytes) &&
	       log_give_way(&model->memory))
		;
	make_room(model, bytes);
}

void model_drop(struct model_segment *segment)
{
	struct model_log *log = segment->log;

	if (segment->dropped || segment == log->current)
		return;
	log_drop(log->log, segment->real);
	drop(segment);
}

void model_hold(struct model_segment *segment, gboolean reads)
{
	log_hold(segment->real, reads);
	segment->holders++;
	segment->readers += reads ? 1 : 0;
}

void model_release(struct model_segment *segment, gboolean reads)
{
	struct model_log *log = segment->log;

	log_release(segment->real, reads);
	segment->holders--;
	segment->readers -= reads ? 1 : 0;
	if (segment->dropped)
		forget_unheld(segment);
	else
		collect(log);
}

void model_read_log(struct model_segment *segment, gsize offset, gsize size)
{
	check(segment_size(segment->real) == segment->size);
	if (segment->dropped || offset >= segment->size)
		return;
	check(is_pattern(segment_data(segment->real) + offset,
			 segment->start + offset,
			 MIN(size, segment->size - offset)));
}

struct model_cursor *model_open(struct model_log *log)
{
	struct model_cursor *cursor = g_new0(struct model_cursor, 1);

	cursor->log = log;
	cursor->serial = log->serial;
	cursor->number = log->ends->len;
	cursor_init(&cursor->cursor, log->log);
	g_ptr_array_add(log->cursors, cursor);
	return cursor;
}

void model_close(struct model_cursor *cursor)
{
	struct model_log *log = cursor->log;

	cursor_clear(&cursor->cursor);
	g_ptr_array_remove(log->cursors, cursor);
	g_free(cursor);
	collect(log);
}

/* Returns the oldest or the newest kept segment that has unread bytes. */
static struct model_segment *to_read(const struct model_cursor *cursor,
				     gboolean newest)
{
	struct model_segment *found = NULL;

	for (guint i = 0; i < cursor->log->segments->len; i++) {
		struct model_segment *segment = segment_of(cursor->log, i);

		if (segment->serial == cursor->serial && !segment->dropped &&
		    segment->end > segment->first &&
		    segment->end > cursor->number && (newest || !found))
			found = segment;
	}
	return found;
}

static gboolean is_lost(const struct model_cursor *cursor)
{
	const struct model_segment *segment = to_read(cursor, FALSE);

	return cursor->number < *session_end(cursor->log, cursor->serial) &&
	       !(segment && segment->first <= cursor->number);
}

static void go_on(struct model_cursor *cursor, const struct model_segment *at)
{
	cursor->number =
		at ? at->first : *session_end(cursor->log, cursor->serial);
	cursor->part = 0;
	collect(cursor->log);
}

static gboolean expect_loss(struct model_cursor *cursor)
{
	if (!is_lost(cursor))
		return FALSE;
	if (cursor->notified) {
		go_on(cursor, to_read(cursor, FALSE));
		return FALSE;
	}
	go_on(cursor, to_read(cursor, cursor->behind));
	cursor->notified = TRUE;
	cursor->behind = TRUE;
	cursor->log->overruns++;
	return TRUE;
}

static void read_part(struct model_cursor *cursor, gsize len)
{
	const struct model_log *log = cursor->log;

	cursor_advance(&cursor->cursor, len);
	cursor->notified = FALSE;
	cursor->part += len;
	if (message_start(log, cursor->number) + cursor->part <
	    message_end(log, cursor->number))
		return;
	cursor->number++;
	cursor->part = 0;
	if (cursor->number == *session_end(log, cursor->serial))
		cursor->behind = FALSE;
	collect(cursor->log);
}

void model_read(struct model_cursor *cursor, gsize size)
{
	const guint8 *data = NULL;
	gsize len = 0;
	int result = cursor_next(&cursor->cursor, &data, &len);
	guint64 start;

	if (expect_loss(cursor)) {
		check(result == -EPIPE);
		return;
	}
	if (!to_read(cursor, FALSE)) {
		check(result == 0);
		return;
	}
	check(result == 1);
	start = message_start(cursor->log, cursor->number) + cursor->part;
	check(start + len == message_end(cursor->log, cursor->number));
	check(is_pattern(data, start, len));
	read_part(cursor, MIN(len, size));
}

static void compare_segment(const struct model_segment *segment)
{
	const struct segment *real = segment->real;

	check(memory_find(&segment->log->model->memory, segment->ino) == real);
	check(real->ino == segment->ino);
	check(segment_size(real) == segment->size);
	check(segment_count(real) == segment->end - segment->first);
	check(real->first == segment->first);
	check(segment_resident(real) == cost(segment));
	check(real->session->serial == segment->serial);
	check(real->names == segment->names);
	check((real->state == SEGMENT_DROPPED) == segment->dropped);
	check((real->state == SEGMENT_GROWING) == segment->growing);
	check(real->modified.tv_sec == segment->modified / G_USEC_PER_SEC);
}

static void compare_place(const struct model_cursor *cursor)
{
	const struct model_log *log = cursor->log;
	gboolean ready = to_read(cursor, FALSE) ||
			 (!cursor->notified && is_lost(cursor));
	gboolean open = log->open && log->serial == cursor->serial;

	check(cursor_ready(&cursor->cursor) == ready);
	check(cursor_ended(&cursor->cursor) == (!open && !ready));
}

static void compare_sums(const struct model *model)
{
	check(model->memory.used == used(model));
	check(model->memory.dropped == model->dropped);
	check(model->memory.rotations_forced == model->forced);
}

void model_compare(struct model *model, struct model_log *log)
{
	guint live = 0;

	compare_sums(model);
	for (guint i = 0; i < log->segments->len; i++) {
		compare_segment(segment_of(log, i));
		live += !segment_of(log, i)->dropped;
	}
	for (guint i = 0; i < log->cursors->len; i++)
		compare_place(cursor_of(log, i));
	check(log->log->segments.length == live);
	check(log->log->current == log->current->real);
	check(log->log->previous ==
	      (log->previous ? log->previous->real : NULL));
	check(log->log->total == log->ends->len);
	check(log->log->rotations == log->rotations);
	check(log->log->overruns == log->overruns);
	check(log->heard == log->notified);
}
