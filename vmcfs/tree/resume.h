/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resumed reads: where a read goes on that the kernel repeats. io_uring polls a
 * file after a short read, then reads the rest. On newer kernels (seen on 6.18) that
 * request has the offset of the first one, and would return the same bytes up to
 * 128 times; on older ones (seen on 6.1) it has the offset of the rest. Reads of
 * streams have no offset, and no part in this.
 */
#ifndef VMCFS_RESUME_H
#define VMCFS_RESUME_H

#include <glib.h>

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
 * struct resume - reads of one open file
 * @done: reads that were answered
 * @short_read: the reads before the last poll of io_uring
 * @pending: the rest of @short_read was not requested yet
 */
struct resume {
	struct read_span done;
	struct read_span short_read;
	gboolean pending;
};

/**
 * resume_note_poll() - note a poll request
 * @resume: of the open file
 * @events: POLL bits that the request asks for
 */
void resume_note_poll(struct resume *resume, unsigned int events);

/**
 * resume_offset() - find the offset that a read request means
 * @resume: of the open file
 * @offset: in the request
 * @size: bytes wanted
 */
guint64 resume_offset(struct resume *resume, guint64 offset, gsize size);

/**
 * resume_note_read() - note an answered read
 * @resume: of the open file
 * @offset: returned by resume_offset()
 * @len: bytes returned
 * @size: bytes wanted
 */
void resume_note_read(struct resume *resume, guint64 offset, gsize len,
		      gsize size);

#endif
