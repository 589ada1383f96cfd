// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journal: rotates and drops parts, and makes the lines of a range. It does not
 * store records: store.c does. It does not format a line or a block: record.c
 * does.
 */
#include "journal.h"

#include <string.h>

#include "../clock.h"
#include "../defaults.h"
#include "memory.h"
#include "segment.h"

/* Bytes of lines from one mark to the next. */
#define MARK_STEP (8 * KIB)

static const char gap_reason[] =
	"dropped by the limit of log= and capture= before anybody read them";

/* In place of the rest of a file, for one reader. */
static const char rest_reason[] =
	"dropped by the limit of log= and capture= before this reader read them";

/**
 * struct mark - start of a line
 * @line: offset of the line in the file
 * @at: offset of the record in the part
 * @number: number of the record
 */
struct mark {
	gsize line;
	gsize at;
	guint64 number;
};

static gint64 microseconds(struct timespec time)
{
	return (gint64)time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gpointer ino_key(guint64 ino)
{
	return GSIZE_TO_POINTER(ino);
}

static void add_part(struct journal *journal)
{
	struct part *part = g_new0(struct part, 1);

	part->journal = journal;
	part->link.data = part;
	part->first = journal->total;
	part->end = journal->total;
	part->seen = journal->total;
	part->born = clock_monotonic(journal->memory->clock);
	part->modified = clock_real(journal->memory->clock);
	g_queue_push_tail_link(&journal->parts, &part->link);
	journal->growing = part;
}

static void add_mark(struct range *range)
{
	const struct mark mark = { range->size, range->at, range->number };

	g_array_append_val(range->marks, mark);
}

/* Makes the head of a range. Return: its length. */
static gsize head_of(const struct range *range, GString *head)
{
	g_string_truncate(head, 0);
	record_add_head(head, range->format, range->part->journal->index);
	return head->len;
}

/* Gives the name of a format to a new range that begins at a record. */
static void add_range(struct journal *journal, enum record_format format,
		      guint64 first, gsize at)
{
	struct range *range = g_new0(struct range, 1);

	range->part = journal->growing;
	range->part->ranges++;
	range->format = format;
	range->ino = memory_new_ino(journal->memory);
	range->first = first;
	range->number = first;
	range->at = at;
	range->is_named = TRUE;
	range->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	range->head = head_of(range, journal->scratch);
	range->size = range->head;
	add_mark(range);
	range->created = clock_real(journal->memory->clock);
	g_hash_table_insert(journal->by_ino, ino_key(range->ino), range);
	journal->current[format] = range;
}

struct journal *journal_new(struct memory *memory, gsize limit, guint formats,
			    guint index)
{
	struct journal *journal = g_new0(struct journal, 1);

	journal->memory = memory;
	journal->limit = limit;
	journal->index = index;
	g_queue_init(&journal->parts);
	journal->by_ino = g_hash_table_new(NULL, NULL);
	journal->scratch = g_string_new(NULL);
	add_part(journal);
	for (guint i = 0; i < RECORD_FORMATS; i++) {
		if (formats & 1u << i)
			add_range(journal, i, 0, 0);
	}
	return journal;
}

static void charge(struct part *part)
{
	gsize memory = store_memory(&part->store);

	part->journal->used += memory - part->charged;
	part->charged = memory;
}

/*
 * Sums the records that gaps stand for, of those from one record to before
 * another. Return: number of these gaps.
 */
static guint sum_gaps(const struct part *part, guint64 from, guint64 to,
		      guint64 *sum)
{
	guint number = 0;

	*sum = 0;
	for (guint i = 0; part->gaps && i < part->gaps->len; i++) {
		const struct gap *gap =
			&g_array_index(part->gaps, struct gap, i);

		if (gap->record < from || gap->record >= to)
			continue;
		*sum += gap->count;
		number++;
	}
	return number;
}

/*
 * Counts the records that no reader has read. Return: their number, and in
 * @gaps those that gaps among them stand for.
 */
static guint64 count_unread(const struct part *part, guint64 *gaps)
{
	return part->end - part->seen -
	       sum_gaps(part, part->seen, part->end, gaps);
}

/* The next gap stands for the records that no reader has got the number of. */
static void free_part(struct part *part)
{
	guint64 gaps, unread = count_unread(part, &gaps);

	part->journal->gap += unread + gaps;
	if (part->gaps)
		g_array_unref(part->gaps);
	g_free(part);
}

/* Frees the records; a part without ranges is freed as well. */
static void drop(struct part *part)
{
	struct journal *journal = part->journal;
	guint64 gaps;

	journal->dropped += count_unread(part, &gaps);
	g_queue_unlink(&journal->parts, &part->link);
	store_clear(&part->store);
	charge(part);
	part->is_dropped = TRUE;
	part->dropped_us = microseconds(clock_real(journal->memory->clock));
	if (!part->ranges)
		free_part(part);
}

static void free_range(struct range *range)
{
	struct journal *journal = range->part->journal;

	g_hash_table_remove(journal->by_ino, ino_key(range->ino));
	memory_free_ino(journal->memory, range->ino);
	g_array_unref(range->marks);
	range->part->ranges--;
	g_free(range);
}

static void give_up_name(struct range *range)
{
	range->is_named = FALSE;
	if (!range->holders)
		free_range(range);
}

void journal_free(struct journal *journal)
{
	if (!journal)
		return;
	for (guint i = 0; i < RECORD_FORMATS; i++) {
		if (journal->current[i])
			give_up_name(journal->current[i]);
		if (journal->previous[i])
			give_up_name(journal->previous[i]);
	}
	while (journal->parts.head)
		drop(journal->parts.head->data);
	g_hash_table_destroy(journal->by_ino);
	g_string_free(journal->scratch, TRUE);
	g_free(journal);
}

static void notify_rotated(struct journal *journal)
{
	if (journal->rotated)
		journal->rotated(journal->rotated_data);
}

static void seal_range(struct range *range)
{
	range->is_closed = TRUE;
	range->end = range->part->end;
	range->closed = range->part->modified;
}

/* The range named "log" becomes "log.1", and a new one begins at a record. */
static void replace_range(struct journal *journal, enum record_format format,
			  guint64 first, gsize at)
{
	if (journal->previous[format])
		give_up_name(journal->previous[format]);
	journal->previous[format] = journal->current[format];
	seal_range(journal->previous[format]);
	add_range(journal, format, first, at);
	journal->rotations++;
}

/*
 * Drops parts that have neither a name nor a holder. Their memory serves the
 * new part, because new pages take longer to make than records to copy.
 */
static void drop_unused(struct journal *journal)
{
	GList *link = journal->parts.head;

	while (link) {
		struct part *part = link->data;

		link = link->next;
		if (part->ranges || part == journal->growing)
			continue;
		store_take(&journal->growing->store, &part->store);
		drop(part);
	}
	charge(journal->growing);
}

/* The pages that the old part populated ahead stay for the part after it. */
static void rotate(struct journal *journal)
{
	add_part(journal);
	for (guint i = 0; i < RECORD_FORMATS; i++) {
		if (journal->current[i])
			replace_range(journal, i, journal->total, 0);
	}
	drop_unused(journal);
	notify_rotated(journal);
}

/* Two full parts, and the pages that a region populates ahead, fit the limit. */
static gboolean is_full(const struct journal *journal, gsize len)
{
	const struct part *part = journal->growing;
	gsize size = store_size(&part->store), most = journal->limit / 8 * 3;
	gint64 age;

	if (!size || size + len < most / 2)
		return FALSE;
	if (size + len > most)
		return TRUE;
	age = clock_monotonic(journal->memory->clock) - part->born;
	return age >= VMCFS_SEGMENT_AGE_S * G_USEC_PER_SEC;
}

/* Takes the names of a part that is about to be dropped. */
static void take_names(struct journal *journal, const struct part *part)
{
	for (guint i = 0; i < RECORD_FORMATS; i++) {
		if (!journal->previous[i] || journal->previous[i]->part != part)
			continue;
		give_up_name(journal->previous[i]);
		journal->previous[i] = NULL;
	}
}

/* Drops a part whose records nobody may have read. */
static void give_up(struct part *part)
{
	struct journal *journal = part->journal;

	take_names(journal, part);
	drop(part);
	notify_rotated(journal);
}

/* Return: FALSE if the growing part has no memory that it does not use yet. */
static gboolean release_spare(struct part *growing)
{
	gboolean released = store_trim(&growing->store);

	if (released)
		charge(growing);
	return released;
}

/* A record may follow the record of a gap. */
static gsize growth(const struct journal *journal, gsize copied, gsize referred)
{
	return store_growth(&journal->growing->store, 2,
			    sizeof(gap_reason) + copied, referred);
}

/* The growing part alone does not exceed the limit. */
static void make_room(struct journal *journal, gsize copied, gsize referred)
{
	while (journal->used + growth(journal, copied, referred) >
	       journal->limit) {
		struct part *oldest = journal->parts.head->data;

		if (release_spare(journal->growing))
			continue;
		if (oldest == journal->growing)
			return;
		give_up(oldest);
	}
}

/* Return: FALSE if the kernel refused the memory. */
static gboolean append(struct journal *journal, const struct record *record,
		       gconstpointer data, const struct segment *segment)
{
	struct part *part = journal->growing;

	if (segment ? store_refer(&part->store, record, segment) :
		      store_add(&part->store, record, data))
		return FALSE;
	charge(part);
	part->end++;
	journal->total++;
	return TRUE;
}

static struct record gap_record(guint64 count, gint64 time_us,
				const char *reason)
{
	return (struct record){ .time_us = time_us,
				.number = count,
				.len = (guint32)strlen(reason),
				.kind = RECORD_GAP };
}

static void add_gap(struct journal *journal, gint64 time_us)
{
	const struct gap gap = { journal->total, journal->gap };
	struct record record = gap_record(gap.count, time_us, gap_reason);
	struct part *part = journal->growing;

	if (!gap.count || !append(journal, &record, gap_reason, NULL))
		return;
	if (!part->gaps)
		part->gaps = g_array_new(FALSE, FALSE, sizeof(gap));
	g_array_append_val(part->gaps, gap);
	journal->gap = 0;
}

/* Adds a record with its bytes at @data, or at the end of @segment. */
static void add(struct journal *journal, struct record *record,
		struct timespec time, gconstpointer data,
		const struct segment *segment)
{
	if (is_full(journal, sizeof(*record) + record->len))
		rotate(journal);
	make_room(journal, segment ? 0 : record->len,
		  segment ? record->len : 0);
	record->time_us = microseconds(time);
	add_gap(journal, record->time_us);
	if (!append(journal, record, data, segment)) {
		journal->gap++;
		journal->dropped++;
		return;
	}
	journal->growing->modified = time;
}

void journal_add(struct journal *journal, enum record_kind kind, guint64 number,
		 struct timespec time, gconstpointer data, guint32 len)
{
	struct record record = { .number = number, .len = len, .kind = kind };

	add(journal, &record, time, data, NULL);
}

void journal_add_received(struct journal *journal, guint64 number,
			  const struct segment *segment, guint32 len)
{
	struct record record = { .number = number,
				 .len = len,
				 .kind = RECORD_RECEIVED };

	add(journal, &record, segment->modified, NULL, segment);
}

/* Return: the part before, or NULL if it refers to no older segment. */
static struct part *older_part(const struct part *part,
			       const struct segment *segment)
{
	if (!part->link.prev || store_begins_before(&part->store, segment))
		return NULL;
	return part->link.prev->data;
}

void journal_keep(struct journal *journal, const struct segment *segment)
{
	struct part *part = journal->growing, *older;

	for (; part; part = older) {
		int error = store_keep(&part->store, segment);

		if (error && part == journal->growing)
			rotate(journal);
		older = older_part(part, segment);
		if (error)
			give_up(part);
		else
			charge(part);
	}
}

struct range *journal_find(const struct journal *journal, guint64 ino)
{
	return g_hash_table_lookup(journal->by_ino, ino_key(ino));
}

void range_hold(struct range *range)
{
	range->holders++;
}

void range_release(struct range *range)
{
	struct part *part = range->part;

	range->holders--;
	if (range->holders || range->is_named)
		return;
	free_range(range);
	if (part->ranges)
		return;
	if (part->is_dropped)
		free_part(part);
	else
		drop(part);
}

static gsize offset_of(const struct part *part, guint64 number)
{
	struct record record;
	const guint8 *data;
	gsize at = 0;

	for (guint64 i = part->first; i < number; i++)
		at = store_get(&part->store, at, &record, &data);
	return at;
}

void range_cut(struct range *range, guint64 record)
{
	struct journal *journal = range->part->journal;

	if (range->is_closed || record <= range->first)
		return;
	replace_range(journal, range->format, record,
		      offset_of(range->part, record));
	drop_unused(journal);
	notify_rotated(journal);
}

static guint64 end_of_range(const struct range *range)
{
	return range->is_closed ? range->end : range->part->end;
}

static gsize last_mark(const struct range *range)
{
	return g_array_index(range->marks, struct mark, range->marks->len - 1)
		.line;
}

gsize range_size(struct range *range)
{
	struct record record;
	const guint8 *data;

	if (range->part->is_dropped)
		return range->size;
	while (range->number < end_of_range(range)) {
		if (range->size - last_mark(range) >= MARK_STEP)
			add_mark(range);
		range->at = store_get(&range->part->store, range->at, &record,
				      &data);
		range->size += record_line_size(&record, data, range->format,
						range->part->journal->scratch);
		range->number++;
	}
	return range->size;
}

struct timespec range_modified(const struct range *range)
{
	return range->is_closed ? range->closed : range->part->modified;
}

/* Return: the last mark at or before @offset. */
static struct mark find_mark(const struct range *range, gsize offset)
{
	guint low = 0, high = range->marks->len;

	while (high - low > 1) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(range->marks, struct mark, middle).line >
		    offset)
			high = middle;
		else
			low = middle;
	}
	return g_array_index(range->marks, struct mark, low);
}

void range_read(struct range *range, gsize offset, gsize size,
		struct range_lines *lines)
{
	gsize end = range_size(range);
	const gsize newline = range->format == RECORD_PCAPNG ? 0 : 1;
	GString *text = lines->text;
	struct mark mark;

	lines->skip = 0;
	lines->complete = 0;
	lines->whole = MIN(offset, end);
	if (offset >= end)
		return;
	end = offset + MIN(end - offset, size);
	mark = find_mark(range, offset);
	if (offset < range->head)
		mark.line -= head_of(range, text);
	lines->whole = MIN(end, range->head);
	while (mark.line + text->len < end) {
		struct record record;
		const guint8 *data;

		lines->whole = mark.line + text->len;
		mark.at =
			store_get(&range->part->store, mark.at, &record, &data);
		record_add_line(text, &record, data, range->format);
		mark.number++;
		if (mark.line + text->len <= offset) {
			mark.line += text->len;
			g_string_truncate(text, 0);
		} else if (mark.line + text->len <= end + newline) {
			lines->complete = mark.number;
		}
	}
	if (mark.line + text->len <= end)
		lines->whole = mark.line + text->len;
	lines->skip = offset - mark.line;
}

void range_mark_gap(struct range *range)
{
	range->part->seen = MAX(range->part->seen, end_of_range(range));
}

void range_gap(const struct range *range, guint64 record, gsize offset,
	       GString *text)
{
	const guint8 *reason = (const guint8 *)rest_reason;
	guint64 end = end_of_range(range), sum;
	struct record gap;

	if (offset < range->head) {
		head_of(range, text);
		g_string_erase(text, 0, (gssize)offset);
	}
	if (record >= end)
		return;
	end -= sum_gaps(range->part, record, end, &sum);
	gap = gap_record(end - record + sum, range->part->dropped_us,
			 rest_reason);
	record_add_line(text, &gap, reason, range->format);
}
