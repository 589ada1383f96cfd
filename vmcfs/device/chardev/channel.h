/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel as the driver of a character device tells it. A descriptor
 * without a session is kept for it while there is a channel, and given up when
 * there is none, so that the driver can be unloaded. Sessions are not its
 * affair.
 */
#ifndef VMCFS_CHARDEV_CHANNEL_H
#define VMCFS_CHARDEV_CHANNEL_H

#include "node.h"
#include "../device.h"
#include "uapi/ibmvmc.h"
#include "watch.h"

/**
 * struct chardev_channel - the channel as it was when it was looked at last
 * @path: of the node, absolute
 * @privilege: opens the node
 * @driver: who answered
 * @fd: without a session, or -1
 * @watch: waits for the next look
 * @look_now: called when it is time for one
 * @data: handed to it
 * @info: what the device tells
 * @changed: that it did is still to be told
 * @noted: there is something to tell, of the channel or of a session
 * @offered: HMC indices that are shown where the driver does not tell
 * @closing: a session was closed and none opened since, so that the hypervisor
 *	may still be about to end it
 * @reset_noted: the reset that is over, or goes on, was counted
 * @error: why the node could not be used at the last look, or 0
 * @why: the same as a sentence, or NULL
 */
struct chardev_channel {
	char *path;
	struct privilege *privilege;
	enum chardev_driver driver;
	int fd;
	struct watch *watch;
	void (*look_now)(void *data);
	void *data;
	struct device_info info;
	gboolean changed;
	gboolean noted;
	guint offered;
	gboolean closing;
	gboolean reset_noted;
	int error;
	char *why;
};

/**
 * chardev_channel_init() - see whether there is a driver at all
 * @channel: uninitialised
 * @path: of the node, copied
 * @privilege: of the helper that opens the node; must outlive it
 * @look_now: called from the main loop when chardev_channel_look() is due
 * @data: handed to it
 *
 * Return: 0, or a negative errno with the sentence in @why; to be cleared in
 * both cases.
 */
int chardev_channel_init(struct chardev_channel *channel, const char *path,
			 struct privilege *privilege,
			 void (*look_now)(void *data), void *data);

/**
 * chardev_channel_clear() - free what it holds
 * @channel: initialised
 */
void chardev_channel_clear(struct chardev_channel *channel);

/**
 * chardev_channel_look() - ask the driver how the channel is, and arrange the
 * next look
 * @channel: initialised
 */
void chardev_channel_look(struct chardev_channel *channel);

/**
 * chardev_channel_take() - an answer to INFO that was got for another reason
 * @channel: on a driver that has INFO
 * @info: as the driver filled it
 */
void chardev_channel_take(struct chardev_channel *channel,
			  const struct ibmvmc_ioc_info *info);

/**
 * chardev_channel_offer() - show more HMC indices, where the driver does not
 * tell how many there are
 * @channel: initialised
 * @hmcs: that many, if it is more than before
 */
void chardev_channel_offer(struct chardev_channel *channel, guint hmcs);

/**
 * chardev_channel_note_reset() - a session shows that the channel was reset,
 * where the driver does not tell
 * @channel: initialised
 *
 * What its limits are now is found out by a look that is due at once.
 */
void chardev_channel_note_reset(struct chardev_channel *channel);

/**
 * chardev_channel_open() - open the node once more, for a session
 * @channel: initialised
 * @fd: set on success
 *
 * Return: 0, or a negative errno with the sentence in @why.
 */
int chardev_channel_open(struct chardev_channel *channel, int *fd);

#endif
