/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One open file of the character device: the session of an HMC index, or an
 * attempt at one. What both drivers have in common is here; what they do not,
 * behind a table. Nothing here calls the listener: what there is to tell is
 * left in the session for the device to find.
 */
#ifndef VMCFS_CHARDEV_SESSION_H
#define VMCFS_CHARDEV_SESSION_H

#include "channel.h"
#include "../device.h"
#include "watch.h"

struct chardev_session;

enum chardev_session_state {
	CHARDEV_SESSION_OPENING,
	CHARDEV_SESSION_READY,
	CHARDEV_SESSION_DEAD, /* @error tells why; messages may be left */
};

/**
 * struct chardev_session_ops - how a driver has it
 * @size: of the structure that begins with struct chardev_session
 * @open: begin to open, on a new file: 0, or a negative errno
 * @event: something came, see watch_func()
 * @look: the channel was looked at; NULL if nothing follows from that
 * @send: one message: 0, -EAGAIN with @blocked set, or another negative errno
 * @received: a read(2) gave this many bytes, or this negative errno
 * @get_info: see device_get_hmc_info()
 */
struct chardev_session_ops {
	gsize size;
	int (*open)(struct chardev_session *session,
		    const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms);
	void (*event)(struct chardev_session *session, GIOCondition condition,
		      gboolean due);
	void (*look)(struct chardev_session *session);
	int (*send)(struct chardev_session *session, gconstpointer data,
		    guint32 len);
	void (*received)(struct chardev_session *session, gssize result);
	void (*get_info)(struct chardev_session *session,
			 struct device_hmc_info *info);
};

/**
 * struct chardev_session - one open file
 * @ops: of its driver
 * @channel: it belongs to
 * @index: HMC index wanted
 * @fd: the file
 * @watch: over it
 * @state: enum chardev_session_state
 * @error: negative errno
 * @told: the listener knows that it was opened
 * @noted: there is something to tell
 * @readable: a message came, and no read was tried since
 * @writable: a message may go again
 * @blocked: one could not go
 * @lost: messages the driver could not take, and the listener does not know of
 * @mtu: room for its longest message in bytes
 * @left: messages that may be read before others have their turn
 * @batch: how many these were at the last turn
 * @turn: of the main loop, when it was
 * @early: a message that was read already, or NULL
 */
struct chardev_session {
	const struct chardev_session_ops *ops;
	struct chardev_channel *channel;
	guint index;
	int fd;
	struct watch *watch;
	enum chardev_session_state state;
	int error;
	gboolean told;
	gboolean noted;
	gboolean readable;
	gboolean writable;
	gboolean blocked;
	guint lost;
	guint32 mtu;
	guint left;
	guint batch;
	guint turn;
	GBytes *early;
};

/**
 * chardev_session_new() - begin to open a session
 * @channel: must outlive it; its driver is known
 * @index: HMC index wanted
 * @hmc_id: the application's name
 * @timeout_ms: how long it may take in all
 * @func: called with the session when something came, to call event()
 * @session: the result, on success
 *
 * Return: 0 or a negative errno; then nothing is left open.
 */
int chardev_session_new(struct chardev_channel *channel, guint index,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms,
			watch_func *func, struct chardev_session **session);

/**
 * chardev_session_free() - close its file; unread messages are gone
 * @session: NULL is allowed
 */
void chardev_session_free(struct chardev_session *session);

/**
 * chardev_session_note() - there is something to tell
 * @session: any
 */
void chardev_session_note(struct chardev_session *session);

/**
 * chardev_session_end() - it is dead
 * @session: any; the first reason stays
 * @error: negative errno
 */
void chardev_session_end(struct chardev_session *session, int error);

/**
 * chardev_session_probe() - try a read, for the error it may give
 * @session: not opening
 *
 * A message that happens to be there is kept, and told as one that came.
 */
void chardev_session_probe(struct chardev_session *session);

/**
 * chardev_session_next() - see device_next()
 * @session: any
 * @room: set on success
 */
int chardev_session_next(struct chardev_session *session, guint32 *room);

/**
 * chardev_session_receive() - see device_receive()
 * @session: chardev_session_next() was the last call
 * @to: where to read it to
 * @room: as that told
 */
gssize chardev_session_receive(struct chardev_session *session, guint8 *to,
			       guint32 room);

#endif
