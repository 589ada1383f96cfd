/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channel: the state of the channel that the driver of a character device
 * reports. It handles no sessions.
 *
 * While there is a channel, one descriptor without a session is kept open for
 * it. Without a channel it is closed, so that the driver can be unloaded.
 */
#ifndef VMCFS_CHARDEV_CHANNEL_H
#define VMCFS_CHARDEV_CHANNEL_H

#include "driver.h"
#include "watch.h"

/**
 * struct chardev_channel - the channel, as last queried
 * @drivers: tables of the drivers that may be found, NULL at the end
 * @path: absolute path of the node
 * @privilege: helper that opens the node
 * @driver: table of the present driver, or NULL
 * @fd: descriptor without a session, or -1
 * @watch: timer and trigger of the next query
 * @look_now: called when the next query is due
 * @data: argument of @look_now
 * @info: last state
 * @changed: TRUE if @info changed since the listener was last notified
 * @noted: TRUE if the channel or a session has something to report
 * @offered: HMC indices to show if the driver does not report their number
 * @closing: TRUE if a session was closed and none opened since, so the
 *	hypervisor may not have ended it yet
 * @reset_noted: TRUE if the present or last reset was counted
 * @error: negative errno of the last query if the node could not be used, or 0
 * @why: @error as a sentence, or NULL
 */
struct chardev_channel {
	const struct chardev_driver *const *drivers;
	char *path;
	struct privilege *privilege;
	const struct chardev_driver *driver;
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
 * chardev_channel_init() - open the node and recognise its driver
 * @channel: uninitialised
 * @drivers: candidates, see chardev_driver_recognise(); must outlive it
 * @path: path of the node, copied
 * @privilege: helper that opens the node; must outlive it
 * @look_now: called from the main loop when chardev_channel_look() is due
 * @data: argument of @look_now
 *
 * Return: 0, or a negative errno with the sentence in @why; the caller clears
 * it in both cases.
 */
int chardev_channel_init(struct chardev_channel *channel,
			 const struct chardev_driver *const *drivers,
			 const char *path, struct privilege *privilege,
			 void (*look_now)(void *data), void *data);

/**
 * chardev_channel_clear() - free its contents
 * @channel: initialised
 */
void chardev_channel_clear(struct chardev_channel *channel);

/**
 * chardev_channel_look() - query the driver, and schedule the next query
 * @channel: initialised
 */
void chardev_channel_look(struct chardev_channel *channel);

/**
 * chardev_channel_take_info() - store a result of INFO
 * @channel: channel of a native driver
 * @info: result of INFO
 */
void chardev_channel_take_info(struct chardev_channel *channel,
			       const struct ibmvmc_ioc_info *info);

/**
 * chardev_channel_take_query() - store a result of QUERY
 * @channel: channel of a legacy driver
 * @query: result of QUERY
 *
 * Searches for the MTU when the channel has become ready.
 */
void chardev_channel_take_query(struct chardev_channel *channel,
				const struct ibmvmc_query *query);

/**
 * chardev_channel_offer() - raise the number of HMC indices that are shown
 * @channel: channel of a legacy driver, which does not report their number
 * @hmcs: number to show, if it is above the last one; at most
 *	VMCFS_IN_TREE_HMCS_MAX are shown
 */
void chardev_channel_offer(struct chardev_channel *channel, guint hmcs);

/**
 * chardev_channel_mark_reset() - count a reset that a session revealed
 * @channel: channel of a legacy driver, which does not report resets
 *
 * Schedules a query at once, which finds the new limits.
 */
void chardev_channel_mark_reset(struct chardev_channel *channel);

/**
 * chardev_channel_open() - open the node for a session
 * @channel: initialised
 * @fd: set on success
 *
 * Return: 0, or a negative errno with the sentence in @why.
 */
int chardev_channel_open(struct chardev_channel *channel, int *fd);

/**
 * chardev_mtu_search() - find the MTU of a driver that refuses longer messages
 * @is_too_long: predicate of a length; TRUE for one length implies TRUE for
 *	every greater one
 * @data: argument of @is_too_long
 *
 * Return: the greatest length that is not too long, 0..VMC_MTU_MAX.
 */
guint32 chardev_mtu_search(gboolean (*is_too_long)(void *data, guint32 len),
			   void *data);

#endif
