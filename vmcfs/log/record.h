/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Record: one message or event of an HMC index, and its line in the files log
 * and log.json, or its block in the file capture. It stores no records.
 *
 * A line of log is
 *
 *	TIME KIND NUMBER LENGTH [HEADER] "BYTES"
 *
 * in which [HEADER] is present only if the bytes begin with a header of a
 * management application (docs/protocol.md, Payload). BYTES are all bytes of
 * the message: printable ASCII as it is, except \" and \\; \n, \r and \t; every
 * other byte as \xNN. A line of log.json is a JSON object with the same values.
 * Bytes that are UTF-8 without NUL and without control characters above U+007F
 * are a string; others are in base64, under a key that ends with "_base64".
 *
 * In capture, each record is an enhanced packet block, after a section header
 * and an interface description. The packet of a message is its bytes, with its
 * direction and with an ID: twice its number, plus 1 if it was received. Every
 * other record is a packet without bytes, with the comment
 *
 *	KIND NUMBER "BYTES"
 */
#ifndef VMCFS_RECORD_H
#define VMCFS_RECORD_H

#include <glib.h>

enum record_kind {
	RECORD_SENT,	 /* message that the device accepted */
	RECORD_RECEIVED, /* message that the device delivered */
	RECORD_OPEN,	 /* a session began; the bytes are the HMC ID */
	RECORD_CLOSE,	 /* a session ended; the bytes are the reason */
	RECORD_LOST,	 /* received messages that could not be stored */
	RECORD_UNSENT,	 /* queued messages that were not sent */
	RECORD_GAP,	 /* records that were dropped before they were read */
};

enum record_format {
	RECORD_TEXT,
	RECORD_JSON,
	RECORD_PCAPNG,
	RECORD_FORMATS,
};

/* Sets of formats: those of log=, and that of capture=. */
#define RECORD_LINES (1u << RECORD_TEXT | 1u << RECORD_JSON)
#define RECORD_CAPTURE (1u << RECORD_PCAPNG)

/**
 * struct record - a message or an event, without its bytes
 * @time_us: wall clock in microseconds
 * @number: number of the message in its direction, from 1; for an open or a
 *	close, number of the session; for other kinds, number of messages or
 *	records
 * @len: length of its bytes
 * @kind: enum record_kind
 */
struct record {
	gint64 time_us;
	guint64 number;
	guint32 len;
	enum record_kind kind;
};

/**
 * record_add_head() - append the bytes that precede the lines of a file
 * @text: string to append to
 * @format: format of the lines; those of text and JSON have no head
 * @index: HMC index
 */
void record_add_head(GString *text, enum record_format format, guint index);

/**
 * record_add_line() - append the line or the block of a record
 * @text: string to append to
 * @record: message or event
 * @data: its bytes
 * @format: format of the line
 */
void record_add_line(GString *text, const struct record *record,
		     const guint8 *data, enum record_format format);

/**
 * record_line_size() - compute the length of the line of a record
 * @record: message or event
 * @data: its bytes
 * @format: format of the line
 * @scratch: overwritten
 *
 * Return: number of bytes that record_add_line() would append.
 */
gsize record_line_size(const struct record *record, const guint8 *data,
		       enum record_format format, GString *scratch);

#endif
