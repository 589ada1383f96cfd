// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pcapng: tests the blocks of a capture: their bytes, their computed length, and
 * which block each kind of record becomes. tshark reads them in
 * tests/fs/capture.py.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "log/pcapng.h"
#include "log/record.h"

/* 2026-11-29 11:09:17.000042 */
#define TIME_US (G_GINT64_CONSTANT(1795950557) * G_USEC_PER_SEC + 42)

static guint32 word(const GString *text, gsize at)
{
	guint32 value;

	cr_assert_leq(at + sizeof(value), text->len);
	memcpy(&value, text->str + at, sizeof(value));
	return GUINT32_FROM_LE(value);
}

/* Type of a block with the right lengths; the next one is at *at. */
static guint32 next_block(const GString *text, gsize *at)
{
	guint32 type = word(text, *at), length = word(text, *at + 4);

	cr_assert_eq(length % 4, 0);
	cr_assert_leq(length, text->len - *at);
	cr_assert_eq(word(text, *at + length - 4), length);
	*at += length;
	return type;
}

Test(pcapng, head_is_a_section_header_and_an_interface_description)
{
	static const guint8 section[] = {
		0x4d, 0x3c, 0x2b, 0x1a, 0x01, 0x00, 0x00, 0x00, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x04, 0x00,
	};
	static const guint8 interface[] = {
		0x01, 0x00, 0x00, 0x00, 0x50, 0x00, 0x00, 0x00,
		0x9f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x00, 0x05, 0x00, 'h',  'm',  'c',  '1',
		'2',  0x00, 0x00, 0x00, 0x03, 0x00, 0x20, 0x00,
	};
	static const guint8 resolution[] = { 0x09, 0x00, 0x01, 0x00, 0x06, 0x00,
					     0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
					     0x50, 0x00, 0x00, 0x00 };
	g_autoptr(GString) text = g_string_new(NULL);
	gsize at = 0;

	pcapng_add_head(text, 12);
	cr_expect_eq(next_block(text, &at), 0x0a0d0d0a);
	cr_expect_arr_eq(text->str + 8, section, sizeof(section));
	cr_expect_arr_eq(text->str + at, interface, sizeof(interface));
	cr_expect_arr_eq(text->str + text->len - sizeof(resolution), resolution,
			 sizeof(resolution));
	next_block(text, &at);
	cr_expect_eq(at, text->len);
}

Test(pcapng, packet_has_time_bytes_comment_flags_and_id)
{
	static const guint8 expected[] = {
		0x06, 0x00, 0x00, 0x00, 0x48, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x04, 0x03, 0x02, 0x00, 0x08, 0x07,
		0x06, 0x05, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00,
		0x00, 'h',  'e',  'l',	'l',  'o',  0x00, 0x00, 0x00,
		0x01, 0x00, 0x02, 0x00, 'o',  'k',  0x00, 0x00, 0x02,
		0x00, 0x04, 0x00, 0x02, 0x00, 0x00, 0x00, 0x05, 0x00,
		0x08, 0x00, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02,
		0x01, 0x00, 0x00, 0x00, 0x00, 0x48, 0x00, 0x00, 0x00,
	};
	const struct pcapng_packet packet = {
		.time_us = G_GINT64_CONSTANT(0x0002030405060708),
		.direction = PCAPNG_OUTBOUND,
		.id = G_GUINT64_CONSTANT(0x0102030405060708),
		.comment = "ok",
		.data = "hello",
		.len = 5,
	};
	g_autoptr(GString) text = g_string_new(NULL);

	pcapng_add_packet(text, &packet);
	cr_assert_eq(text->len, sizeof(expected));
	cr_expect_arr_eq(text->str, expected, sizeof(expected));
}

Test(pcapng, length_is_known_before_a_packet_is_made)
{
	static const char *const comments[] = { NULL, "", "a", "four",
						"gap 7" };
	guint8 data[70] = { 0 };

	for (guint32 len = 0; len < sizeof(data); len++) {
		for (gsize i = 0; i < G_N_ELEMENTS(comments); i++) {
			g_autoptr(GString) text = g_string_new(NULL);
			const struct pcapng_packet packet = {
				.time_us = TIME_US,
				.id = i % 2,
				.comment = comments[i],
				.data = data,
				.len = len,
			};
			gsize at = 0;

			pcapng_add_packet(text, &packet);
			cr_expect_eq(pcapng_packet_size(&packet), text->len);
			next_block(text, &at);
			cr_expect_eq(at, text->len);
		}
	}
}

static GString *block_of(enum record_kind kind, guint64 number,
			 const char *data)
{
	const struct record record = { .time_us = TIME_US,
				       .number = number,
				       .len = (guint32)strlen(data),
				       .kind = kind };
	g_autoptr(GString) scratch = g_string_new("x");
	GString *block = g_string_new(NULL);

	record_add_line(block, &record, (const guint8 *)data, RECORD_PCAPNG);
	cr_expect_eq(record_line_size(&record, (const guint8 *)data,
				      RECORD_PCAPNG, scratch),
		     block->len);
	return block;
}

static void expect_message(enum record_kind kind, guint32 flags, guint32 id)
{
	g_autoptr(GString) block = block_of(kind, 7, "hello");

	cr_expect_eq(word(block, 20), 5);
	cr_expect_str_eq(block->str + 28, "hello");
	cr_expect_eq(word(block, 36), 4 << 16 | 2, "flags and no comment");
	cr_expect_eq(word(block, 40), flags);
	cr_expect_eq(word(block, 44), 8 << 16 | 5);
	cr_expect_eq(word(block, 48), id);
}

Test(pcapng, message_is_a_packet_with_direction_and_id)
{
	expect_message(RECORD_SENT, PCAPNG_OUTBOUND, 14);
	expect_message(RECORD_RECEIVED, PCAPNG_INBOUND, 15);
}

static void expect_event(enum record_kind kind, const char *data,
			 const char *comment)
{
	g_autoptr(GString) block = block_of(kind, 7, data);
	gsize len = strlen(comment);

	cr_expect_eq(word(block, 20), 0, "no bytes");
	cr_expect_eq(word(block, 28), len << 16 | 1);
	cr_expect_arr_eq(block->str + 32, comment, len);
	cr_expect_eq(word(block, block->len - 12), PCAPNG_UNKNOWN);
}

Test(pcapng, event_is_an_empty_packet_with_a_comment)
{
	expect_event(RECORD_OPEN, "a \"b\"\x01", "open 7 \"a \\\"b\\\"\\x01\"");
	expect_event(RECORD_CLOSE, "why", "close 7 \"why\"");
	expect_event(RECORD_LOST, "why", "lost 7 \"why\"");
	expect_event(RECORD_UNSENT, "why", "unsent 7 \"why\"");
	expect_event(RECORD_GAP, "", "gap 7 \"\"");
}

Test(pcapng, time_before_1970_is_written_as_1970)
{
	const struct pcapng_packet packet = { .time_us = -1 };
	g_autoptr(GString) text = g_string_new(NULL);

	pcapng_add_packet(text, &packet);
	cr_expect_eq(word(text, 12), 0);
	cr_expect_eq(word(text, 16), 0);
}
