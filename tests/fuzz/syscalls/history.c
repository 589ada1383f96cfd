// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * History: formats and parses messages, and writes the records of readers. The
 * text of a message is "@TAG.WRITER.NUMBER.LENGTH.CHECKSUM " in hexadecimal
 * with a decimal length, filler letters and a newline. It does not check the
 * records.
 */
#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Offset of the checksum in the header. */
#define CHECKSUM_AT 34
#define CHECKSUM_LEN 8

struct header {
	uint32_t tag;
	uint32_t writer;
	uint32_t number;
	uint32_t length;
	uint32_t checksum;
};

/* FNV-1a of everything except the checksum. */
static uint32_t checksum(const char *data, size_t len)
{
	uint32_t sum = 2166136261u;

	for (size_t i = 0; i < len; i++) {
		if (i < CHECKSUM_AT || i >= CHECKSUM_AT + CHECKSUM_LEN)
			sum = (sum ^ (unsigned char)data[i]) * 16777619u;
	}
	return sum;
}

void message_make(char *to, size_t len, uint32_t tag, uint32_t writer,
		  uint32_t number)
{
	char header[MESSAGE_HEADER_LEN + 1];

	snprintf(header, sizeof(header), "@%08x.%08x.%08x.%05zu.%08x ", tag,
		 writer, number, len, 0u);
	memset(to, 'a' + (int)(number % 26), len);
	memcpy(to, header, MESSAGE_HEADER_LEN);
	to[len - 1] = '\n';
	snprintf(header, sizeof(header), "%08x", checksum(to, len));
	memcpy(to + CHECKSUM_AT, header, CHECKSUM_LEN);
}

/* A message begins with "@" and characters that can follow it only there. */
static bool parse_header(const char *from, struct header *header)
{
	char text[MESSAGE_HEADER_LEN + 1];

	memcpy(text, from, MESSAGE_HEADER_LEN);
	text[MESSAGE_HEADER_LEN] = '\0';
	return sscanf(text, "@%8x.%8x.%8x.%5u.%8x ", &header->tag,
		      &header->writer, &header->number, &header->length,
		      &header->checksum) == 5 &&
	       header->length >= MESSAGE_MIN && header->length <= MESSAGE_MAX;
}

size_t message_length(const char *from, size_t len)
{
	struct header header;

	if (!len || from[0] != '@')
		return 0;
	if (len < MESSAGE_HEADER_LEN)
		return MESSAGE_HEADER_LEN;
	if (!parse_header(from, &header))
		return 0;
	if (header.length > len)
		return header.length;
	return checksum(from, header.length) == header.checksum ?
		       header.length :
		       0;
}

uint32_t message_tag(const char *from)
{
	struct header header;

	return parse_header(from, &header) ? header.tag : 0;
}

void stream_open(struct stream *stream, const struct world *world, int index,
		 const char *name)
{
	char path[FUZZ_PATH_MAX];

	snprintf(path, sizeof(path), "%s/r.%d.%s", world->options.records,
		 index, name);
	*stream = (struct stream){ 0 };
	stream->file =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (stream->file < 0) {
		perror(path);
		exit(1);
	}
}

static void record(struct stream *stream, enum seen what, uint32_t tag,
		   uint32_t writer, uint32_t number)
{
	const struct seen_record seen = { what, tag, writer, number };

	if (write(stream->file, &seen, sizeof(seen)) != sizeof(seen))
		abort();
}

static void record_foreign(struct stream *stream)
{
	if (stream->foreign)
		record(stream, SEEN_FOREIGN, 0, 0, stream->foreign);
	stream->foreign = 0;
}

void stream_mark(struct stream *stream, enum seen what, uint32_t tag)
{
	if (what != SEEN_REST) {
		stream->foreign += (uint32_t)stream->used;
		stream->used = 0;
	}
	record_foreign(stream);
	if (what == SEEN_BEGIN) {
		stream->tag = tag;
		stream->messages = 0;
	}
	record(stream, what, tag, 0, 0);
}

static void record_message(struct stream *stream, const char *message)
{
	struct header header;

	parse_header(message, &header);
	record_foreign(stream);
	record(stream, SEEN_MESSAGE, header.tag, header.writer, header.number);
	stream->messages += header.tag == stream->tag;
}

void stream_take(struct stream *stream, const char *data, size_t len)
{
	size_t at = 0;

	memcpy(stream->pending + stream->used, data, len);
	stream->used += len;
	while (at < stream->used) {
		size_t length =
			message_length(stream->pending + at, stream->used - at);

		if (length > stream->used - at)
			break;
		if (length)
			record_message(stream, stream->pending + at);
		else
			stream->foreign++;
		at += length ? length : 1;
	}
	memmove(stream->pending, stream->pending + at, stream->used - at);
	stream->used -= at;
}
