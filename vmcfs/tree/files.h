/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files: serves the requests for text files, control files, message, log,
 * log.json and capture. It does not dispatch them: the table of FUSE operations
 * does.
 */
#ifndef VMCFS_FILES_H
#define VMCFS_FILES_H

#include <glib.h>

#include "handle.h"
#include "reply.h"
#include "tree.h"

/**
 * text_file_open() - open a text file
 * @req: answered
 * @tree: tree of the file
 * @node: README, a control or a status file
 * @flags: flags of open(2)
 */
void text_file_open(fuse_req_t req, struct tree *tree, const struct node *node,
		    int flags);

/**
 * text_file_read() - read a text file
 * @req: answered
 * @tree: tree of the file
 * @handle: HANDLE_TEXT
 * @size: bytes wanted
 * @offset: offset in the text, ignored for a stream
 *
 * A read at offset 0 makes a new text; reads at other offsets return parts of
 * it, and make it if there is none yet. Answers ENFILE if the text would have
 * to be kept for the next read and its user keeps too many.
 */
void text_file_read(fuse_req_t req, struct tree *tree, struct handle *handle,
		    gsize size, guint64 offset);

/**
 * text_file_rewind() - let the next read of a stream make a new text
 * @handle: HANDLE_TEXT
 */
void text_file_rewind(struct handle *handle);

/**
 * control_write() - carry out the commands of a write to a control file
 * @req: answered, now or when the commands have ended
 * @tree: tree of the file
 * @handle: open control file
 * @data: @size bytes, not checked yet
 * @size: length in bytes
 */
void control_write(fuse_req_t req, struct tree *tree, struct handle *handle,
		   const char *data, gsize size);

/**
 * control_wake() - continue commands that may wait for a change
 * @commands: pending requests
 */
void control_wake(GQueue *commands);

/**
 * message_open() - open a segment
 * @req: answered
 * @node: NODE_SEGMENT
 * @flags: flags of open(2); the access mode selects log, channel or writer
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
 * message_release() - close an open file
 * @handle: handle without descriptors; freed
 */
void message_release(struct handle *handle);

/**
 * message_read() - read from an open file
 * @req: answered, now or when there is a message
 * @handle: open file, not HANDLE_TEXT
 * @size: bytes wanted
 * @offset: offset in the segment, ignored for a channel
 * @flags: present flags of the open file
 */
void message_read(fuse_req_t req, struct handle *handle, gsize size,
		  guint64 offset, int flags);

/**
 * message_write() - send a message
 * @req: answered, now or when there is room
 * @handle: HANDLE_CHANNEL or HANDLE_WRITER
 * @data: @size bytes
 * @size: length of the message in bytes
 * @flags: present flags of the open file
 */
void message_write(fuse_req_t req, struct handle *handle, const char *data,
		   gsize size, int flags);

/**
 * message_wake() - answer pending reads and writes after an event
 * @files: directory of the HMC index
 */
void message_wake(struct hmc_files *files);

/**
 * journal_file_open() - open log, log.json or capture
 * @req: answered
 * @node: NODE_JOURNAL
 * @flags: flags of open(2); with O_RDWR the file can be truncated, but not
 *	written to
 */
void journal_file_open(fuse_req_t req, const struct node *node, int flags);

/**
 * journal_file_release() - close an open file
 * @handle: HANDLE_JOURNAL without descriptors; freed
 */
void journal_file_release(struct handle *handle);

/**
 * journal_file_read() - read lines or blocks
 * @req: answered
 * @handle: HANDLE_JOURNAL
 * @size: bytes wanted
 * @offset: offset in the file
 */
void journal_file_read(fuse_req_t req, struct handle *handle, gsize size,
		       guint64 offset);

/**
 * journal_file_has_more() - check whether a read has more to return
 * @handle: HANDLE_JOURNAL
 *
 * Return: TRUE before the end of the lines, or of the gap in place of dropped
 * ones.
 */
gboolean journal_file_has_more(const struct handle *handle);

/**
 * journal_file_end() - correct the size of a file whose records were dropped
 * @node: log, log.json or capture; nothing happens if it has its records
 * @thread: thread that asks, as in a FUSE request
 * @attributes: st_size is set to the end of the file for the open file of the
 *	thread, or the greatest one for all open files
 *
 * Programs such as GNU tail regard a file as unchanged only if its size is the
 * number of bytes that they have read.
 */
void journal_file_end(const struct node *node, pid_t thread,
		      struct stat *attributes);

/**
 * journal_file_write() - refuse a write
 * @handle: HANDLE_JOURNAL
 *
 * Return: -EROFS, with the sentence in last_error.
 */
int journal_file_write(const struct handle *handle);

/**
 * journal_file_truncate() - remove the lines that an open file has read
 * @node: NODE_JOURNAL
 * @handle: open file of @node, or NULL for a truncation by name
 * @size: wanted size of the file
 *
 * Return: 0; -EROFS without an open file, with the sentence in last_error;
 * -EINVAL unless @size is 0.
 */
int journal_file_truncate(const struct node *node, const struct handle *handle,
			  guint64 size);

/* Changes of an HMC index, as bits. */
enum readiness_change {
	CHANGE_MESSAGES = 1 << 0, /* messages were received */
	CHANGE_SESSION = 1 << 1,  /* a session began or ended */
	CHANGE_SEGMENT = 1 << 2,  /* the log was rotated */
	CHANGE_DROPPED = 1 << 3,  /* segments were dropped */
	CHANGE_RECORDS = 1 << 4,  /* records were added to the journal */
};

/**
 * readiness_events() - get the current events of an open file
 * @handle: open file, not HANDLE_TEXT
 *
 * Return: POLL bits.
 */
unsigned int readiness_events(const struct handle *handle);

/**
 * readiness_watch() - notify a caller of poll(2) when events occur
 * @handle: open file, not HANDLE_TEXT
 * @poll: owned by the handle after this; replaces an earlier one
 * @events: POLL bits, added to those of an earlier caller
 */
void readiness_watch(struct handle *handle, struct fuse_pollhandle *poll,
		     unsigned int events);

/**
 * readiness_mark_full() - record that a caller found no room for a message
 * @files: directory of the HMC index
 *
 * The next readiness_notify() that finds room notifies the writers.
 */
void readiness_mark_full(struct hmc_files *files);

/**
 * readiness_mark_sent() - record that a message was sent
 * @files: directory of the HMC index
 *
 * The next wakeups_run() notifies those who wait for lines of the journal.
 */
void readiness_mark_sent(struct hmc_files *files);

/**
 * readiness_take_changes() - find the changes since the last call
 * @files: directory of the HMC index
 *
 * Return: bits of enum readiness_change.
 */
guint readiness_take_changes(struct hmc_files *files);

/**
 * readiness_notify() - notify the callers of poll(2) that changes concern
 * @files: directory of the HMC index
 * @changes: bits of enum readiness_change
 *
 * The cost depends on the number of these callers only.
 */
void readiness_notify(struct hmc_files *files, guint changes);

#endif
