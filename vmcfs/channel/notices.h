/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notices: the lines of the log about sessions and the channel. They change no
 * state, except what the channel remembers to have reported.
 */
#ifndef VMCFS_NOTICES_H
#define VMCFS_NOTICES_H

#include <glib.h>

#include "../device/device.h"

struct caller;
struct channel;
struct hmc;

/**
 * struct channel_reported - state of the channel in the last lines
 * @begun: TRUE after the first state
 * @state: enum device_state
 * @resets: number of resets
 * @dropped: number of segments dropped for lack of memory
 */
struct channel_reported {
	gboolean begun;
	enum device_state state;
	guint64 resets;
	guint64 dropped;
};

/**
 * notices_channel() - report a new state of the channel, and resets
 * @channel: channel that may have changed
 */
void notices_channel(struct channel *channel);

/**
 * notices_memory() - report segments that were dropped since the last call
 * @channel: channel of the daemon
 */
void notices_memory(struct channel *channel);

/**
 * notices_opened() - report a new session
 * @hmc: HMC index whose session is open
 */
void notices_opened(const struct hmc *hmc);

/**
 * notices_late() - report that a session of open= waits for the channel
 * @index: HMC index, offered or not
 * @id: name of the application
 * @id_len: length of @id in bytes
 */
void notices_late(guint index, gconstpointer id, gsize id_len);

/**
 * notices_option_refused() - report that a session of open= was not opened
 * @index: HMC index, offered or not
 * @id: name of the application
 * @id_len: length of @id in bytes
 * @why: cause
 */
void notices_option_refused(guint index, gconstpointer id, gsize id_len,
			    const char *why);

/**
 * notices_not_opened() - report that a session was not opened
 * @hmc: HMC index
 * @id: name of the application
 * @id_len: length of @id in bytes
 * @why: cause
 */
void notices_not_opened(const struct hmc *hmc, gconstpointer id, gsize id_len,
			const char *why);

/**
 * notices_closed() - report that a session was ended from this side
 * @hmc: HMC index whose session ends
 */
void notices_closed(const struct hmc *hmc);

/**
 * notices_lost() - report that a session ended, and nobody closed it
 * @hmc: HMC index whose session ends
 * @why: cause
 */
void notices_lost(const struct hmc *hmc, const char *why);

/**
 * notices_unsent() - report accepted messages that were lost with their session
 * @hmc: HMC index whose session ends
 * @count: number of messages, above 0
 */
void notices_unsent(const struct hmc *hmc, guint count);

/**
 * notices_not_stored() - report messages that the device could not store
 * @hmc: HMC index
 * @count: number of messages, above 0
 * @why: cause
 */
void notices_not_stored(const struct hmc *hmc, guint count, const char *why);

/**
 * notices_missed() - report that a reader missed messages
 * @hmc: HMC index
 * @caller: process that reads
 */
void notices_missed(const struct hmc *hmc, const struct caller *caller);

#endif
