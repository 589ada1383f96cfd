/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Session: one open file of the character device, and all sessions of a device.
 * The parts that differ between the drivers are in struct chardev_driver.
 *
 * An event only sets flags in the session; chardev_sessions_notify() turns them
 * into calls of the listener.
 */
#ifndef VMCFS_CHARDEV_SESSION_H
#define VMCFS_CHARDEV_SESSION_H

#include "chardev-channel.h"

enum chardev_session_state {
	CHARDEV_SESSION_OPENING,
	CHARDEV_SESSION_READY,
	CHARDEV_SESSION_DEAD, /* because of @error; messages may be left */
};

/**
 * struct chardev_session - one open file
 * @driver: table of its driver
 * @channel: channel of the session
 * @index: HMC index that was requested
 * @fd: descriptor of the file
 * @watch: watch over @fd
 * @state: enum chardev_session_state
 * @error: negative errno
 * @announced: TRUE if the listener's opened() was called
 * @noted: TRUE if there is something to report
 * @readable: TRUE if a message arrived and no read was tried since
 * @writable: TRUE if a message may be sent again
 * @blocked: TRUE if a message could not be sent
 * @lost: messages lost by the driver and not reported to the listener yet
 * @mtu: size of its longest message in bytes
 * @left: messages that may be read before other sessions have their turn
 * @batch: value of @left in the last turn
 * @turn: number of that turn of the main loop
 * @early: message that a probe has read, or NULL
 */
struct chardev_session {
	const struct chardev_driver *driver;
	struct chardev_channel *channel;
	guint index;
	int fd;
	struct watch *watch;
	enum chardev_session_state state;
	int error;
	gboolean announced;
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
 * @channel: channel with a driver; must outlive it
 * @index: HMC index to request
 * @hmc_id: name of the application
 * @timeout_ms: time limit of the whole open
 * @func: called with the session on an event; calls the driver's event()
 * @session: set on success
 *
 * Return: 0 or a negative errno; then no file stays open.
 */
int chardev_session_new(struct chardev_channel *channel, guint index,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms,
			watch_func *func, struct chardev_session **session);

/**
 * chardev_session_free() - close its file, and drop unread messages
 * @session: NULL is allowed
 */
void chardev_session_free(struct chardev_session *session);

/**
 * chardev_session_mark() - mark the session as having something to report
 * @session: session, open or dead
 */
void chardev_session_mark(struct chardev_session *session);

/**
 * chardev_session_end() - mark the session as dead
 * @session: session; a dead one keeps its first error
 * @error: negative errno
 */
void chardev_session_end(struct chardev_session *session, int error);

/**
 * chardev_session_probe() - try a read, to get the error of a dead session
 * @session: session that is not opening
 *
 * A message that the read returns is kept in @early and reported as usual.
 */
void chardev_session_probe(struct chardev_session *session);

/**
 * chardev_session_next() - implement device_next()
 * @session: session, open or dead
 * @room: set on success
 *
 * Return: 0 or -EAGAIN.
 */
int chardev_session_next(struct chardev_session *session, guint32 *room);

/**
 * chardev_session_receive() - implement device_receive()
 * @session: session; chardev_session_next() was the last call
 * @to: buffer of @room bytes
 * @room: size that chardev_session_next() returned
 *
 * Return: bytes, or -EAGAIN.
 */
gssize chardev_session_receive(struct chardev_session *session, guint8 *to,
			       guint32 room);

/**
 * struct chardev_sessions - all sessions of a device
 * @device: device, for its listener
 * @at: session of each HMC index, or NULL
 * @turn: number of the turn of the main loop, counted by the device
 */
struct chardev_sessions {
	struct device *device;
	struct chardev_session *at[VMC_HMCS_MAX];
	guint turn;
};

/**
 * chardev_sessions_drop() - end the session of an index, if there is one
 * @sessions: initialised
 * @index: HMC index
 */
void chardev_sessions_drop(struct chardev_sessions *sessions, guint index);

/**
 * chardev_sessions_clear() - end all sessions
 * @sessions: initialised
 */
void chardev_sessions_clear(struct chardev_sessions *sessions);

/**
 * chardev_sessions_look() - let each session react to the state of the channel
 * @sessions: initialised
 */
void chardev_sessions_look(struct chardev_sessions *sessions);

/**
 * chardev_sessions_are_open() - check whether all lower indices are open
 * @sessions: initialised
 * @index: HMC index above them
 *
 * Return: TRUE if each has a session that is not opening.
 */
gboolean chardev_sessions_are_open(const struct chardev_sessions *sessions,
				   guint index);

/**
 * chardev_sessions_notify() - report pending changes to the listener
 * @sessions: initialised
 */
void chardev_sessions_notify(struct chardev_sessions *sessions);

#endif
