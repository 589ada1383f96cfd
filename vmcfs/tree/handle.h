/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handle: an open file: its kind, its user and its position. It answers no
 * request.
 */
#ifndef VMCFS_HANDLE_H
#define VMCFS_HANDLE_H

#include <glib.h>

#include "../log/cursor.h"
#include "node.h"
#include "reply.h"

struct last_error;

/**
 * struct read_span - bytes that reads returned
 * @last: offset of the last request
 * @run: offset of the first of the consecutive requests that ended with it
 * @end: offset after the last byte returned
 * @left: bytes that the last request asked for and did not get
 */
struct read_span {
	guint64 last;
	guint64 run;
	guint64 end;
	gsize left;
};

/**
 * struct resume - reads of an open file that io_uring may resume
 * @done: answered reads
 * @short_read: reads before the last poll of io_uring
 * @pending: TRUE if the rest of @short_read was not requested yet
 *
 * io_uring polls a file after a short read, then reads the rest. On newer
 * kernels (observed on 6.18) that request has the offset of the first one, and
 * would return the same bytes up to 128 times; on older ones (observed on 6.1)
 * it has the offset of the rest. Reads of streams have no offset and are not
 * resumed.
 */
struct resume {
	struct read_span done;
	struct read_span short_read;
	gboolean pending;
};

enum handle_type {
	HANDLE_TEXT,	/* README, a status or a control file */
	HANDLE_LOG,	/* message, read only */
	HANDLE_CHANNEL, /* message, read and write */
	HANDLE_WRITER,	/* message, write only */
	HANDLE_JOURNAL, /* log, log.json or capture */
};

/**
 * struct handle - an open file
 * @type: kind of the open file
 * @node: node that was opened
 * @user: user who opened it
 * @text: HANDLE_TEXT: text that is being read, counted for @user; or NULL
 * @text_len: HANDLE_TEXT: length of the text that was read last, 0 before the
 *	first read
 * @stream: TRUE if reads have no offset; @position replaces it
 * @opener: thread that opened it
 * @position: HANDLE_TEXT: offset of the next read; HANDLE_LOG, HANDLE_JOURNAL:
 *	end of the bytes that were read
 * @partial: HANDLE_JOURNAL: bytes before @position of a line or a block that was
 *	not read to its end
 * @rest: HANDLE_JOURNAL: bytes that were read after the end of dropped records
 * @serial: session of a channel or writer, 0 for none yet
 * @record: HANDLE_JOURNAL: number after the last record that was read
 * @resume: HANDLE_TEXT, HANDLE_LOG, HANDLE_JOURNAL: reads that io_uring may resume
 * @cursor: HANDLE_CHANNEL: position of the next read
 * @poll: poll handle of the callers of poll(2) that wait for the file, or NULL
 * @watched: POLL bits that they wait for
 * @watchers: list that holds the handle while @poll is set
 * @watch_link: element of @watchers
 * @queue: all open files of its kind
 * @link: element of @queue
 */
struct handle {
	enum handle_type type;
	struct node node;
	struct user *user;
	GString *text;
	union {
		gsize text_len;
		gsize partial;
	};
	gboolean stream;
	pid_t opener;
	guint64 position;
	gsize rest;
	union {
		guint64 serial;
		guint64 record;
	};
	union {
		struct resume resume;
		struct cursor cursor;
	};
	struct fuse_pollhandle *poll;
	unsigned int watched;
	GQueue *watchers;
	GList watch_link;
	GQueue *queue;
	GList link;
};

/**
 * handle_new() - count a file for its user, and allocate it
 * @req: open request; not answered
 * @type: kind of the open file
 * @node: copied
 * @queue: queue to append the handle to
 * @last: last error, set on failure
 *
 * Return: the handle, or NULL above a limit of open files (ENFILE).
 */
struct handle *handle_new(fuse_req_t req, enum handle_type type,
			  const struct node *node, GQueue *queue,
			  struct last_error *last);

/**
 * handle_free() - free an open file
 * @handle: handle without pending requests
 */
void handle_free(struct handle *handle);

/**
 * handle_keep_text() - keep a text between reads, counted for the user
 * @handle: HANDLE_TEXT without a text
 * @text: copied
 *
 * Return: FALSE above a limit.
 */
gboolean handle_keep_text(struct handle *handle, const GString *text);

/**
 * handle_drop_text() - free the text that was kept
 * @handle: open file
 */
void handle_drop_text(struct handle *handle);

/**
 * handle_from() - get the open file of a request
 * @info: file information of the request
 *
 * Return: the open file.
 */
struct handle *handle_from(const struct fuse_file_info *info);

/**
 * handle_set_poll() - store the poll handle of waiting callers
 * @handle: open file
 * @poll: poll handle, which replaces an earlier one; NULL for none
 * @watchers: list to append the handle to if @poll is set
 */
void handle_set_poll(struct handle *handle, struct fuse_pollhandle *poll,
		     GQueue *watchers);

/**
 * handle_notify_poll() - notify the callers of poll(2)
 * @handle: handle with a poll handle, which is freed
 */
void handle_notify_poll(struct handle *handle);

/**
 * resume_mark_poll() - record a poll request
 * @resume: reads of the open file
 * @events: POLL bits that the request asks for
 */
void resume_mark_poll(struct resume *resume, unsigned int events);

/**
 * resume_offset() - correct the offset of a read request
 * @resume: reads of the open file
 * @offset: offset in the request
 * @size: bytes wanted
 *
 * Return: the offset to read at.
 */
guint64 resume_offset(struct resume *resume, guint64 offset, gsize size);

/**
 * resume_mark_read() - record an answered read
 * @resume: reads of the open file
 * @offset: offset from resume_offset()
 * @len: bytes returned
 * @size: bytes wanted
 */
void resume_mark_read(struct resume *resume, guint64 offset, gsize len,
		      gsize size);

#endif
