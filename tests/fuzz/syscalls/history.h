/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * History: messages that contain their session, writer, number and checksum,
 * and the records of sent and received messages. It does not check the
 * records; tests/lib/history.py does.
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
#define SENT_UNKNOWN (-1) /* the writer was killed, or the call did not end */
#define SENT_SHORT (-2)	  /* the call accepted a part of the message */

/**
 * struct sent_record - message of a writer, in a file "w.WRITER"
 * @tag: session of the descriptor, or 0 if unknown
 * @number: number of the message, from 1
 * @index: HMC index
 * @result: SENT_ value, or the errno of the call
 * @begun: time before the call in nanoseconds
 * @ended: time after the call in nanoseconds
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
	SEEN_GAP,     /* the reader received a report of lost messages */
	SEEN_END,     /* the session has ended */
	SEEN_REST,    /* no message is in transit, and the session is open */
};

/**
 * struct seen_record - step of a reader, in a file "r.INDEX.NAME"
 * @what: kind, from enum seen
 * @tag: session, from the message
 * @writer: writer, from the message
 * @number: number, from the message
 */
struct seen_record {
	uint32_t what;
	uint32_t tag;
	uint32_t writer;
	uint32_t number;
};

/**
 * struct stream - one reader's view of a sequence of messages
 * @file: file of the records
 * @used: number of bytes in @pending
 * @foreign: number of bytes since the last message that belong to none
 * @messages: number of valid messages of the session since SEEN_BEGIN
 * @tag: session of the stream
 * @pending: bytes that may begin a message, @used of them
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
 * @to: buffer of @len bytes
 * @len: length, MESSAGE_MIN to MESSAGE_MAX
 * @tag: session, or 0
 * @writer: number of the writer
 * @number: number of the message
 */
void message_make(char *to, size_t len, uint32_t tag, uint32_t writer,
		  uint32_t number);

/**
 * message_length() - length of the message at @from
 * @from: buffer of @len bytes
 * @len: number of available bytes
 *
 * Return: the length, above @len if more bytes are needed; 0 if no message
 * with a valid checksum begins here.
 */
size_t message_length(const char *from, size_t len);

/**
 * message_tag() - session of a message
 * @from: valid message
 */
uint32_t message_tag(const char *from);

/**
 * stream_open() - begin the records of one reader
 * @stream: uninitialised stream
 * @world: shared memory
 * @index: HMC index
 * @name: unique name of the reader
 */
void stream_open(struct stream *stream, const struct world *world, int index,
		 const char *name);

/**
 * stream_mark() - record something other than a message
 * @stream: open stream
 * @what: kind; SEEN_BEGIN, SEEN_GAP and SEEN_END drop an incomplete message
 * @tag: session, for SEEN_BEGIN
 */
void stream_mark(struct stream *stream, enum seen what, uint32_t tag);

/**
 * stream_take() - split bytes into messages, and record them
 * @stream: open stream
 * @data: buffer of @len bytes that follow the earlier ones
 * @len: length, at most MESSAGE_MAX
 */
void stream_take(struct stream *stream, const char *data, size_t len);

#endif
