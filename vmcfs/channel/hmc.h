/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMC: one HMC index and its session: open, close, bounded send queue, log of
 * the received messages, counters. It never waits, and knows no file and no
 * request.
 */
#ifndef VMCFS_HMC_H
#define VMCFS_HMC_H

#include <glib.h>
#include <time.h>

#include "../errors.h"
#include "../notice.h"
#include "metrics.h"
#include "sendq.h"
#include "vmc/limits.h"

struct device;
struct hmc;
struct journal;
struct log;
struct memory;

enum hmc_state {
	HMC_NONE, /* no session */
	HMC_OPENING,
	HMC_READY,
	HMC_CLOSING, /* queued messages are sent before the session ends */
};

/**
 * struct hmc_config - configuration that all HMC indices of a mount share
 * @device: device of the channel
 * @memory: memory budget of the logs
 * @history: bytes of a log segment
 * @records: bytes of the records of an index, or 0 for no log of them
 * @capture: bytes of the same records for the capture files, or 0 for none
 * @sendq: bytes that may wait to be sent
 * @send_timeout_ms: time limit of a write, and of the drain at a close
 * @open_timeout_ms: time limit of an open
 * @changed: called after each change that a pending request may wait for
 * @data: argument of @changed
 */
struct hmc_config {
	struct device *device;
	struct memory *memory;
	gsize history;
	gsize records;
	gsize capture;
	gsize sendq;
	guint send_timeout_ms;
	guint open_timeout_ms;
	void (*changed)(void *data, struct hmc *hmc);
	void *data;
};

/**
 * struct hmc_counters - counters since the daemon began
 * @sent_messages: messages that the device accepted
 * @sent_bytes: bytes of @sent_messages
 * @received_messages: received messages, including empty ones
 * @received_bytes: bytes of @received_messages
 * @received_empty: empty messages, which are not delivered
 * @received_lost: messages that the device could not store
 * @sessions: opened sessions
 * @sessions_lost: sessions that ended and were not closed
 * @unsent_messages: queued messages that were lost with their session
 */
struct hmc_counters {
	guint64 sent_messages;
	guint64 sent_bytes;
	guint64 received_messages;
	guint64 received_bytes;
	guint64 received_empty;
	guint64 received_lost;
	guint64 sessions;
	guint64 sessions_lost;
	guint64 unsent_messages;
};

/**
 * struct hmc - one HMC index
 * @config: shared configuration
 * @index: HMC index
 * @state: enum hmc_state
 * @serial: number of the newest session, from 1; descriptors of older sessions
 *	have a smaller one
 * @attempt: number of opens ever begun
 * @result: result of the last open or close, 0 or a negative errno
 * @id: name of the session's application
 * @id_len: length of @id in bytes
 * @caller: process that gave the last command to open or close; not known for
 *	those of the daemon itself
 * @left: TRUE if the writer that opened the session stopped waiting; the next
 *	open with the same ID joins it
 * @opened_at: wall clock in microseconds, 0 before the first session
 * @ended: reason why the last session ended, NULL before that
 * @log: received messages
 * @journal: records of messages and sessions, or NULL for no records
 * @sendq: messages that wait for the device
 * @moved_at: monotonic microseconds when the device last accepted a message
 *	while others waited
 * @stalled: TRUE if a write timed out and the device accepted no message since
 * @drain: source ID of the timeout of a close, or 0
 * @channels: number of channel readers
 * @waiting_readers: number of pending reads
 * @waiting_writers: number of pending writes
 * @counters: counters since the daemon began
 * @write_wait: time that writes waited for room
 * @asked_at: wall clock when a message was sent after the last one was received;
 *	0 seconds if none was
 * @round_trip: time from then to the next received message that is not empty
 * @last_error: last error of this index
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
	struct caller caller;
	gboolean left;
	gint64 opened_at;
	char *ended;
	struct log *log;
	struct journal *journal;
	struct sendq sendq;
	gint64 moved_at;
	gboolean stalled;
	guint drain;
	guint channels;
	guint waiting_readers;
	guint waiting_writers;
	struct hmc_counters counters;
	struct histogram write_wait;
	struct timespec asked_at;
	struct histogram round_trip;
	struct last_error last_error;
};

/**
 * hmc_new() - make an index without a session
 * @config: shared configuration; must outlive the index
 * @index: HMC index
 *
 * Return: the index, owned by the caller.
 */
struct hmc *hmc_new(const struct hmc_config *config, guint index);

/**
 * hmc_free() - free an index
 * @hmc: NULL is allowed; its log has no readers
 */
void hmc_free(struct hmc *hmc);

/**
 * hmc_open() - begin to open a session, or join an open that was left
 * @hmc: HMC index
 * @id: name of the application
 * @id_len: length of @id in bytes, 1..VMC_HMC_ID_LEN
 *
 * changed() is called at the end: the state is HMC_READY, or HMC_NONE with the
 * reason in @result (-ETIMEDOUT, -ECONNREFUSED, -ENODEV, -EBUSY, -ECONNRESET).
 *
 * Return: 0 if it is in progress; -EBUSY if there is a session; -ENODEV if the
 * channel does not offer this index.
 */
int hmc_open(struct hmc *hmc, gconstpointer id, gsize id_len);

/**
 * hmc_leave() - stop waiting for the open
 * @hmc: HMC index
 *
 * The open continues. Until the session ends, the next open with the same ID
 * joins it.
 */
void hmc_leave(struct hmc *hmc);

/**
 * hmc_close() - end the session after its queued messages
 * @hmc: HMC index
 *
 * Return: 0 if the session has ended; -EINPROGRESS if queued messages are being
 * sent: changed() is called at the end, and @result is -ETIMEDOUT if some could
 * not be sent within the time limit; -ENXIO without a session.
 */
int hmc_close(struct hmc *hmc);

/**
 * hmc_rotate() - rename message to message.1 and begin a new message
 * @hmc: HMC index
 */
void hmc_rotate(struct hmc *hmc);

/**
 * hmc_abort() - end the session, or abandon an open, at once
 * @hmc: HMC index
 * @error: negative errno for pending requests
 * @why: reason for the status file
 */
void hmc_abort(struct hmc *hmc, int error, const char *why);

/**
 * hmc_send() - send a message, or queue it
 * @hmc: HMC index
 * @serial: number of the session of the message
 * @data: @len bytes
 * @len: length in bytes; 0 sends nothing
 *
 * Return: 0; -EAGAIN if the queue is full; -ETIMEDOUT if it is full and
 * @stalled; -ENXIO if that session is not open; -EMSGSIZE; -EIO; -ENOMEM. After
 * an error nothing was sent.
 */
int hmc_send(struct hmc *hmc, guint64 serial, gconstpointer data, gsize len);

/**
 * hmc_check_send() - check that a message can be sent, now or later
 * @hmc: HMC index
 * @serial: number of the session of the message
 * @len: length of the message in bytes
 *
 * Return: 0, -ENXIO, -EMSGSIZE, with the sentence in @last_error.
 */
int hmc_check_send(struct hmc *hmc, guint64 serial, gsize len);

/**
 * hmc_writable() - check whether a message would be sent or queued now
 * @hmc: HMC index
 *
 * Return: TRUE if a session is open, not stalled, and its queue has room.
 */
gboolean hmc_writable(const struct hmc *hmc);

/**
 * hmc_waited() - record that a pending write timed out
 * @hmc: HMC index
 *
 * Return: TRUE if the device accepted no message meanwhile: writes fail until
 * it does.
 */
gboolean hmc_waited(struct hmc *hmc);

/**
 * hmc_is_open() - check whether a session is open
 * @hmc: HMC index
 * @serial: number of the session
 *
 * Return: TRUE if @serial is the newest session and its state is HMC_READY.
 */
gboolean hmc_is_open(const struct hmc *hmc, guint64 serial);

/**
 * hmc_why_not_open() - explain why a session is not open, and the remedy
 * @hmc: HMC index
 * @serial: number of a session that is not open, or 0 for all sessions
 *
 * Return: a static string.
 */
const char *hmc_why_not_open(const struct hmc *hmc, guint64 serial);

/**
 * hmc_mtu() - get the length of the largest message
 * @hmc: HMC index
 *
 * Return: bytes, 0 while unknown.
 */
guint32 hmc_mtu(const struct hmc *hmc);

/**
 * hmc_names() - count the rotations that gave a file of the index a new inode
 * @hmc: HMC index
 *
 * Return: a number that changes with each of them, and only ascends.
 */
guint64 hmc_names(const struct hmc *hmc);

/* Events of the device; see struct device_listener. */
void hmc_on_opened(struct hmc *hmc, int error);
void hmc_on_readable(struct hmc *hmc);
void hmc_on_writable(struct hmc *hmc);
void hmc_on_message_lost(struct hmc *hmc, guint count, int error);
void hmc_on_lost(struct hmc *hmc, int error);

#endif
