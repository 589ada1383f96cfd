/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Channel: the device, its HMC indices, the memory budget that they share, and
 * the text of the status files. It knows no file and no request.
 */
#ifndef VMCFS_CHANNEL_H
#define VMCFS_CHANNEL_H

#include <glib.h>

#include "../errors.h"
#include "../log/memory.h"
#include "hmc.h"
#include "notices.h"

struct clock;
struct device;

/**
 * struct channel_listener - callbacks of a channel
 * @hmc_changed: called after an HMC index changed
 * @changed: called after the channel changed, or indices were added
 */
struct channel_listener {
	void (*hmc_changed)(void *data, struct hmc *hmc);
	void (*changed)(void *data);
};

/**
 * struct channel_config - mount options of the channel
 * @clock: clock of the logs; must outlive the channel
 * @history: bytes of a log segment
 * @memory: bytes of all log segments
 * @records: bytes of the records of an HMC index, or 0 for no log of them
 * @capture: bytes of the same records for the capture files, or 0 for none
 * @sendq: bytes that may wait to be sent, for each HMC index
 * @send_timeout_ms: time limit of a write
 * @open_timeout_ms: time limit of an open
 */
struct channel_config {
	const struct clock *clock;
	gsize history;
	gsize memory;
	gsize records;
	gsize capture;
	gsize sendq;
	guint send_timeout_ms;
	guint open_timeout_ms;
};

/**
 * struct channel - the channel as a whole
 * @device: owned
 * @config: mount options
 * @hmc_config: configuration of the indices
 * @memory: memory budget of the logs
 * @hmcs: struct hmc for each index ever offered; never shrinks
 * @requesting: TRUE while a request for a VMC device is in progress
 * @request_result: result of the last request, 0 or a negative errno
 * @last_error: last error of the channel
 * @reported: state in the last lines of the log
 * @listener: callbacks, or NULL
 * @listener_data: argument of the callbacks
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
	struct channel_reported reported;
	const struct channel_listener *listener;
	void *listener_data;
};

/**
 * channel_new() - make a channel from a device
 * @device: owned by the channel
 * @config: mount options, copied
 *
 * Return: the channel, owned by the caller.
 */
struct channel *channel_new(struct device *device,
			    const struct channel_config *config);

/**
 * channel_free() - free a channel and its device
 * @channel: channel without open files; NULL is allowed
 */
void channel_free(struct channel *channel);

/**
 * channel_listen() - set the listener
 * @channel: channel of the daemon
 * @listener: callbacks, which must outlive the channel, or NULL
 * @data: argument of the callbacks
 */
void channel_listen(struct channel *channel,
		    const struct channel_listener *listener, void *data);

/**
 * channel_is_ready() - check whether the handshake has completed
 * @channel: channel of the daemon
 *
 * Return: TRUE if sessions can be opened.
 */
gboolean channel_is_ready(const struct channel *channel);

/**
 * channel_hmc() - get an HMC index
 * @channel: channel of the daemon
 * @index: HMC index, offered or not
 *
 * Return: the index, or NULL if the channel never offered it.
 */
struct hmc *channel_hmc(const struct channel *channel, guint index);

/**
 * channel_request_vmc() - request a VMC device from the hypervisor, or join the
 * request in progress
 * @channel: channel of the daemon
 *
 * Return: 0 if it is in progress: changed() is called at its end, with the
 * result in @request_result; or the negative errno of device_request_vmc().
 */
int channel_request_vmc(struct channel *channel);

/**
 * channel_command() - check, or carry out, a command of the device itself
 * @channel: channel of the daemon
 * @line: NUL terminated
 * @run: TRUE to carry it out, FALSE to check it only
 *
 * Return: see device_command(); the sentence is in @last_error.
 */
int channel_command(struct channel *channel, const char *line, gboolean run);

/**
 * channel_unsent() - count the queued messages that were lost with their
 * session
 * @channel: channel of the daemon
 *
 * Return: the number for all indices since the daemon began.
 */
guint64 channel_unsent(const struct channel *channel);

/**
 * channel_shut_down() - begin to close every session
 * @channel: channel of the daemon
 *
 * Return: TRUE if no session has queued messages left.
 */
gboolean channel_shut_down(struct channel *channel);

/**
 * status_channel() - append the status of the channel
 * @channel: channel of the daemon
 * @text: string to append to
 *
 * A status is "key: value" lines, which are also a YAML mapping. Keys are only
 * ever added. Neither reading nor time changes a status: two readings without
 * an event between them are equal.
 */
void status_channel(const struct channel *channel, GString *text);

/**
 * status_hmc() - append the status of an HMC index
 * @hmc: HMC index
 * @text: string to append to
 */
void status_hmc(const struct hmc *hmc, GString *text);

#endif
