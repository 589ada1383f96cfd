/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be there before the tree can be mounted: a channel that is up,
 * and the sessions the user wants from the beginning.
 */
#ifndef VMCFS_BRING_UP_H
#define VMCFS_BRING_UP_H

#include <glib.h>

struct channel;
struct device;
struct options;
struct privilege;

/**
 * bring_up_device() - make the device the user chose
 * @options: parsed
 * @privilege: of the helper that opens the node; must outlive the device
 * @device: the result, on success
 *
 * What is wrong is said on standard error.
 *
 * Return: 0, or the exit status to end with.
 */
int bring_up_device(const struct options *options, struct privilege *privilege,
		    struct device **device);

/**
 * bring_up_channel() - start it and wait until it is up
 * @channel: not started
 *
 * A channel that is not up in time is no failure: its directories come later.
 *
 * Return: 0, or the exit status to end with.
 */
int bring_up_channel(struct channel *channel);

/**
 * bring_up_sessions() - open the sessions the user wants
 * @channel: started
 * @sessions: struct session_option
 *
 * Return: 0 when all are open, else the exit status to end with.
 */
int bring_up_sessions(struct channel *channel, GPtrArray *sessions);

#endif
