/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file "message": a log to who opens it for reading only, a channel to who
 * opens it for reading and writing, a way to send to who opens it for writing
 * only. The access mode alone decides.
 */
#ifndef VMCFS_MESSAGE_H
#define VMCFS_MESSAGE_H

#include <glib.h>

#include "fuse.h"
#include "handle.h"

/**
 * message_open() - open a segment
 * @req: answered by this
 * @node: NODE_SEGMENT
 * @flags: of open(2)
 */
void message_open(fuse_req_t req, const struct node *node, int flags);

/**
 * message_check_write() - check whether a segment may be opened for writing
 * @node: NODE_SEGMENT
 *
 * A writer that looked up "message" just before a rotation writes to the same
 * channel as one that looked it up just after.
 *
 * Return: 0, or -EROFS for "message.1", with the sentence in last_error.
 */
int message_check_write(const struct node *node);

/**
 * message_release() - the last descriptor of an open file was closed
 * @handle: gone after this
 */
void message_release(struct handle *handle);

/**
 * message_read() - read from an open file
 * @req: answered by this, or later
 * @handle: any but HANDLE_TEXT
 * @size: bytes wanted
 * @offset: in the segment, without a meaning for a channel
 * @flags: of the open file now
 */
void message_read(fuse_req_t req, struct handle *handle, gsize size,
		  guint64 offset, int flags);

/**
 * message_write() - send a message
 * @req: answered by this, or later
 * @handle: HANDLE_CHANNEL or HANDLE_WRITER
 * @data: @size bytes
 * @size: of the message
 * @flags: of the open file now
 */
void message_write(fuse_req_t req, struct handle *handle, const char *data,
		   gsize size, int flags);

/**
 * message_wake() - something happened on the HMC index: answer who waited for
 * it
 * @files: of the index
 */
void message_wake(struct hmc_files *files);

#endif
