/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiver: takes the next request from the kernel. It polls for it or sleeps, as
 * poll-window.c decides, and keeps the processors awake meanwhile. It handles no
 * request, and knows nothing of turns.
 *
 * A client sleeps while it waits for a reply, and its processor with it. To wake
 * the processor takes longer than to handle the request, in a virtual machine
 * above all. The kernel keeps idle processors awake for an open file
 * (/dev/cpu_dma_latency), so that this cannot outlive the daemon.
 */
#ifndef VMCFS_RECEIVER_H
#define VMCFS_RECEIVER_H

#include <glib.h>

#include "poll-window.h"
#include "reply.h"

/**
 * struct receiver - the connection, and how to wait for its next request
 * @session: connection to the kernel
 * @buffer: the request that was received last; it belongs to this object
 * @window: decision to poll
 * @latency: /dev/cpu_dma_latency, -1 if it is not used
 * @held: processors are kept awake
 * @flags: flags of the descriptor, which blocks
 * @blocking: the descriptor blocks
 * @received_us: monotonic microseconds of the last request
 */
struct receiver {
	struct fuse_session *session;
	struct fuse_buf buffer;
	struct poll_window window;
	int latency;
	gboolean held;
	int flags;
	gboolean blocking;
	gint64 received_us;
};

/**
 * receiver_init() - begin without a poll
 * @receiver: filled completely
 * @session: mounted; it stays the caller's, and is used until receiver_clear()
 * @poll_us: microseconds to poll at most, 0..VMCFS_POLL_MAX_US
 *
 * Context: before the filter of system calls is installed.
 */
void receiver_init(struct receiver *receiver, struct fuse_session *session,
		   guint poll_us);

/**
 * receiver_clear() - free the buffer, and let the processors sleep
 * @receiver: initialised
 */
void receiver_clear(struct receiver *receiver);

/**
 * receiver_next() - wait for a request
 * @receiver: initialised
 * @bulk: the last answer was so large that the latency of the next one does not
 *	matter
 *
 * Context: without a turn, since it sleeps.
 *
 * Return: bytes of the request; 0 if the connection has ended; -EINTR after a
 * signal; another negative errno.
 */
int receiver_next(struct receiver *receiver, gboolean bulk);

#endif
