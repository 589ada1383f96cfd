/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One HMC index and the session that may be open on it: opening, closing,
 * sending through the bounded queue, receiving into the log, counters. It
 * never waits: what has to wait is told by -EAGAIN, and by a call when it is
 * worth another look. It knows no file and no request.
 */
#ifndef VMCFS_HMC_H
#define VMCFS_HMC_H

#include <glib.h>

#include "last-error.h"
#include "sendq.h"
#include "vmc/limits.h"

struct device;
struct hmc;
struct log;
struct memory;

enum hmc_state {
	HMC_NONE, /* no session */
	HMC_OPENING,
	HMC_READY,
	HMC_CLOSING, /* queued messages are sent before the session ends */
};

/**
 * struct hmc_config - what all HMC indices of a mount share
 * @device: the channel
 * @memory: the budget of the logs
 * @history: bytes of a log segment
 * @sendq: bytes that may wait to be sent
 * @send_timeout_ms: how long a close waits for them
 * @open_timeout_ms: how long an open may take
 * @changed: called when something happened that a waiter may wait for
 * @data: handed to it
 */
struct hmc_config {
	struct device *device;
	struct memory *memory;
	gsize history;
	gsize sendq;
	guint send_timeout_ms;
	guint open_timeout_ms;
	void (*changed)(void *data, struct hmc *hmc);
	void *data;
};

/**
 * struct hmc_counters - since the daemon began
 * @sent_messages: taken by the device
 * @sent_bytes: in these
 * @received_messages: empty ones included
 * @received_bytes: in these
 * @received_empty: messages without a byte, which are not delivered
 * @received_lost: messages that the device could not take
 * @sessions: opened
 * @unsent_messages: given to the queue, and lost with their session
 */
struct hmc_counters {
	guint64 sent_messages;
	guint64 sent_bytes;
	guint64 received_messages;
	guint64 received_bytes;
	guint64 received_empty;
	guint64 received_lost;
	guint64 sessions;
	guint64 unsent_messages;
};

/**
 * struct hmc - one HMC index
 * @config: shared
 * @index: HMC index
 * @state: enum hmc_state
 * @serial: of the newest session, from 1 on; tells an old descriptor from a
 *	new session
 * @attempt: opens ever begun; tells one open from the next
 * @result: what the last open or close came to: 0 or negative errno
 * @id: the name of the session's application
 * @id_len: its bytes
 * @left: open or session whose writer left; the next open of its ID joins
 * @opened_at: wall clock in microseconds, 0 if there was no session yet
 * @ended: why the last session ended, NULL if none did
 * @log: its messages
 * @sendq: what waits for the device
 * @moved_at: monotonic microseconds, when the device last took a message
 * @stalled: a writer waited in vain, and nothing moved since
 * @drain: source id of the close's time-out, or 0
 * @channels: channel readers
 * @waiting_readers: requests that wait for a message
 * @waiting_writers: requests that wait for room
 * @counters: since the daemon began
 * @last_error: of this index
 */
struct hmc {
	const struct hmc_config *config;
	guint index;
	enum hmc_state state;
	guint64 serial;
	guint64 attempt;
	int result;
	guint8 id[VMC_HMC_ID_LEN];
	gsize id_len;
	gboolean left;
	gint64 opened_at;
	char *ended;
	struct log *log;
	struct sendq sendq;
	gint64 moved_at;
	gboolean stalled;
	guint drain;
	guint channels;
	guint waiting_readers;
	guint waiting_writers;
	struct hmc_counters counters;
	struct last_error last_error;
};

/**
 * hmc_new() - an index without a session
 * @config: must outlive it
 * @index: HMC index
 */
struct hmc *hmc_new(const struct hmc_config *config, guint index);

/**
 * hmc_free() - end it
 * @hmc: NULL is allowed; nobody reads its log any more
 */
void hmc_free(struct hmc *hmc);

/**
 * hmc_open() - begin to open a session, or join an open that was left
 * @hmc: any
 * @id: the application's name
 * @id_len: 1..VMC_HMC_ID_LEN
 *
 * The end is told by @changed: the state is HMC_READY, or HMC_NONE with the
 * reason in @result (-ETIMEDOUT, -ECONNREFUSED, -ENODEV, -EBUSY, -ECONNRESET).
 *
 * Return: 0 if it is under way; -EBUSY if there is a session; -ENODEV if the
 * channel does not offer this index.
 */
int hmc_open(struct hmc *hmc, gconstpointer id, gsize id_len);

/**
 * hmc_leave() - stop waiting for the open
 * @hmc: any
 *
 * The open goes on. Until the session ends, the next open with the same ID
 * joins it.
 */
void hmc_leave(struct hmc *hmc);

/**
 * hmc_close() - end the session
 * @hmc: any
 *
 * What is queued is sent first, if that is possible in the time allowed.
 *
 * Return: 0 if there is no session any more; -EINPROGRESS if queued messages
 * are waited for: @changed tells the end, @result is -ETIMEDOUT if some could
 * not be sent; -ENXIO if there was none.
 */
int hmc_close(struct hmc *hmc);

/**
 * hmc_rotate() - rename message to message.1 and begin a new message
 * @hmc: any index
 */
void hmc_rotate(struct hmc *hmc);

/**
 * hmc_abort() - end the session, or give up an open, at once
 * @hmc: any
 * @error: negative errno for who waits for it
 * @why: for the status file
 */
void hmc_abort(struct hmc *hmc, int error, const char *why);

/**
 * hmc_send() - send a message, or queue it
 * @hmc: any
 * @serial: of the session it is meant for
 * @data: @len bytes
 * @len: any; 0 sends nothing
 *
 * Return: 0; -EAGAIN if the queue is full; -ETIMEDOUT if it is full and
 * nothing has moved since a writer waited in vain; -ENXIO if that session is
 * not open; -EMSGSIZE; -EIO. After an error nothing was sent.
 */
int hmc_send(struct hmc *hmc, guint64 serial, gconstpointer data, gsize len);

/**
 * hmc_check_send() - could a message ever be sent
 * @hmc: any
 * @serial: of the session it is meant for
 * @len: of the message
 *
 * Return: 0, -ENXIO, -EMSGSIZE, with the sentence in @last_error.
 */
int hmc_check_send(struct hmc *hmc, guint64 serial, gsize len);

/**
 * hmc_writable() - would a message be taken
 * @hmc: any
 */
gboolean hmc_writable(const struct hmc *hmc);

/**
 * hmc_waited() - a writer waited for room as long as it may
 * @hmc: any
 *
 * Return: TRUE if nothing moved meanwhile: writes fail until something does.
 */
gboolean hmc_waited(struct hmc *hmc);

/**
 * hmc_is_open() - is this session open
 * @hmc: any
 * @serial: of the session
 */
gboolean hmc_is_open(const struct hmc *hmc, guint64 serial);

/**
 * hmc_why_not_open() - why a session is not open, and what to do
 * @hmc: any
 * @serial: of a session that is not open, or 0 for any
 *
 * Return: the words.
 */
const char *hmc_why_not_open(const struct hmc *hmc, guint64 serial);

/**
 * hmc_mtu() - the largest message in bytes, 0 while it is not known
 * @hmc: any
 */
guint32 hmc_mtu(const struct hmc *hmc);

/* What the device tells; see struct device_listener. */
void hmc_on_opened(struct hmc *hmc, int error);
void hmc_on_readable(struct hmc *hmc);
void hmc_on_writable(struct hmc *hmc);
void hmc_on_message_lost(struct hmc *hmc, guint count, int error);
void hmc_on_lost(struct hmc *hmc, int error);

#endif
