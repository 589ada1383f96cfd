// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Record: formats lines, and fills the packets of a capture. It neither knows
 * files nor interprets messages, except for the public header of management
 * applications.
 */
#include "record.h"

#include <string.h>

#include "../text.h"
#include "pcapng.h"
#include "vmc/payload.h"

/* Bytes of base64 for each group of three bytes. */
#define BASE64_GROUP 3
#define BASE64_CHARACTERS 4

/* In UTF-8, a control character above U+007F is 0xC2 and 0x80..0x9F. */
#define C1_LEAD 0xc2
#define C1_END 0xa0

/* Bytes that are examined at once: the compiler makes vectors of them. */
#define CHUNK 64

/* Bytes that have a letter as an escape, and their letters in the same order. */
static const char short_escapes[] = "\n\r\t\"\\";
static const char letters[] = "nrt\"\\";

/* Words of a kind: in the lines, and the keys of log.json. */
static const struct words {
	const char *kind;
	const char *number;
	const char *bytes;
} words[] = {
	[RECORD_SENT] = { "sent", "sequence", "payload" },
	[RECORD_RECEIVED] = { "received", "sequence", "payload" },
	[RECORD_OPEN] = { "open", "session", "id" },
	[RECORD_CLOSE] = { "close", "session", "reason" },
	[RECORD_LOST] = { "lost", "count", "reason" },
	[RECORD_UNSENT] = { "unsent", "count", "reason" },
	[RECORD_GAP] = { "gap", "count", "reason" },
};

static gboolean is_message(const struct record *record)
{
	return record->kind == RECORD_SENT || record->kind == RECORD_RECEIVED;
}

static const char *target_name(guint16 target)
{
	return target == VMC_TARGET_ROUTER ? "router" : NULL;
}

/* The operations of other targets are not public. */
static const char *operation_name(const struct vmc_payload *payload)
{
	if (payload->target != VMC_TARGET_ROUTER)
		return NULL;
	switch (payload->opcode) {
	case VMC_ROUTER_EXCHANGE:
		return "exchange";
	case VMC_ROUTER_CLOSE:
		return "close";
	case VMC_ROUTER_ECHO:
		return "echo";
	default:
		return NULL;
	}
}

/* The field of a request has no meaning. */
static const char *return_name(const struct vmc_payload *payload)
{
	if (!(payload->flags & VMC_PAYLOAD_IS_RESPONSE))
		return NULL;
	switch (payload->return_code) {
	case VMC_RETURN_OK:
		return "ok";
	case VMC_RETURN_INVALID_OPCODE:
		return "invalid-operation";
	case VMC_RETURN_INVALID_DATA:
		return "invalid-data";
	case VMC_RETURN_INVALID_TARGET:
		return "invalid-target";
	case VMC_RETURN_INVALID_STATE:
		return "invalid-state";
	default:
		return NULL;
	}
}

static void add_code(GString *text, const char *key, guint64 value,
		     guint digits, const char *name)
{
	g_string_append_printf(text, " %s=%0*" G_GINT64_MODIFIER "x", key,
			       (int)digits, value);
	if (name)
		g_string_append_printf(text, "(%s)", name);
}

static void add_text_header(GString *text, const struct vmc_payload *payload)
{
	gsize start = text->len;

	add_code(text, "correlation", payload->token, 8, NULL);
	add_code(text, "target", payload->target, 4,
		 target_name(payload->target));
	add_code(text, "flags", payload->flags, 2, NULL);
	if (payload->flags & VMC_PAYLOAD_RESPONSE_EXPECTED)
		g_string_append(text, "(response-expected)");
	if (payload->flags & VMC_PAYLOAD_IS_RESPONSE)
		g_string_append(text, "(response)");
	g_string_append_printf(text, " data=%u", payload->data_length);
	add_code(text, "operation", payload->opcode, 4,
		 operation_name(payload));
	add_code(text, "return", payload->return_code, 4, return_name(payload));
	text->str[start] = '[';
	g_string_append(text, "] ");
}

static void add_json_code(GString *text, const char *key, guint64 value,
			  guint digits, const char *name)
{
	g_string_append_printf(text, "\"%s\":\"%0*" G_GINT64_MODIFIER "x\",",
			       key, (int)digits, value);
	if (name)
		g_string_append_printf(text, "\"%s_name\":\"%s\",", key, name);
}

static const char *json_boolean(guint flags)
{
	return flags ? "true" : "false";
}

static void add_json_header(GString *text, const struct vmc_payload *payload)
{
	g_string_append(text, "\"header\":{");
	add_json_code(text, "correlation", payload->token, 8, NULL);
	add_json_code(text, "target", payload->target, 4,
		      target_name(payload->target));
	add_json_code(text, "flags", payload->flags, 2, NULL);
	g_string_append_printf(
		text,
		"\"response_expected\":%s,\"response\":%s,\"data_length\":%u,",
		json_boolean(payload->flags & VMC_PAYLOAD_RESPONSE_EXPECTED),
		json_boolean(payload->flags & VMC_PAYLOAD_IS_RESPONSE),
		payload->data_length);
	add_json_code(text, "operation", payload->opcode, 4,
		      operation_name(payload));
	add_json_code(text, "return_code", payload->return_code, 4,
		      return_name(payload));
	g_string_truncate(text, text->len - 1);
	g_string_append(text, "},");
}

static void add_header(GString *text, const struct record *record,
		       const guint8 *data, enum record_format format)
{
	struct vmc_payload payload;

	if (!is_message(record) ||
	    vmc_payload_decode(data, record->len, &payload))
		return;
	if (format == RECORD_TEXT)
		add_text_header(text, &payload);
	else
		add_json_header(text, &payload);
}

/* @last: the greatest byte that needs no escape. */
static gboolean is_plain(guint8 byte, guint8 last)
{
	return byte >= ' ' && byte <= last && byte != '"' && byte != '\\' &&
	       byte != 0x7f;
}

/* Return: the greatest byte that needs no escape. */
static guint8 last_plain(enum record_format format)
{
	return format == RECORD_TEXT ? '~' : 0xff;
}

/* Return: number of bytes of a chunk that need an escape. */
static guint chunk_escapes(const guint8 *data, enum record_format format)
{
	const guint8 last = last_plain(format);
	guint8 escapes = 0;

	for (gsize i = 0; i < CHUNK; i++)
		escapes += !is_plain(data[i], last);
	return escapes;
}

static gboolean is_c1(const char *lead)
{
	return (guint8)lead[0] == C1_LEAD && (guint8)lead[1] < C1_END;
}

/* Terminals interpret control characters above U+007F too. */
static gboolean has_c1(const char *text, gsize len)
{
	const char *end = text + len;

	while ((text = memchr(text, C1_LEAD, (gsize)(end - text)))) {
		if (is_c1(text))
			return TRUE;
		text++;
	}
	return FALSE;
}

/* Can the bytes be a JSON string? */
static gboolean is_string(const guint8 *data, gsize len)
{
	const char *text;

	for (; len >= CHUNK && !chunk_escapes(data, RECORD_TEXT); len -= CHUNK)
		data += CHUNK;
	text = (const char *)data;
	return g_utf8_validate_len(text, len, NULL) && !has_c1(text, len);
}

static void add_text_start(GString *text, const struct record *record,
			   const guint8 *data)
{
	text_add_time_us(text, record->time_us);
	g_string_append_c(text, ' ');
	g_string_append(text, words[record->kind].kind);
	g_string_append_c(text, ' ');
	text_add_number(text, record->number);
	g_string_append_c(text, ' ');
	text_add_number(text, record->len);
	g_string_append_c(text, ' ');
	add_header(text, record, data, RECORD_TEXT);
	g_string_append_c(text, '"');
}

static void add_json_start(GString *text, const struct record *record,
			   const guint8 *data, gboolean is_base64)
{
	const struct words *word = &words[record->kind];

	g_string_append(text, "{\"time\":\"");
	text_add_time_us(text, record->time_us);
	g_string_append(text, "\",\"kind\":\"");
	g_string_append(text, word->kind);
	g_string_append(text, "\",\"");
	g_string_append(text, word->number);
	g_string_append(text, "\":");
	text_add_number(text, record->number);
	g_string_append(text, ",\"length\":");
	text_add_number(text, record->len);
	g_string_append_c(text, ',');
	add_header(text, record, data, RECORD_JSON);
	g_string_append_c(text, '"');
	g_string_append(text, word->bytes);
	g_string_append(text, is_base64 ? "_base64\":\"" : "\":\"");
}

/* Everything before the bytes. Return: TRUE if they follow in base64. */
static gboolean add_start(GString *text, const struct record *record,
			  const guint8 *data, enum record_format format)
{
	gboolean is_base64 =
		format == RECORD_JSON && !is_string(data, record->len);

	if (format == RECORD_TEXT)
		add_text_start(text, record, data);
	else
		add_json_start(text, record, data, is_base64);
	return is_base64;
}

static const char *end_of(enum record_format format)
{
	return format == RECORD_TEXT ? "\"\n" : "\"}\n";
}

/* Return: number of bytes of a chunk whose escape is a letter. */
static guint chunk_letters(const guint8 *data)
{
	guint8 found = 0;

	for (gsize j = 0; short_escapes[j]; j++) {
		for (gsize i = 0; i < CHUNK; i++)
			found += data[i] == (guint8)short_escapes[j];
	}
	return found;
}

/* Return: number of bytes by which the escapes lengthen a chunk. */
static gsize chunk_growth(const guint8 *data, enum record_format format)
{
	guint escapes = chunk_escapes(data, format), named;

	if (!escapes)
		return 0;
	named = chunk_letters(data);
	return named + (escapes - named) * (format == RECORD_TEXT ?
						    strlen("x00") :
						    strlen("u0000"));
}

static gsize escaped_size(const guint8 *data, gsize len,
			  enum record_format format)
{
	guint8 rest[CHUNK];
	gsize size = len;

	for (; len >= CHUNK; data += CHUNK, len -= CHUNK)
		size += chunk_growth(data, format);
	memset(rest, ' ', sizeof(rest));
	memcpy(rest, data, len);
	return size + chunk_growth(rest, format);
}

/* Return: the end of the escape. */
static char *put_escape(char *to, guint8 byte, enum record_format format)
{
	static const char digits[] = "0123456789abcdef";
	const char *letter = byte ? strchr(short_escapes, byte) : NULL;

	*to++ = '\\';
	if (letter) {
		*to++ = letters[letter - short_escapes];
		return to;
	}
	*to++ = format == RECORD_TEXT ? 'x' : 'u';
	if (format == RECORD_JSON) {
		*to++ = '0';
		*to++ = '0';
	}
	*to++ = digits[byte >> 4];
	*to++ = digits[byte & 0xf];
	return to;
}

/* Return: the end of the bytes that were put. */
static char *put_bytes(char *to, const guint8 *data, gsize len,
		       enum record_format format)
{
	const guint8 last = last_plain(format);

	for (gsize i = 0; i < len; i++) {
		if (is_plain(data[i], last))
			*to++ = (char)data[i];
		else
			to = put_escape(to, data[i], format);
	}
	return to;
}

static void add_escaped(GString *text, const guint8 *data, gsize len,
			enum record_format format)
{
	gsize before = text->len;
	char *to;

	g_string_set_size(text, before + escaped_size(data, len, format));
	to = text->str + before;
	for (; len >= CHUNK; data += CHUNK, len -= CHUNK) {
		if (chunk_escapes(data, format))
			to = put_bytes(to, data, CHUNK, format);
		else
			to = (char *)memcpy(to, data, CHUNK) + CHUNK;
	}
	put_bytes(to, data, len, format);
}

static gsize base64_size(gsize len)
{
	return (len + BASE64_GROUP - 1) / BASE64_GROUP * BASE64_CHARACTERS;
}

static void add_base64(GString *text, const guint8 *data, gsize len)
{
	gsize before = text->len;
	gint state = 0, save = 0;
	gsize written;

	g_string_set_size(text, before + base64_size(len));
	written = g_base64_encode_step(data, len, FALSE, text->str + before,
				       &state, &save);
	g_base64_encode_close(FALSE, text->str + before + written, &state,
			      &save);
}

/* Everything but the comment of an event. */
static struct pcapng_packet packet_of(const struct record *record,
				      const guint8 *data)
{
	struct pcapng_packet packet = { .time_us = record->time_us };

	if (!is_message(record))
		return packet;
	packet.direction =
		record->kind == RECORD_SENT ? PCAPNG_OUTBOUND : PCAPNG_INBOUND;
	packet.id = record->number * 2 + (record->kind == RECORD_RECEIVED);
	packet.data = data;
	packet.len = record->len;
	return packet;
}

static void add_comment(GString *text, const struct record *record,
			const guint8 *data)
{
	g_string_append(text, words[record->kind].kind);
	g_string_append_c(text, ' ');
	text_add_number(text, record->number);
	g_string_append(text, " \"");
	add_escaped(text, data, record->len, RECORD_TEXT);
	g_string_append_c(text, '"');
}

static void add_packet(GString *text, const struct record *record,
		       const guint8 *data)
{
	struct pcapng_packet packet = packet_of(record, data);
	g_autoptr(GString) comment = NULL;

	if (!is_message(record)) {
		comment = g_string_new(NULL);
		add_comment(comment, record, data);
		packet.comment = comment->str;
	}
	pcapng_add_packet(text, &packet);
}

static gsize packet_size(const struct record *record, const guint8 *data,
			 GString *scratch)
{
	struct pcapng_packet packet = packet_of(record, data);

	if (!is_message(record)) {
		add_comment(scratch, record, data);
		packet.comment = scratch->str;
	}
	return pcapng_packet_size(&packet);
}

void record_add_head(GString *text, enum record_format format, guint index)
{
	if (format == RECORD_PCAPNG)
		pcapng_add_head(text, index);
}

void record_add_line(GString *text, const struct record *record,
		     const guint8 *data, enum record_format format)
{
	if (format == RECORD_PCAPNG) {
		add_packet(text, record, data);
		return;
	}
	if (add_start(text, record, data, format))
		add_base64(text, data, record->len);
	else
		add_escaped(text, data, record->len, format);
	g_string_append(text, end_of(format));
}

gsize record_line_size(const struct record *record, const guint8 *data,
		       enum record_format format, GString *scratch)
{
	gboolean is_base64;

	g_string_truncate(scratch, 0);
	if (format == RECORD_PCAPNG)
		return packet_size(record, data, scratch);
	is_base64 = add_start(scratch, record, data, format);
	return scratch->len + strlen(end_of(format)) +
	       (is_base64 ? base64_size(record->len) :
			    escaped_size(data, record->len, format));
}
