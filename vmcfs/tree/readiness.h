/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readiness of message: the events that poll(2) returns for an open file, and
 * the notification of those who wait for them. Each change of an HMC index costs
 * only the open files that it concerns. Reads and writes that wait are not
 * handled here.
 */
#ifndef VMCFS_READINESS_H
#define VMCFS_READINESS_H

#include <glib.h>

#include "fuse.h"
#include "handle.h"

/* Changes of an HMC index, as bits. */
enum readiness_change {
	CHANGE_MESSAGES = 1 << 0, /* messages were received */
	CHANGE_SESSION = 1 << 1,  /* a session began or ended */
	CHANGE_SEGMENT = 1 << 2,  /* the log was rotated */
	CHANGE_DROPPED = 1 << 3,  /* segments were dropped */
};

/**
 * readiness_events() - POLL bits of an open file
 * @handle: any but HANDLE_TEXT
 */
unsigned int readiness_events(const struct handle *handle);

/**
 * readiness_watch() - notify a caller of poll(2) when events occur
 * @handle: any but HANDLE_TEXT
 * @poll: owned by the handle after this; replaces an earlier one
 * @events: POLL bits, added to those of an earlier caller
 */
void readiness_watch(struct handle *handle, struct fuse_pollhandle *poll,
		     unsigned int events);

/**
 * readiness_note_full() - note that a write found no room
 * @files: of the HMC index
 *
 * Whoever saw that is to be notified when there is room.
 */
void readiness_note_full(struct hmc_files *files);

/**
 * readiness_take_changes() - find the changes since the last call
 * @files: of the HMC index
 *
 * Return: bits of enum readiness_change.
 */
guint readiness_take_changes(struct hmc_files *files);

/**
 * readiness_notify() - notify the callers of poll(2) that changes concern
 * @files: of the HMC index
 * @changes: bits of enum readiness_change
 */
void readiness_notify(struct hmc_files *files, guint changes);

#endif
