/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can end a channel, and the words for it, the same for every device.
 */
#ifndef VMCFS_RESETS_H
#define VMCFS_RESETS_H

enum reset_kind {
	RESET_NONE,
	RESET_PARTNER_FAILED,
	RESET_PARTNER_DEREGISTERED,
	RESET_PARTNER_TERMINATED,
	RESET_MIGRATED,
	RESET_OTHER_EVENT,
	RESET_SELF,
	RESET_REMOVED,
	RESET_UNKNOWN, /* the device does not say what it was */
};

/**
 * reset_words() - what happened
 * @kind: any
 *
 * Return: the words, or NULL if nothing did.
 */
const char *reset_words(enum reset_kind kind);

#endif
