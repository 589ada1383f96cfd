/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open file: what its opener may do with it, and what belongs to this
 * descriptor alone.
 */
#ifndef VMCFS_HANDLE_H
#define VMCFS_HANDLE_H

#include <glib.h>

#include "../log/cursor.h"
#include "fuse.h"
#include "node.h"
#include "resume.h"

struct last_error;

enum handle_type {
	HANDLE_TEXT,	/* README, a status or a control file */
	HANDLE_LOG,	/* message, read only */
	HANDLE_CHANNEL, /* message, read and write */
	HANDLE_WRITER,	/* message, write only */
};

/**
 * struct handle - an open file
 * @type: what it is
 * @node: what was opened
 * @user: user who opened it
 * @text: HANDLE_TEXT: text that is being read, counted for @user; or NULL
 * @text_len: HANDLE_TEXT: bytes of the text read last, 0 before the first read
 * @stream: reads have no offset: @position stands for it
 * @position: HANDLE_TEXT: of the next read; HANDLE_LOG: end of what was read
 * @resume: HANDLE_TEXT, HANDLE_LOG: reads that io_uring may resume
 * @serial: of the session it belongs to, 0 for none yet
 * @cursor: HANDLE_CHANNEL: position of the next read
 * @poll: callers of poll(2) that wait for the file, or NULL
 * @watched: POLL bits that they wait for
 * @watchers: list that holds the handle while @poll is set
 * @watch_link: link in that list
 * @queue: all open files of its kind
 * @link: its place in there
 */
struct handle {
	enum handle_type type;
	struct node node;
	struct user *user;
	GString *text;
	gsize text_len;
	gboolean stream;
	guint64 position;
	guint64 serial;
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
 * @req: open request, not answered by this
 * @type: what it is
 * @node: copied
 * @queue: the handle is added at its end
 * @last: receives the sentence if this fails
 *
 * Return: the handle, or NULL above a limit of open files (ENFILE).
 */
struct handle *handle_new(fuse_req_t req, enum handle_type type,
			  const struct node *node, GQueue *queue,
			  struct last_error *last);

/**
 * handle_free() - end it
 * @handle: nobody is parked on it
 */
void handle_free(struct handle *handle);

/**
 * handle_keep_text() - keep the text that is read, counted for the user
 * @handle: HANDLE_TEXT without a text
 * @text: owned by the handle on success
 *
 * Return: FALSE above a limit; then the handle keeps nothing.
 */
gboolean handle_keep_text(struct handle *handle, GString *text);

/**
 * handle_drop_text() - free the text that was read
 * @handle: any
 */
void handle_drop_text(struct handle *handle);

/**
 * handle_from() - the open file of a request
 * @info: of the request
 */
struct handle *handle_from(const struct fuse_file_info *info);

/**
 * handle_set_poll() - remember that callers of poll(2) wait
 * @handle: any
 * @poll: replaces an earlier one, or NULL
 * @watchers: list that the handle is added to if @poll is set
 */
void handle_set_poll(struct handle *handle, struct fuse_pollhandle *poll,
		     GQueue *watchers);

/**
 * handle_notify_poll() - wake the callers of poll(2), which look again
 * @handle: with a poll handle, which is freed
 */
void handle_notify_poll(struct handle *handle);

#endif
