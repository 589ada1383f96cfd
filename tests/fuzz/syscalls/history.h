/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages that carry their session, writer, number and checksum, and the
 * records of what was sent and what was read. tests/lib/history.py judges the
 * records; nothing here does.
 */
#ifndef FUZZ_HISTORY_H
#define FUZZ_HISTORY_H

#include <stdint.h>

#include "world.h"

#define MESSAGE_HEADER_LEN 43
#define MESSAGE_MIN 44
#define MESSAGE_MAX 16384

/* Values of sent_record.result that are no errno. */
#define SENT_ACCEPTED 0
#define SENT_UNKNOWN (-1) /* the writer was killed, or the call never ended */
#define SENT_SHORT (-2)	  /* the call took a part of the message */

/**
 * struct sent_record - one message of a writer, in a file "w.WRITER"
 * @tag: session of the descriptor, or 0 if it is not known
 * @number: of the message, from 1
 * @index: HMC index
 * @result: SENT_ value, or the errno of the call
 * @begun: time before the call in ns
 * @ended: time after the call in ns
 */
struct sent_record {
	uint32_t tag;
	uint32_t number;
	uint32_t index;
	int32_t result;
	uint64_t begun;
	uint64_t ended;
};

/* Kinds of seen_record. */
enum seen {
	SEEN_BEGIN,   /* a stream of session @tag begins */
	SEEN_MESSAGE, /* a complete message with a valid checksum */
	SEEN_FOREIGN, /* bytes that are no such message; @number is their count
		       */
	SEEN_GAP,     /* the reader was told that messages were lost */
	SEEN_END,     /* the session has ended */
	SEEN_REST,    /* nothing is under way, and the session lives */
};

/**
 * struct seen_record - one step of a reader, in a file "r.INDEX.NAME"
 * @what: enum seen
 * @tag: session in the message
 * @writer: in the message
 * @number: in the message
 */
struct seen_record {
	uint32_t what;
	uint32_t tag;
	uint32_t writer;
	uint32_t number;
};

/**
 * struct stream - one reader's view of a sequence of messages
 * @file: records go here
 * @used: bytes in @pending
 * @foreign: bytes since the last message that belong to none
 * @messages: valid messages since SEEN_BEGIN whose tag is that of the session
 * @tag: session of the stream
 * @pending: bytes that may begin a message
 */
struct stream {
	int file;
	size_t used;
	uint32_t foreign;
	uint64_t messages;
	uint32_t tag;
	char pending[2 * MESSAGE_MAX];
};

/**
 * message_make() - write a message
 * @to: @len bytes
 * @len: MESSAGE_MIN to MESSAGE_MAX
 * @tag: session, or 0
 * @writer: its number
 * @number: of the message
 */
void message_make(char *to, size_t len, uint32_t tag, uint32_t writer,
		  uint32_t number);

/**
 * message_length() - length of the message that begins here
 * @from: @len bytes
 * @len: bytes there are
 *
 * Return: the length, above @len if more bytes are needed; 0 if no message
 * with a valid checksum begins here.
 */
size_t message_length(const char *from, size_t len);

/**
 * message_tag() - session in a message
 * @from: a valid message
 */
uint32_t message_tag(const char *from);

/**
 * stream_open() - begin the records of one reader
 * @stream: uninitialised
 * @world: any
 * @index: HMC index
 * @name: unique name of the reader
 */
void stream_open(struct stream *stream, const struct world *world, int index,
		 const char *name);

/**
 * stream_mark() - record something other than a message
 * @stream: open
 * @what: a kind; SEEN_BEGIN, SEEN_GAP and SEEN_END drop an incomplete message
 * @tag: session, for SEEN_BEGIN
 */
void stream_mark(struct stream *stream, enum seen what, uint32_t tag);

/**
 * stream_take() - split bytes into messages, and record them
 * @stream: open
 * @data: @len bytes that follow the earlier ones
 * @len: at most MESSAGE_MAX
 */
void stream_take(struct stream *stream, const char *data, size_t len);

#endif
