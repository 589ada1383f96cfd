// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Record: tests the lines of log and log.json: the form of each kind, that the
 * bytes can be restored from them, and their computed length. jq and other
 * programs read them in tests/fs/hmclog.py. Blocks are tested in test-pcapng.c.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "log/record.h"
#include "vmc/payload.h"

/* 2026-11-29 11:09:17.000042 */
#define TIME_US (G_GINT64_CONSTANT(1795950557) * G_USEC_PER_SEC + 42)
#define TIME "2026-11-29T11:09:17.000042Z"

static GString *line, *scratch;

static void setup(void)
{
	line = g_string_new(NULL);
	scratch = g_string_new(NULL);
}

static void teardown(void)
{
	g_string_free(line, TRUE);
	g_string_free(scratch, TRUE);
}

TestSuite(record, .init = setup, .fini = teardown);

/* The line of a record, whose length must be the computed one. */
static const char *line_of(enum record_kind kind, guint64 number,
			   gconstpointer data, gsize len,
			   enum record_format format)
{
	const struct record record = { .time_us = TIME_US,
				       .number = number,
				       .len = (guint32)len,
				       .kind = kind };

	g_string_truncate(line, 0);
	record_add_line(line, &record, data, format);
	cr_expect_eq(record_line_size(&record, data, format, scratch),
		     line->len, "%s", line->str);
	cr_expect_eq(strlen(line->str), line->len, "a NUL in %s", line->str);
	for (gsize i = 0; i + 1 < line->len; i++)
		cr_expect((guint8)line->str[i] >= ' ' && line->str[i] != 0x7f,
			  "a control character in %s", line->str);
	cr_expect_eq(line->str[line->len - 1], '\n');
	return line->str;
}

static void expect(enum record_kind kind, const char *data, const char *text,
		   const char *json)
{
	cr_expect_str_eq(line_of(kind, 7, data, strlen(data), RECORD_TEXT),
			 text);
	cr_expect_str_eq(line_of(kind, 7, data, strlen(data), RECORD_JSON),
			 json);
}

Test(record, every_kind_has_a_line_of_the_same_form)
{
	expect(RECORD_SENT, "hello\n", TIME " sent 7 6 \"hello\\n\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"sent\",\"sequence\":7,"
	       "\"length\":6,\"payload\":\"hello\\n\"}\n");
	expect(RECORD_RECEIVED, "", TIME " received 7 0 \"\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"received\",\"sequence\":7,"
	       "\"length\":0,\"payload\":\"\"}\n");
	expect(RECORD_OPEN, "a \"b\"", TIME " open 7 5 \"a \\\"b\\\"\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"open\",\"session\":7,"
	       "\"length\":5,\"id\":\"a \\\"b\\\"\"}\n");
	expect(RECORD_CLOSE, "x", TIME " close 7 1 \"x\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"close\",\"session\":7,"
	       "\"length\":1,\"reason\":\"x\"}\n");
	expect(RECORD_LOST, "x", TIME " lost 7 1 \"x\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"lost\",\"count\":7,"
	       "\"length\":1,\"reason\":\"x\"}\n");
	expect(RECORD_UNSENT, "x", TIME " unsent 7 1 \"x\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"unsent\",\"count\":7,"
	       "\"length\":1,\"reason\":\"x\"}\n");
	expect(RECORD_GAP, "x", TIME " gap 7 1 \"x\"\n",
	       "{\"time\":\"" TIME "\",\"kind\":\"gap\",\"count\":7,"
	       "\"length\":1,\"reason\":\"x\"}\n");
}

/* The value of a hexadecimal escape of two digits. */
static guint8 hex(const char *digits)
{
	return (guint8)(g_ascii_xdigit_value(digits[0]) << 4 |
			g_ascii_xdigit_value(digits[1]));
}

/* Restores the bytes of a line of log by the rules of record.h alone. */
static GByteArray *bytes_of_text(const char *text)
{
	GByteArray *bytes = g_byte_array_new();

	for (text = strchr(text, '"') + 1; *text != '"'; text++) {
		guint8 byte = (guint8)*text;

		if (byte == '\\') {
			text++;
			byte = *text == 'n' ? '\n' :
			       *text == 'r' ? '\r' :
			       *text == 't' ? '\t' :
			       *text == 'x' ? hex(text + 1) :
					      (guint8)*text;
			text += *text == 'x' ? 2 : 0;
		}
		g_byte_array_append(bytes, &byte, 1);
	}
	cr_expect_str_eq(text, "\"\n");
	return bytes;
}

/* Restores the bytes of a line of log.json. */
static GByteArray *bytes_of_json(const char *text)
{
	const char *encoded = strstr(text, "\"payload_base64\":\"");
	const char *string = strstr(text, "\"payload\":\"");
	GByteArray *bytes = g_byte_array_new();

	cr_assert_neq(encoded == NULL, string == NULL, "%s", text);
	if (encoded) {
		g_autofree guchar *data = NULL;
		g_autofree char *value = NULL;
		gsize len;

		encoded = strchr(encoded, ':') + 2;
		value = g_strndup(encoded, strcspn(encoded, "\""));
		data = g_base64_decode(value, &len);
		g_byte_array_append(bytes, data, (guint)len);
		return bytes;
	}
	for (text = strchr(string, ':') + 2; *text != '"'; text++) {
		guint8 byte = (guint8)*text;

		if (byte == '\\') {
			text++;
			byte = *text == 'n' ? '\n' :
			       *text == 'r' ? '\r' :
			       *text == 't' ? '\t' :
			       *text == 'u' ? hex(text + 3) :
					      (guint8)*text;
			text += *text == 'u' ? 4 : 0;
		}
		g_byte_array_append(bytes, &byte, 1);
	}
	return bytes;
}

static void expect_restored(gconstpointer data, gsize len)
{
	for (enum record_format format = RECORD_TEXT; format <= RECORD_JSON;
	     format++) {
		const char *text = line_of(RECORD_SENT, 1, data, len, format);
		g_autoptr(GByteArray) bytes = format == RECORD_TEXT ?
						      bytes_of_text(text) :
						      bytes_of_json(text);

		cr_assert_eq(bytes->len, len, "%s", text);
		if (len)
			cr_expect_arr_eq(bytes->data, data, len, "%s", text);
	}
}

Test(record, every_byte_can_be_restored_alone_and_after_every_other)
{
	for (guint i = 0; i < 256; i++) {
		expect_restored(&(guint8){ (guint8)i }, 1);
		for (guint j = 0; j < 256; j++) {
			const guint8 pair[] = { (guint8)i, (guint8)j };

			expect_restored(pair, sizeof(pair));
		}
	}
}

Test(record, random_bytes_of_every_length_can_be_restored)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	guint8 bytes[1000];

	for (gsize len = 0; len < sizeof(bytes); len++) {
		for (gsize i = 0; i < len; i++)
			bytes[i] = (guint8)g_rand_int_range(
				random, 0, len % 2 ? 256 : 128);
		expect_restored(bytes, len);
	}
}

Test(record, a_byte_can_be_restored_wherever_it_is_in_printable_text)
{
	guint8 text[200];

	for (gsize len = 120; len < sizeof(text); len += 7) {
		for (gsize i = 0; i < len; i++) {
			memset(text, 'x', len);
			text[i] = (guint8)(len + i);
			expect_restored(text, len);
			text[i] = '"';
			expect_restored(text, len);
		}
	}
}

static gboolean is_string(const char *data, gsize len)
{
	return strstr(line_of(RECORD_SENT, 1, data, len, RECORD_JSON),
		      "\"payload\":") != NULL;
}

Test(record, json_has_a_string_for_utf8_without_nul_and_c1_characters)
{
	cr_expect(is_string("", 0));
	cr_expect(is_string("gr\xc3\xbc\xc3\x9f", 6));
	cr_expect(is_string("\xe2\x82\xac \xf0\x9f\x98\x80", 8));
	cr_expect(is_string("\xc2\xa0", 2),
		  "the first after the C1 characters");
	cr_expect(is_string("\x01\x1b\x7f", 3));
	cr_expect_not(is_string("\xc2\x9b", 2));
	cr_expect_not(is_string("a\xc2\xa0\xc2\x80", 5));
	cr_expect_not(is_string("a\0", 2));
	cr_expect_not(is_string("\xff", 1));
	cr_expect_not(is_string("\xc3", 1), "an incomplete character");
	cr_expect_not(is_string("\xed\xa0\x80", 3), "a surrogate");
	cr_expect_not(is_string("\xc0\x80", 2), "an overlong NUL");
}

static gsize management_message(guint8 *message, guint16 target, guint8 flags,
				guint16 opcode)
{
	const struct vmc_payload payload = { .length =
						     VMC_PAYLOAD_HEADER_LEN + 1,
					     .token = 0xabc,
					     .target = target,
					     .flags = flags,
					     .data_length = 1,
					     .opcode = opcode,
					     .return_code = 0x8003 };

	vmc_payload_encode(message, &payload);
	message[VMC_PAYLOAD_HEADER_LEN] = 'x';
	return VMC_PAYLOAD_HEADER_LEN + 1;
}

Test(record, fields_of_a_management_header_are_named)
{
	guint8 message[VMC_PAYLOAD_HEADER_LEN + 1];
	gsize len = management_message(message, VMC_TARGET_ROUTER, 0xc0,
				       VMC_ROUTER_ECHO);
	const char *text;

	text = line_of(RECORD_SENT, 1, message, len, RECORD_TEXT);
	cr_expect_not_null(
		strstr(text,
		       " sent 1 33 [correlation=00000abc target=8000(router)"
		       " flags=c0(response-expected)(response) data=1"
		       " operation=0103(echo) return=8003(invalid-data)]"
		       " \"\\xde\\xca\\xff "),
		"%s", text);
	text = line_of(RECORD_SENT, 1, message, len, RECORD_JSON);
	cr_expect_not_null(
		strstr(text,
		       ",\"header\":{\"correlation\":\"00000abc\","
		       "\"target\":\"8000\",\"target_name\":\"router\","
		       "\"flags\":\"c0\",\"response_expected\":true,"
		       "\"response\":true,\"data_length\":1,"
		       "\"operation\":\"0103\",\"operation_name\":\"echo\","
		       "\"return_code\":\"8003\","
		       "\"return_code_name\":\"invalid-data\"},"
		       "\"payload_base64\":\""),
		"%s", text);
}

Test(record, codes_that_are_not_public_have_no_name)
{
	guint8 message[VMC_PAYLOAD_HEADER_LEN + 1];
	gsize len = management_message(message, 0x8001, 0, VMC_ROUTER_ECHO);
	const char *text;

	text = line_of(RECORD_RECEIVED, 1, message, len, RECORD_TEXT);
	cr_expect_not_null(strstr(text, " target=8001 flags=00 data=1 "
					"operation=0103 return=8003] "),
			   "%s", text);
	len = management_message(message, VMC_TARGET_ROUTER, 0, 0x7777);
	text = line_of(RECORD_RECEIVED, 1, message, len, RECORD_TEXT);
	cr_expect_not_null(strstr(text, " operation=7777 "), "%s", text);
	cr_expect_null(
		strstr(line_of(RECORD_OPEN, 1, message, len, RECORD_TEXT),
		       "correlation"),
		"an ID is no message");
	message[7]++;
	cr_expect_null(
		strstr(line_of(RECORD_SENT, 1, message, len, RECORD_TEXT),
		       "correlation"),
		"a wrong length is no header");
}
