/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The channel as a whole: the device, the HMC indices it offers, the memory
 * budget they share. It passes on what the device tells, and tells its own
 * listener when something changed. It knows no file and no request.
 */
#ifndef VMCFS_CHANNEL_H
#define VMCFS_CHANNEL_H

#include <glib.h>

#include "../log/memory.h"
#include "hmc.h"
#include "last-error.h"

struct clock;
struct device;

/**
 * struct channel_listener - who is told
 * @hmc_changed: something happened on an HMC index
 * @changed: something happened to the channel, or indices were added
 */
struct channel_listener {
	void (*hmc_changed)(void *data, struct hmc *hmc);
	void (*changed)(void *data);
};

/**
 * struct channel_config - what the user chose
 * @clock: time of the logs, must outlive the channel
 * @history: bytes of a log segment
 * @memory: bytes of all log segments
 * @sendq: bytes that may wait to be sent, for each HMC index
 * @send_timeout_ms: how long a write may wait
 * @open_timeout_ms: how long an open may take
 */
struct channel_config {
	const struct clock *clock;
	gsize history;
	gsize memory;
	gsize sendq;
	guint send_timeout_ms;
	guint open_timeout_ms;
};

/**
 * struct channel - the channel as a whole
 * @device: owned
 * @config: as the user chose
 * @hmc_config: the same, for the indices
 * @memory: the budget
 * @hmcs: struct hmc for each index ever offered; never shrinks
 * @requesting: a request for a VMC device is under way
 * @request_result: what the last one came to
 * @last_error: of the channel
 * @listener: who is told, or NULL
 * @listener_data: handed to it
 */
struct channel {
	struct device *device;
	struct channel_config config;
	struct hmc_config hmc_config;
	struct memory memory;
	GPtrArray *hmcs;
	gboolean requesting;
	int request_result;
	struct last_error last_error;
	const struct channel_listener *listener;
	void *listener_data;
};

/**
 * channel_new() - take a device into use
 * @device: becomes the channel's
 * @config: copied
 */
struct channel *channel_new(struct device *device,
			    const struct channel_config *config);

/**
 * channel_free() - end it
 * @channel: without open files; NULL is allowed
 */
void channel_free(struct channel *channel);

/**
 * channel_listen() - say who is told
 * @channel: any
 * @listener: must outlive it, or NULL
 * @data: handed to it
 */
void channel_listen(struct channel *channel,
		    const struct channel_listener *listener, void *data);

/**
 * channel_is_ready() - is the handshake done
 * @channel: any
 */
gboolean channel_is_ready(const struct channel *channel);

/**
 * channel_hmc() - one HMC index
 * @channel: any
 * @index: any
 *
 * Return: the index, or NULL if the channel never offered it.
 */
struct hmc *channel_hmc(const struct channel *channel, guint index);

/**
 * channel_request_vmc() - begin to ask the hypervisor for a VMC device, or
 * join a request that is under way
 * @channel: any
 *
 * Return: 0 if it is under way: after changed(), @request_result is its result;
 * a negative errno.
 */
int channel_request_vmc(struct channel *channel);

/**
 * channel_command() - check, or carry out, a command of the device's own
 * @channel: any
 * @line: NUL terminated
 * @run: carry it out
 *
 * Return: as device_command(); the sentence is in @last_error.
 */
int channel_command(struct channel *channel, const char *line, gboolean run);

/**
 * channel_unsent() - messages of all indices that were lost with their session
 * @channel: any
 *
 * Return: the number since the daemon began.
 */
guint64 channel_unsent(const struct channel *channel);

/**
 * channel_shut_down() - begin to end every session
 * @channel: any
 *
 * Return: TRUE if no queued message has to be waited for.
 */
gboolean channel_shut_down(struct channel *channel);

#endif
