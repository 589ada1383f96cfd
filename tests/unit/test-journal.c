// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Journal: tests the bound of its memory, rotation, truncation, gaps, and the
 * records of messages whose segment was dropped, and compares random use with a
 * list of all lines and blocks. It does not test the form of a line.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/resource.h>

#include "defaults.h"
#include "log-messages.h"
#include "log/journal.h"
#include "log/log.h"
#include "log/memory.h"
#include "log/segment.h"

#define LIMIT VMCFS_RECORDS_MIN
#define HISTORY (16 * KIB)

static struct messages_clock clock_;
static struct memory memory;
static struct log *log_;
static struct journal *journal;

static void on_dropping(void *listener, const struct segment *segment)
{
	(void)listener;
	if (journal)
		journal_keep(journal, segment);
}

static void setup(void)
{
	messages_clock_init(&clock_);
	memory_init(&memory, 1 * MIB, &clock_.clock);
	log_ = log_new(&memory, HISTORY);
	log_->dropping = on_dropping;
	log_begin(log_, 1);
	journal = journal_new(&memory, LIMIT, RECORD_LINES | RECORD_CAPTURE, 0);
}

static void teardown(void)
{
	g_clear_pointer(&journal, journal_free);
	log_free(log_);
	cr_expect_eq(memory.used, 0);
	cr_expect_eq(g_hash_table_size(memory.by_ino), 0);
	memory_clear(&memory);
}

TestSuite(journal, .init = setup, .fini = teardown, .timeout = 60);

static void add(const char *text)
{
	journal_add(journal, RECORD_SENT, journal->total + 1,
		    clock_real(&clock_.clock), text, (guint32)strlen(text));
}

static void add_sent(gconstpointer data, guint32 len)
{
	journal_add(journal, RECORD_SENT, journal->total + 1,
		    clock_real(&clock_.clock), data, len);
}

/* As a session does: an empty message is not in the log of messages. */
static void receive(gconstpointer data, guint32 len)
{
	if (!len) {
		journal_add(journal, RECORD_RECEIVED, journal->total + 1,
			    clock_real(&clock_.clock), NULL, 0);
		return;
	}
	memcpy(log_tail(log_, len), data, len);
	log_commit(log_, len);
	journal_add_received(journal, journal->total + 1, log_->current, len);
}

static void add_many(guint count, guint32 len)
{
	g_autofree guint8 *data = g_malloc0(len);

	while (count--)
		receive(data, len);
}

static struct range *log_range(void)
{
	return journal->current[RECORD_TEXT];
}

/* All lines from @offset on, read in pieces of @size. */
static GString *contents(struct range *range, gsize offset, gsize size,
			 guint64 *record)
{
	GString *all = g_string_new(NULL);

	while (offset < range_size(range)) {
		g_autoptr(GString) text = g_string_new(NULL);
		struct range_lines lines = { .text = text };
		gsize len;

		range_read(range, offset, size, &lines);
		len = MIN(size, text->len - lines.skip);
		cr_assert_gt(len, 0);
		g_string_append_len(all, text->str + lines.skip, (gssize)len);
		offset += len;
		cr_assert_leq(lines.whole, offset);
		if (record && lines.complete)
			*record = lines.complete;
	}
	return all;
}

static void expect(struct range *range, const char *words)
{
	g_autoptr(GString) text = contents(range, range->head, 64 * KIB, NULL);

	if (*words)
		cr_expect_not_null(memmem(text->str, text->len, words,
					  strlen(words)),
				   "%s in %s", words, text->str);
	else
		cr_expect_eq(text->len, 0);
}

Test(journal, begins_empty_and_without_memory)
{
	for (guint i = 0; i < RECORD_FORMATS; i++) {
		cr_expect_eq(range_size(journal->current[i]),
			     journal->current[i]->head);
		cr_expect_null(journal->previous[i]);
		expect(journal->current[i], "");
	}
	cr_expect_eq(journal->used, 0);
	cr_expect_neq(journal->current[0]->ino, journal->current[1]->ino);
	journal_free(NULL);
}

Test(journal, every_range_of_a_capture_begins_with_the_same_head)
{
	g_autoptr(GString) first = NULL, second = NULL;
	struct range *range = journal->current[RECORD_PCAPNG];

	first = contents(range, 0, 64 * KIB, NULL);
	cr_expect_eq(first->len, range->head);
	cr_expect_not_null(memmem(first->str, first->len, "hmc0", 4));
	while (!journal->rotations)
		add("some text");
	range = journal->current[RECORD_PCAPNG];
	second = contents(range, 0, 7, NULL);
	cr_assert_eq(second->len, range_size(range));
	cr_assert_arr_eq(second->str, first->str, first->len);
	expect(range, "some text");
}

Test(journal, a_format_that_is_off_has_no_range)
{
	journal_free(journal);
	journal = journal_new(&memory, LIMIT, RECORD_CAPTURE, 0);
	while (journal->rotations < 3)
		add("x");
	cr_expect_null(journal->current[RECORD_TEXT]);
	cr_expect_null(journal->previous[RECORD_JSON]);
	cr_expect_not_null(journal->previous[RECORD_PCAPNG]);
	cr_expect_eq(g_hash_table_size(journal->by_ino), 2);
}

Test(journal, a_read_says_where_the_last_whole_block_ends)
{
	struct range *range = journal->current[RECORD_PCAPNG];
	g_autoptr(GString) text = g_string_new(NULL);
	struct range_lines lines = { .text = text };
	gsize one, two;

	add("one");
	one = range_size(range);
	add("two");
	two = range_size(range);
	for (gsize size = 1; size <= two + 1; size++) {
		g_string_truncate(text, 0);
		range_read(range, 0, size, &lines);
		cr_assert_eq(lines.whole, size >= two ? two :
					  size >= one ? one :
							MIN(size, range->head));
		cr_assert_eq(lines.complete, size >= two ? 2 :
					     size >= one ? 1 :
							   0);
	}
	g_string_truncate(text, 0);
	range_read(range, one + 1, 1, &lines);
	cr_expect_eq(lines.whole, one);
}

Test(journal, lines_in_both_formats_grow_with_each_record)
{
	struct range *json = journal->current[RECORD_JSON];
	gsize before = 0;

	add("some text");
	cr_expect_eq(memory.used, 0, "records are not part of memory=");
	for (guint i = 1; i < 100; i++) {
		add("some text");
		cr_expect_gt(range_size(log_range()), before);
		before = range_size(log_range());
	}
	expect(log_range(), " sent 100 9 \"some text\"\n");
	expect(json,
	       ",\"sequence\":100,\"length\":9,\"payload\":\"some text\"}");
	cr_expect_eq(journal_find(&*journal, json->ino), json);
	cr_expect_null(journal_find(journal, 12345));
}

Test(journal, a_read_of_any_size_at_any_offset_returns_these_bytes)
{
	g_autoptr(GString) all = NULL;

	add_many(40, 300);
	all = contents(log_range(), 0, 1 * MIB, NULL);
	cr_assert_eq(all->len, range_size(log_range()));
	for (gsize size = 1; size < 40000; size = size * 3 + 1) {
		guint64 record = 0;
		g_autoptr(GString) rest =
			contents(log_range(), size, size, &record);

		cr_expect_str_eq(rest->str, all->str + size);
		cr_expect_eq(record, 40);
	}
}

static void check_bound(void)
{
	gsize used = 0;

	for (GList *link = journal->parts.head; link; link = link->next)
		used += store_memory(&((struct part *)link->data)->store);
	cr_assert_eq(journal->used, used);
	cr_assert_leq(journal->used, LIMIT);
}

Test(journal, two_parts_fit_the_limit)
{
	for (guint i = 0; i < 3000; i++) {
		add_many(1, i % 100);
		check_bound();
		cr_assert(!journal->rotations || journal->previous[0],
			  "the limit took log.1");
	}
	cr_expect_gt(journal->rotations, 4);
}

Test(journal, large_messages_keep_the_limit)
{
	for (guint i = 0; i < 100; i++) {
		add_many(1, 16 * KIB);
		check_bound();
	}
}

Test(journal, records_that_nobody_read_are_a_gap_with_their_number)
{
	guint64 added = 0;

	while (!journal->dropped) {
		add("x");
		added++;
	}
	cr_expect_eq(journal->gap, 0, "the gap is a record");
	expect(log_range(), " gap ");
	cr_expect_eq(journal->dropped,
		     journal->total - added - 1 +
			     ((struct part *)journal->parts.head->data)->first);
}

/* Sums the numbers of the gaps in the lines of a range. */
static guint64 gaps_of(struct range *range)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct range_lines lines = { .text = text };
	guint64 sum = 0;

	range_read(range, 0, range_size(range), &lines);
	for (const char *gap = text->str; (gap = strstr(gap, " gap ")); gap++)
		sum += g_ascii_strtoull(gap + strlen(" gap "), NULL, 10);
	return sum;
}

Test(journal, a_gap_that_nobody_read_counts_for_its_number)
{
	while (journal->rotations < 40)
		add_many(1, 1000);
	cr_expect_eq(gaps_of(log_range()) +
			     gaps_of(journal->previous[RECORD_TEXT]),
		     journal->dropped);
}

Test(journal, records_of_a_part_that_is_closed_unread_are_a_gap)
{
	struct range *held = log_range();
	guint64 records;

	range_hold(held);
	while (held->is_named)
		add("x");
	records = held->part->end;
	cr_assert_eq(journal->dropped, 0);
	range_release(held);
	cr_expect_eq(journal->dropped, records);
	add("x");
	cr_expect_eq(gaps_of(log_range()), records);
}

static void hold_until_dropped(struct range *held)
{
	range_hold(held);
	while (!held->part->is_dropped)
		add_many(1, 1000);
}

Test(journal, records_of_a_held_part_are_a_gap_after_it_was_closed)
{
	struct range *held = log_range();
	guint64 records;

	hold_until_dropped(held);
	records = held->part->end;
	cr_expect_eq(journal->dropped, records);
	cr_expect_eq(gaps_of(log_range()), 0);
	range_release(held);
	add("x");
	cr_expect_eq(gaps_of(log_range()), records);
}

Test(journal, records_whose_number_a_holder_got_are_in_no_other_gap)
{
	struct range *held = log_range();

	hold_until_dropped(held);
	range_mark_gap(held);
	range_release(held);
	add("x");
	cr_expect_eq(journal->gap, 0);
	cr_expect_eq(gaps_of(log_range()), 0);
}

Test(journal, records_that_were_read_leave_no_gap)
{
	while (journal->rotations < 10) {
		add("x");
		log_range()->part->seen = log_range()->part->end;
	}
	cr_expect_eq(journal->dropped, 0);
}

Test(journal, a_holder_of_a_dropped_part_gets_the_number_of_its_missing_records)
{
	g_autoptr(GString) gap = g_string_new(NULL);
	struct range *held = log_range();
	gint64 before;

	range_hold(held);
	add("x");
	while (!held->part->is_dropped)
		add_many(1, 1000);
	cr_expect_eq(held->is_named, FALSE);
	range_gap(held, held->end, 0, gap);
	cr_expect_str_eq(gap->str, "");
	before = (gint64)held->end;
	g_string_append_printf(gap, " gap %" G_GINT64_FORMAT " ", before - 1);
	{
		g_autoptr(GString) line = g_string_new(NULL);

		range_gap(held, 1, 0, line);
		cr_expect_not_null(strstr(line->str, gap->str), "%s",
				   line->str);
	}
	cr_expect_eq(journal_find(journal, held->ino), held);
	range_release(held);
}

Test(journal, the_rest_of_a_dropped_capture_has_the_rest_of_its_head)
{
	g_autoptr(GString) head = g_string_new(NULL);
	struct range *held = journal->current[RECORD_PCAPNG];
	gsize gap = 0;

	record_add_head(head, RECORD_PCAPNG, 0);
	range_hold(held);
	while (!held->part->is_dropped)
		add_many(1, 1000);
	for (gsize offset = held->head + 1; offset-- > 0;) {
		g_autoptr(GString) rest = g_string_new(NULL);

		range_gap(held, 0, offset, rest);
		gap = gap ? gap : rest->len;
		cr_assert_eq(rest->len, held->head - offset + gap);
		cr_assert_arr_eq(rest->str, head->str + offset,
				 held->head - offset);
	}
	range_release(held);
}

Test(journal, a_truncation_removes_what_was_read_from_one_format)
{
	struct range *json = journal->current[RECORD_JSON];
	struct range *text = log_range();
	gsize size;

	add("one");
	add("two");
	size = range_size(text);
	range_cut(text, text->first);
	cr_expect_eq(log_range(), text, "nothing was read");
	add("three");
	range_cut(text, 2);
	cr_expect_neq(log_range(), text);
	cr_expect_neq(log_range()->ino, text->ino);
	cr_expect_eq(journal->previous[RECORD_TEXT], text);
	cr_expect_eq(journal->current[RECORD_JSON], json);
	expect(text, "three");
	cr_expect_gt(range_size(text), size);
	{
		g_autoptr(GString) rest = contents(log_range(), 0, 1000, NULL);

		cr_expect_null(strstr(rest->str, "two"), "%s", rest->str);
	}
	expect(log_range(), " sent 3 5 \"three\"\n");
	expect(json, "one");
	range_cut(text, 3);
	cr_expect_eq(journal->previous[RECORD_TEXT], text, "it is closed");
	range_cut(log_range(), 3);
	expect(log_range(), "");
	add("four");
	expect(log_range(), " sent 4 4 \"four\"\n");
	expect(json, "four");
	cr_expect_eq(journal->dropped, 0);
}

Test(journal, an_old_part_is_replaced_after_ten_seconds_at_half_the_size)
{
	add_many(15, 1000);
	clock_.us += (VMCFS_SEGMENT_AGE_S - 1) * G_USEC_PER_SEC;
	add_many(1, 1000);
	cr_expect_eq(journal->rotations, 0);
	clock_.us += G_USEC_PER_SEC;
	add_many(1, 1000);
	cr_expect_eq(journal->rotations, RECORD_FORMATS);
}

static void receive_words(const char *words)
{
	receive(words, (guint32)strlen(words));
}

/* Fills memory that was freed, so that a late read would find other bytes. */
static void drop_segments(void)
{
	log_rotate(log_);
	log_rotate(log_);
	messages_add(log_, 10, 1000);
	log_rotate(log_);
	messages_add(log_, 10, 1000);
}

Test(journal, a_received_message_is_copied_when_its_segment_is_dropped)
{
	gsize before, size;

	receive_words("first");
	add("sent between them");
	receive_words("second");
	size = range_size(log_range());
	before = journal->used;
	cr_expect_null(journal->growing->store.kept.base);
	drop_segments();
	check_bound();
	cr_expect_eq(journal->used, before, "its memory was counted before");
	cr_expect_eq(range_size(log_range()), size);
	expect(log_range(), " received 1 5 \"first\"\n");
	expect(log_range(), " sent 2 17 \"sent between them\"\n");
	expect(log_range(), " received 3 6 \"second\"\n");
	receive_words("third");
	expect(log_range(), " received 4 5 \"third\"\n");
}

Test(journal, a_received_message_of_an_older_part_is_copied_too)
{
	struct range *first = log_range();

	receive_words("first");
	while (!journal->rotations)
		add("some text");
	receive_words("in the next part");
	drop_segments();
	check_bound();
	expect(first, " received 1 5 \"first\"\n");
	expect(log_range(), "\"in the next part\"");
}

Test(journal, a_segment_that_the_budget_drops_stays_in_the_records)
{
	receive_words("before the pressure");
	messages_make_room(&memory, memory.limit);
	cr_assert_eq(memory.used, 0);
	messages_add(log_, 10, 1000);
	expect(log_range(), "\"before the pressure\"");
}

Test(journal, records_of_rotated_segments_keep_the_limit)
{
	for (guint i = 0; i < 3000; i++) {
		receive_words("x");
		log_rotate(log_);
		check_bound();
	}
	cr_expect_gt(journal->rotations, 0);
}

Test(journal, a_change_from_sent_to_received_messages_keeps_the_file_log_1)
{
	static const guint8 data[1000];

	while (journal->rotations < 8)
		add_sent(data, sizeof(data));
	while (journal->rotations < 16) {
		receive(data, sizeof(data));
		check_bound();
		cr_assert_not_null(journal->previous[RECORD_TEXT]);
	}
}

/* No more memory for this process. */
static void limit_memory(void)
{
	const struct rlimit limit = { 0, 0 };

	cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

Test(journal, a_message_that_cannot_be_copied_is_a_gap)
{
	add("read by nobody");
	receive_words("lost");
	limit_memory();
	log_rotate(log_);
	log_rotate(log_);
	log_drop(log_, log_->segments.head->data);
	cr_expect_eq(journal->dropped, 2);
	cr_expect_eq(journal->used, 0);
	cr_expect_null(journal->previous[RECORD_TEXT]);
	expect(log_range(), "");
	cr_expect_eq(journal->gap, 2);
}

#define HOLDERS 8

/* A descriptor: its range, and all lines of the range so far. */
struct holder {
	struct range *range;
	GString *expected;
};

static struct holder holders[HOLDERS];
static GString *named[RECORD_FORMATS];

static void expect_lines(const struct holder *holder, gsize offset, gsize size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct range_lines lines = { .text = text };

	if (holder->range->part->is_dropped)
		return;
	cr_assert_eq(range_size(holder->range), holder->expected->len);
	offset = MIN(offset, holder->expected->len);
	size = MIN(size, holder->expected->len - offset);
	if (!size)
		return;
	range_read(holder->range, offset, size, &lines);
	cr_assert_arr_eq(text->str + lines.skip, holder->expected->str + offset,
			 size);
}

/* The lines that the name of a format has, from the records of its part. */
static void refresh(void)
{
	for (guint i = 0; i < HOLDERS; i++) {
		struct range *range = holders[i].range;

		if (!range || range->part->is_dropped || range->is_closed)
			continue;
		g_string_truncate(holders[i].expected, 0);
		g_string_append_len(holders[i].expected,
				    named[range->format]->str,
				    (gssize)named[range->format]->len);
	}
}

static void step(GRand *random)
{
	struct holder *holder = &holders[g_rand_int_range(random, 0, HOLDERS)];
	guint8 data[3000];
	guint32 len = (guint32)g_rand_int_range(random, 0, sizeof(data));
	guint64 total = journal->total;

	switch (g_rand_int_range(random, 0, 7)) {
	case 0:
		if (holder->range) {
			range_release(holder->range);
			g_string_free(holder->expected, TRUE);
			holder->range = NULL;
			break;
		}
		holder->range = journal->current[len % RECORD_FORMATS];
		holder->expected = g_string_new_len(
			named[len % RECORD_FORMATS]->str,
			(gssize)named[len % RECORD_FORMATS]->len);
		range_hold(holder->range);
		break;
	case 1:
		if (holder->range)
			expect_lines(holder, len * 5u, len);
		break;
	case 2:
		if (!holder->range || holder->range->is_closed || len % 8)
			break;
		g_string_truncate(named[holder->range->format],
				  holder->range->head);
		range_cut(holder->range, total);
		break;
	case 3:
		if (!(len % 4))
			log_rotate(log_);
		break;
	default:
		for (guint32 i = 0; i < len; i++)
			data[i] = (guint8)g_rand_int(random);
		if (len % 2)
			receive(data, len);
		else
			add_sent(data, len);
		break;
	}
}

Test(journal, random_use_returns_the_lines_of_every_range)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(13);
	guint64 rotations = 0;

	for (guint i = 0; i < RECORD_FORMATS; i++)
		named[i] = g_string_new(NULL);
	for (guint i = 0; i < 20000; i++) {
		step(random);
		check_bound();
		for (guint f = 0; f < RECORD_FORMATS; f++) {
			struct range *range = journal->current[f];
			g_autoptr(GString) rest =
				contents(range,
					 MIN(named[f]->len, range_size(range)),
					 64 * KIB, NULL);

			if (journal->rotations != rotations) {
				g_string_free(rest, TRUE);
				rest = contents(range, 0, 64 * KIB, NULL);
				g_string_truncate(named[f], 0);
			}
			g_string_append_len(named[f], rest->str,
					    (gssize)rest->len);
		}
		rotations = journal->rotations;
		refresh();
	}
	cr_expect_gt(rotations, 100);
	for (guint i = 0; i < HOLDERS; i++) {
		if (!holders[i].range)
			continue;
		range_release(holders[i].range);
		g_string_free(holders[i].expected, TRUE);
	}
	for (guint i = 0; i < RECORD_FORMATS; i++)
		g_string_free(named[i], TRUE);
}
