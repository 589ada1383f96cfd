/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sessions of a character device, one for each HMC index at most, and the
 * telling of what happened to them. It opens none.
 */
#ifndef VMCFS_CHARDEV_SESSIONS_H
#define VMCFS_CHARDEV_SESSIONS_H

#include "session.h"

/**
 * struct chardev_sessions - all sessions of a device
 * @device: theirs, for its listener
 * @at: the session of each HMC index, or NULL
 * @turn: of the main loop; counted by the device
 */
struct chardev_sessions {
	struct device *device;
	struct chardev_session *at[VMC_HMCS_MAX];
	guint turn;
};

/**
 * chardev_sessions_drop() - end the session of an index, if there is one
 * @sessions: any
 * @index: HMC index
 */
void chardev_sessions_drop(struct chardev_sessions *sessions, guint index);

/**
 * chardev_sessions_clear() - end all of them
 * @sessions: any
 */
void chardev_sessions_clear(struct chardev_sessions *sessions);

/**
 * chardev_sessions_look() - the channel was looked at
 * @sessions: any
 */
void chardev_sessions_look(struct chardev_sessions *sessions);

/**
 * chardev_sessions_are_open() - have all indices below one a session
 * @sessions: any
 * @index: HMC index
 *
 * One that is being opened does not count.
 */
gboolean chardev_sessions_are_open(const struct chardev_sessions *sessions,
				   guint index);

/**
 * chardev_sessions_tell() - tell the listener what there is to tell
 * @sessions: any
 */
void chardev_sessions_tell(struct chardev_sessions *sessions);

#endif
