// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In-tree: sessions and channel of a driver with the legacy ABI. It makes no
 * timer and opens no file of its own.
 *
 * This ABI has neither OPEN nor INFO, and its poll(2) reports messages only.
 * SETHMCID returns when Interface Open was sent, before its response; the first
 * message in either direction proves that the hypervisor accepted the session.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

/**
 * struct chardev_in_tree - a session of this ABI
 * @session: head
 * @hmc_id: name of the application
 * @timeout_ms: time limit of the open, and of the first message
 * @backoff: backoff of the open, then of a refused message
 * @refused: TRUE if the last message was refused with EBUSY
 * @unproven: TRUE if no message was sent or received yet
 */
struct chardev_in_tree {
	struct chardev_session session;
	guint8 hmc_id[VMC_HMC_ID_LEN];
	guint timeout_ms;
	struct backoff backoff;
	gboolean refused;
	gboolean unproven;
};

static struct chardev_in_tree *from_session(struct chardev_session *session)
{
	return (struct chardev_in_tree *)session;
}

static gboolean answers(int fd)
{
	struct ibmvmc_query query;

	return !chardev_ioctl_query(fd, &query);
}

static int query_channel(struct chardev_channel *channel)
{
	struct ibmvmc_query query;
	int error = chardev_ioctl_query(channel->fd, &query);

	if (!error)
		chardev_channel_take_query(channel, &query);
	return error;
}

/*
 * Until it is unloaded, the in-tree driver does not recover the buffer of an
 * index whose open was refused, nor an index that was free at a reset.
 */
static const char *explain(int error)
{
	switch (error) {
	case -EBUSY:
		return "every HMC index is in use by another process, or the channel has no more of them; end other processes, or try later";
	case -ENXIO:
		return "the in-tree driver assigns the lowest free HMC index, so all lower ones must be open; open them first";
	case -EIO:
		return "the in-tree driver could not send the open; if this persists, unload the driver and load it again";
	case -ETIMEDOUT:
		return "the hypervisor provided no buffer or no response in time; if this persists, unload the in-tree driver and load it again";
	default:
		return NULL;
	}
}

static void start_backoff(struct chardev_in_tree *in_tree)
{
	backoff_init(&in_tree->backoff, g_get_monotonic_time(),
		     in_tree->timeout_ms);
}

static void retry_later(struct chardev_in_tree *in_tree)
{
	watch_set_delay(in_tree->session.watch,
			backoff_next(&in_tree->backoff));
}

/*
 * Transient errors: the channel may come up, a buffer may arrive, or the
 * hypervisor may end the session that was closed last.
 */
static gboolean is_transient(const struct chardev_channel *channel, int error)
{
	return error == -EAGAIN || error == -ENOBUFS ||
	       (error == -EBUSY && channel->closing);
}

static int final_error(int error)
{
	switch (error) {
	case -EAGAIN:
		return -ENODEV;
	case -ENOBUFS:
		return -ETIMEDOUT;
	default:
		return error;
	}
}

static void accepted(struct chardev_in_tree *in_tree)
{
	struct chardev_session *session = &in_tree->session;
	struct chardev_channel *channel = session->channel;

	if (!channel->info.mtu)
		chardev_channel_look(channel);
	chardev_channel_offer(channel, session->index + 2);
	channel->closing = FALSE;
	session->mtu = channel->info.mtu ? channel->info.mtu : VMC_MTU_DEFAULT;
	session->state = CHARDEV_SESSION_READY;
	chardev_session_mark(session);
	in_tree->unproven = TRUE;
	watch_set_condition(session->watch, G_IO_IN);
}

/* One attempt. Return: 0 if it succeeded or will be repeated. */
static int try_open(struct chardev_in_tree *in_tree)
{
	struct chardev_session *session = &in_tree->session;
	int error = chardev_ioctl_set_hmc_id(session->fd, in_tree->hmc_id);

	if (!error) {
		accepted(in_tree);
		return 0;
	}
	if (!is_transient(session->channel, error) ||
	    backoff_is_over(&in_tree->backoff, g_get_monotonic_time()))
		return final_error(error);
	retry_later(in_tree);
	return 0;
}

static int in_tree_open(struct chardev_session *session,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	struct chardev_in_tree *in_tree = from_session(session);

	memcpy(in_tree->hmc_id, hmc_id, sizeof(in_tree->hmc_id));
	in_tree->timeout_ms = timeout_ms;
	start_backoff(in_tree);
	return try_open(in_tree);
}

/*
 * The time limit applies until the first message proves the session; later, a
 * message may be refused for as long as no buffer is free.
 */
static void try_send(struct chardev_in_tree *in_tree)
{
	struct chardev_session *session = &in_tree->session;

	if (in_tree->unproven &&
	    backoff_is_over(&in_tree->backoff, g_get_monotonic_time())) {
		chardev_session_end(session, -ETIMEDOUT);
		return;
	}
	session->blocked = FALSE;
	session->writable = TRUE;
	chardev_session_mark(session);
}

static void in_tree_event(struct chardev_session *session,
			  GIOCondition condition, gboolean due)
{
	struct chardev_in_tree *in_tree = from_session(session);
	int error;

	if (session->state == CHARDEV_SESSION_OPENING && due) {
		error = try_open(in_tree);
		if (error)
			chardev_session_end(session, error);
	} else if (session->blocked && due) {
		try_send(in_tree);
	}
	if (condition & G_IO_IN) {
		session->readable = TRUE;
		chardev_session_mark(session);
	} else if (condition & (G_IO_ERR | G_IO_HUP)) {
		if (session->state == CHARDEV_SESSION_READY)
			chardev_session_probe(session);
		chardev_session_end(session, -ECONNRESET);
	}
}

/*
 * Only the error of a read(2) reveals that a session ended with its channel, so
 * each query tries one. After some resets, read(2) returns no error either;
 * then the state of the channel decides.
 */
static void in_tree_look(struct chardev_session *session)
{
	if (session->state != CHARDEV_SESSION_READY)
		return;
	chardev_session_probe(session);
	if (session->channel->info.state != DEVICE_READY)
		chardev_session_end(session, -ECONNRESET);
}

/*
 * EBUSY means "not open yet" or "no buffer is free". All other errors of a
 * message that fits the MTU mean that the session was refused or lost.
 */
static int in_tree_send(struct chardev_session *session, gconstpointer data,
			guint32 len)
{
	struct chardev_in_tree *in_tree = from_session(session);
	int error = write(session->fd, data, len) < 0 ? -errno : 0;

	if (!error) {
		in_tree->unproven = FALSE;
		in_tree->refused = FALSE;
		return 0;
	}
	if (error == -EBUSY) {
		if (!in_tree->refused)
			start_backoff(in_tree);
		in_tree->refused = TRUE;
		session->blocked = TRUE;
		retry_later(in_tree);
		return -EAGAIN;
	}
	error = in_tree->unproven ? -ECONNREFUSED : -ECONNRESET;
	chardev_session_end(session, error);
	return error;
}

static void in_tree_received(struct chardev_session *session, gssize result)
{
	if (result >= 0) {
		from_session(session)->unproven = FALSE;
	} else if (result == -EBADFD) {
		chardev_channel_mark_reset(session->channel);
		chardev_session_end(session, -ECONNRESET);
	} else if (result != -EAGAIN) {
		chardev_session_end(session, (int)result);
	}
}

static void in_tree_get_info(struct chardev_session *session,
			     struct device_hmc_info *to)
{
	to->unproven = session->state == CHARDEV_SESSION_READY &&
		       from_session(session)->unproven;
}

const struct chardev_driver chardev_in_tree = {
	.name = "in-tree",
	.picks_index = TRUE,
	.session_size = sizeof(struct chardev_in_tree),
	.answers = answers,
	.query = query_channel,
	.explain = explain,
	.open = in_tree_open,
	.event = in_tree_event,
	.look = in_tree_look,
	.send = in_tree_send,
	.received = in_tree_received,
	.get_info = in_tree_get_info,
};
