/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An open file: what its opener may do with it, and what belongs to this
 * descriptor alone.
 */
#ifndef VMCFS_HANDLE_H
#define VMCFS_HANDLE_H

#include <glib.h>

#include "../log/place.h"
#include "fuse.h"
#include "node.h"

enum handle_type {
	HANDLE_TEXT,	/* a snapshot, or a control file */
	HANDLE_LOG,	/* message, read only */
	HANDLE_CHANNEL, /* message, read and write */
	HANDLE_WRITER,	/* message, write only */
};

/**
 * struct handle - an open file
 * @type: what it is
 * @node: what was opened
 * @text: HANDLE_TEXT: what there is to read
 * @stream: reads have no offset: @position stands for it
 * @position: HANDLE_TEXT: of the next read; HANDLE_LOG: end of the last read
 * @serial: of the session it belongs to, 0 for none yet
 * @place: HANDLE_CHANNEL: what it reads next
 * @poll: who waits for the file by poll(2), or NULL
 * @queue: all open files of its kind
 * @link: its place in there
 */
struct handle {
	enum handle_type type;
	struct node node;
	GString *text;
	gboolean stream;
	guint64 position;
	guint64 serial;
	struct place place;
	struct fuse_pollhandle *poll;
	GQueue *queue;
	GList link;
};

/**
 * handle_new() - begin an open file
 * @type: what it is
 * @node: copied
 * @queue: it is added at the end
 */
struct handle *handle_new(enum handle_type type, const struct node *node,
			  GQueue *queue);

/**
 * handle_free() - end it
 * @handle: nobody is parked on it
 */
void handle_free(struct handle *handle);

/**
 * handle_from() - the open file of a request
 * @info: of the request
 */
struct handle *handle_from(const struct fuse_file_info *info);

/**
 * handle_set_poll() - remember who waits by poll(2)
 * @handle: any
 * @poll: takes the place of an earlier one, may be NULL
 */
void handle_set_poll(struct handle *handle, struct fuse_pollhandle *poll);

/**
 * handle_notify_poll() - tell who waits by poll(2) to look again, once
 * @handle: any
 */
void handle_notify_poll(struct handle *handle);

#endif
