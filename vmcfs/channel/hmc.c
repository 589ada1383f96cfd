// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HMC: opens, drains and ends the session of one HMC index. It makes no
 * decision about files. Each change of the state ends in one call of changed().
 */
#include "hmc.h"

#include <errno.h>
#include <string.h>

#include "../clock.h"
#include "../device/device.h"
#include "../errors.h"
#include "../log/journal.h"
#include "../log/log.h"
#include "../log/memory.h"
#include "../log/segment.h"
#include "../usdt.h"
#include "notices.h"

static void changed(struct hmc *hmc)
{
	hmc->config->changed(hmc->config->data, hmc);
}

static void on_rotated(void *data)
{
	changed(data);
}

static void on_dropping(void *data, const struct segment *segment)
{
	struct hmc *hmc = data;

	if (hmc->journal)
		journal_keep(hmc->journal, segment);
}

/* The records are stored once, for all files of them: the larger limit holds. */
static void start_journal(struct hmc *hmc)
{
	const struct hmc_config *config = hmc->config;
	guint formats = 0;

	if (config->records)
		formats |= RECORD_LINES;
	if (config->capture)
		formats |= RECORD_CAPTURE;
	if (!formats)
		return;
	hmc->journal = journal_new(config->memory,
				   MAX(config->records, config->capture),
				   formats, hmc->index);
	hmc->journal->rotated = on_rotated;
	hmc->journal->rotated_data = hmc;
}

static struct timespec wall_clock(const struct hmc *hmc)
{
	return clock_real(hmc->config->memory->clock);
}

static void record(struct hmc *hmc, enum record_kind kind, guint64 number,
		   struct timespec time, gconstpointer data, gsize len)
{
	if (hmc->journal)
		journal_add(hmc->journal, kind, number, time, data,
			    (guint32)len);
}

static void record_event(struct hmc *hmc, enum record_kind kind, guint64 number,
			 const char *why)
{
	record(hmc, kind, number, wall_clock(hmc), why, strlen(why));
}

struct hmc *hmc_new(const struct hmc_config *config, guint index)
{
	struct hmc *hmc = g_new0(struct hmc, 1);

	hmc->config = config;
	hmc->index = index;
	hmc->log = log_new(config->memory, config->history);
	hmc->log->rotated = on_rotated;
	hmc->log->dropping = on_dropping;
	hmc->log->listener = hmc;
	start_journal(hmc);
	sendq_init(&hmc->sendq, config->sendq);
	return hmc;
}

void hmc_free(struct hmc *hmc)
{
	if (!hmc)
		return;
	g_clear_handle_id(&hmc->drain, g_source_remove);
	sendq_clear(&hmc->sendq);
	g_clear_pointer(&hmc->journal, journal_free);
	log_free(hmc->log);
	last_error_clear(&hmc->last_error);
	g_free(hmc->ended);
	g_free(hmc);
}

guint32 hmc_mtu(const struct hmc *hmc)
{
	struct device_info info;

	device_get_info(hmc->config->device, &info);
	return info.mtu;
}

guint64 hmc_names(const struct hmc *hmc)
{
	return hmc->log->rotations +
	       (hmc->journal ? hmc->journal->rotations : 0);
}

gboolean hmc_is_open(const struct hmc *hmc, guint64 serial)
{
	return hmc->state == HMC_READY && hmc->serial == serial;
}

/* Joins an open whose writer left. */
static gboolean join(struct hmc *hmc, gconstpointer id, gsize id_len)
{
	if (!hmc->left || hmc->state == HMC_CLOSING || hmc->id_len != id_len ||
	    memcmp(hmc->id, id, id_len))
		return FALSE;
	hmc->left = FALSE;
	return TRUE;
}

static int report_not_opened(struct hmc *hmc, int error, gconstpointer id,
			     gsize id_len)
{
	const char *why = device_explain(hmc->config->device, error);

	notices_not_opened(hmc, id, id_len, why);
	return last_error_set(&hmc->last_error, error, "open of hmc%u: %s",
			      hmc->index, why);
}

int hmc_open(struct hmc *hmc, gconstpointer id, gsize id_len)
{
	guint8 padded[VMC_HMC_ID_LEN] = { 0 };
	int error;

	if (join(hmc, id, id_len))
		return 0;
	if (hmc->state != HMC_NONE)
		return last_error_set(
			&hmc->last_error, -EBUSY, "open of hmc%u: %s",
			hmc->index,
			hmc->state == HMC_CLOSING ?
				"the previous session is still being closed" :
				"a session is open already; close it first");
	memcpy(padded, id, id_len);
	error = device_open(hmc->config->device, hmc->index, padded,
			    hmc->config->open_timeout_ms);
	if (error)
		return report_not_opened(hmc, error, id, id_len);
	memcpy(hmc->id, padded, sizeof(padded));
	hmc->id_len = id_len;
	hmc->attempt++;
	hmc->state = HMC_OPENING;
	return 0;
}

void hmc_leave(struct hmc *hmc)
{
	hmc->left = hmc->state != HMC_NONE;
}

/* Drops the queued messages. Their loss is always reported. */
static void drop_unsent(struct hmc *hmc, int error)
{
	guint lost = sendq_clear(&hmc->sendq);

	if (!lost)
		return;
	notices_unsent(hmc, lost);
	hmc->counters.unsent_messages += lost;
	record_event(hmc, RECORD_UNSENT, lost,
		     "accepted, but not sent before the session ended");
	last_error_set(
		&hmc->last_error, error,
		"the session of hmc%u ended before %u queued messages were sent",
		hmc->index, lost);
}

/* Every session and every failed open ends here. */
static void end_session(struct hmc *hmc, int error, const char *why)
{
	gboolean was_open = hmc->state != HMC_OPENING;

	g_clear_handle_id(&hmc->drain, g_source_remove);
	hmc->state = HMC_NONE;
	hmc->left = FALSE;
	hmc->stalled = FALSE;
	hmc->asked_at.tv_sec = 0;
	hmc->result = error;
	if (was_open) {
		log_end(hmc->log);
		g_free(hmc->ended);
		hmc->ended = g_strdup(why);
		drop_unsent(hmc, error ? error : -ETIMEDOUT);
		record_event(hmc, RECORD_CLOSE, hmc->serial, why);
	}
	changed(hmc);
}

static void lose_session(struct hmc *hmc, int error, const char *why)
{
	hmc->counters.sessions_lost++;
	notices_lost(hmc, why);
	end_session(hmc, error, why);
}

static void close_device(struct hmc *hmc)
{
	hmc_on_readable(hmc);
	device_close(hmc->config->device, hmc->index);
}

void hmc_abort(struct hmc *hmc, int error, const char *why)
{
	if (hmc->state == HMC_NONE)
		return;
	close_device(hmc);
	if (hmc->state == HMC_READY || hmc->state == HMC_CLOSING)
		notices_closed(hmc);
	if (hmc->state != HMC_NONE)
		end_session(hmc, error, why);
}

void hmc_rotate(struct hmc *hmc)
{
	log_rotate(hmc->log);
}

static gboolean drain_timeout(gpointer data)
{
	struct hmc *hmc = data;

	hmc->drain = 0;
	hmc_abort(hmc, -ETIMEDOUT, "closed, with unsent messages");
	return G_SOURCE_REMOVE;
}

int hmc_close(struct hmc *hmc)
{
	if (hmc->state == HMC_NONE)
		return last_error_set(&hmc->last_error, -ENXIO,
				      "close of hmc%u: no session is open",
				      hmc->index);
	if (hmc->state == HMC_CLOSING)
		return -EINPROGRESS;
	if (hmc->state == HMC_OPENING) {
		last_error_set(&hmc->last_error, -ECONNRESET,
			       "open of hmc%u: closed before it completed",
			       hmc->index);
		hmc_abort(hmc, -ECONNRESET, "closed");
		return 0;
	}
	if (!sendq_length(&hmc->sendq)) {
		hmc_abort(hmc, 0, "closed");
		return 0;
	}
	hmc->state = HMC_CLOSING;
	hmc->drain =
		g_timeout_add(hmc->config->send_timeout_ms, drain_timeout, hmc);
	changed(hmc);
	return -EINPROGRESS;
}

/*
 * The records and the log of messages need the wall clock. A round trip takes
 * the time from them, so that a message costs one read of the clock in each
 * direction. A round trip during which the clock is set is wrong.
 */
static void begin_round_trip(struct hmc *hmc, struct timespec now)
{
	if (!hmc->asked_at.tv_sec)
		hmc->asked_at = now;
}

static void end_round_trip(struct hmc *hmc)
{
	const struct timespec *from = &hmc->asked_at;
	const struct timespec *to = &hmc->log->current->modified;

	if (!from->tv_sec)
		return;
	histogram_add(&hmc->round_trip,
		      (to->tv_sec - from->tv_sec) * G_USEC_PER_SEC +
			      (to->tv_nsec - from->tv_nsec) / 1000);
	hmc->asked_at.tv_sec = 0;
}

static void count_sent(struct hmc *hmc, gconstpointer data, gsize len)
{
	struct timespec now = wall_clock(hmc);

	begin_round_trip(hmc, now);
	hmc->counters.sent_messages++;
	hmc->counters.sent_bytes += len;
	PROBE_MESSAGE_OUT(hmc->index, hmc->counters.sent_messages, len);
	/* Nobody measures how long an idle device takes no message. */
	if (hmc->waiting_writers || sendq_length(&hmc->sendq))
		hmc->moved_at = g_get_monotonic_time();
	hmc->stalled = FALSE;
	record(hmc, RECORD_SENT, hmc->counters.sent_messages, now, data, len);
}

const char *hmc_why_not_open(const struct hmc *hmc, guint64 serial)
{
	if (serial && serial != hmc->serial)
		return "the descriptor's session has ended; open the file again";
	if (hmc->state == HMC_CLOSING)
		return "the session is being closed";
	return "no session is open; write 'open ID' to its control file first";
}

int hmc_check_send(struct hmc *hmc, guint64 serial, gsize len)
{
	guint32 mtu = hmc_mtu(hmc);

	if (!hmc_is_open(hmc, serial))
		return last_error_set(&hmc->last_error, -ENXIO,
				      "write to hmc%u/message: %s", hmc->index,
				      hmc_why_not_open(hmc, serial));
	/* MTU 0 is unknown: the channel was just reset, and the send fails. */
	if (mtu && len > mtu)
		return last_error_set(
			&hmc->last_error, -EMSGSIZE,
			"write to hmc%u/message: a message of %" G_GSIZE_FORMAT
			" bytes is longer than the %u bytes of the MTU",
			hmc->index, len, mtu);
	return 0;
}

int hmc_send(struct hmc *hmc, guint64 serial, gconstpointer data, gsize len)
{
	int error = hmc_check_send(hmc, serial, len);

	if (error || !len)
		return error;
	if (hmc->stalled)
		return -ETIMEDOUT;
	if (!sendq_length(&hmc->sendq)) {
		error = device_send(hmc->config->device, hmc->index, data,
				    (guint32)len);
		if (!error)
			count_sent(hmc, data, len);
		if (error != -EAGAIN)
			return error ? last_error_set(
					       &hmc->last_error, error,
					       "write to hmc%u/message: %s",
					       hmc->index,
					       error_meaning(error)) :
				       0;
	}
	error = sendq_push(&hmc->sendq, data, len);
	return error == -ENOMEM ?
		       last_error_set(
			       &hmc->last_error, error,
			       "write to hmc%u/message: no memory to queue the message; try again later",
			       hmc->index) :
		       error;
}

gboolean hmc_writable(const struct hmc *hmc)
{
	return hmc->state == HMC_READY && !hmc->stalled &&
	       sendq_has_room(&hmc->sendq);
}

gboolean hmc_waited(struct hmc *hmc)
{
	guint ms = hmc->config->send_timeout_ms;
	gint64 still = g_get_monotonic_time() - hmc->moved_at;

	hmc->stalled = still >= (gint64)ms * 1000;
	last_error_set(
		&hmc->last_error, -ETIMEDOUT,
		hmc->stalled ?
			"write to hmc%u/message: the hypervisor accepted no message in %u ms; writes fail until it does" :
			"write to hmc%u/message: other messages were sent, but there was no room for this one in %u ms; try again",
		hmc->index, ms);
	return hmc->stalled;
}

void hmc_on_opened(struct hmc *hmc, int error)
{
	if (error) {
		device_close(hmc->config->device, hmc->index);
		report_not_opened(hmc, error, hmc->id, hmc->id_len);
		end_session(hmc, error, "it was not opened");
		return;
	}
	log_begin(hmc->log, ++hmc->serial);
	hmc->state = HMC_READY;
	hmc->result = 0;
	hmc->opened_at = g_get_real_time();
	hmc->counters.sessions++;
	notices_opened(hmc);
	record(hmc, RECORD_OPEN, hmc->serial, wall_clock(hmc), hmc->id,
	       hmc->id_len);
	changed(hmc);
}

static void count_received(struct hmc *hmc, gsize len)
{
	hmc->counters.received_messages++;
	hmc->counters.received_bytes += len;
	PROBE_MESSAGE_IN(hmc->index, hmc->counters.received_messages, len);
}

/* Empty messages are not delivered, so they are not in the log of messages. */
static void receive_empty(struct hmc *hmc)
{
	count_received(hmc, 0);
	hmc->counters.received_empty++;
	record(hmc, RECORD_RECEIVED, hmc->counters.received_messages,
	       wall_clock(hmc), NULL, 0);
}

/* The message is at the tail of the log. */
static void receive_message(struct hmc *hmc, guint32 len)
{
	count_received(hmc, len);
	log_commit(hmc->log, len);
	end_round_trip(hmc);
	if (hmc->journal)
		journal_add_received(hmc->journal,
				     hmc->counters.received_messages,
				     hmc->log->current, len);
}

/* Moves all received messages to the log. Return: FALSE if memory is short. */
static gboolean receive_all(struct hmc *hmc)
{
	struct device *device = hmc->config->device;
	guint32 room;

	while (!device_next(device, hmc->index, &room)) {
		guint8 none = 0,
		       *tail = room ? log_tail(hmc->log, room) : &none;
		gssize len;

		if (!tail)
			return FALSE;
		len = device_receive(device, hmc->index, tail, room);
		if (len < 0)
			break;
		if (len)
			receive_message(hmc, (guint32)len);
		else
			receive_empty(hmc);
	}
	return TRUE;
}

void hmc_on_readable(struct hmc *hmc)
{
	if (hmc->state != HMC_READY && hmc->state != HMC_CLOSING)
		return;
	if (!receive_all(hmc)) {
		device_close(hmc->config->device, hmc->index);
		last_error_set(
			&hmc->last_error, -ENOMEM,
			"hmc%u: no memory for the log; the session was ended",
			hmc->index);
		lose_session(hmc, -ENOMEM, "no memory for the log");
		return;
	}
	changed(hmc);
}

void hmc_on_writable(struct hmc *hmc)
{
	gconstpointer data;
	gsize len;

	while ((data = sendq_peek(&hmc->sendq, &len))) {
		int error = device_send(hmc->config->device, hmc->index, data,
					(guint32)len);

		if (error == -EAGAIN)
			break;
		if (error) {
			close_device(hmc);
			if (hmc->state != HMC_NONE)
				hmc_on_lost(hmc, error);
			return;
		}
		count_sent(hmc, data, len);
		sendq_pop(&hmc->sendq);
	}
	if (hmc->state == HMC_CLOSING && !sendq_length(&hmc->sendq))
		hmc_abort(hmc, 0, "closed");
	else
		changed(hmc);
}

void hmc_on_message_lost(struct hmc *hmc, guint count, int error)
{
	hmc->counters.received_lost += count;
	notices_not_stored(hmc, count, error_meaning(error));
	record_event(hmc, RECORD_LOST, count, error_meaning(error));
	last_error_set(&hmc->last_error, error,
		       "hmc%u: %u received messages could not be stored: %s",
		       hmc->index, count, error_meaning(error));
	changed(hmc);
}

void hmc_on_lost(struct hmc *hmc, int error)
{
	const char *why = error_meaning(error);
	struct device_info info;

	device_get_info(hmc->config->device, &info);
	if (error == -ECONNRESET && info.last_reset)
		why = info.last_reset;
	last_error_set(&hmc->last_error, error,
		       "the session of hmc%u was lost: %s; open it again",
		       hmc->index, why);
	lose_session(hmc, error, why);
}
