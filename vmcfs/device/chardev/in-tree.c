// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Here nothing is told but messages: whatever else there is to know comes from
 * trying. SETHMCID says that the hypervisor was asked, not what it answered;
 * the first message in either direction shows that it agreed.
 */
#include "in-tree.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ioctl.h"
#include "patience.h"

/**
 * struct chardev_in_tree - a session on this driver
 * @session: its head
 * @hmc_id: the application's name
 * @timeout_ms: how long each of the two steps may take
 * @patience: with the open, and later with a message that does not go
 * @refused: the last message did not go
 * @unproven: no message went or came yet
 */
struct chardev_in_tree {
	struct chardev_session session;
	guint8 hmc_id[VMC_HMC_ID_LEN];
	guint timeout_ms;
	struct patience patience;
	gboolean refused;
	gboolean unproven;
};

static struct chardev_in_tree *from_session(struct chardev_session *session)
{
	return (struct chardev_in_tree *)session;
}

static void be_patient(struct chardev_in_tree *in_tree)
{
	patience_init(&in_tree->patience, g_get_monotonic_time(),
		      in_tree->timeout_ms);
}

static void wait_for_turn(struct chardev_in_tree *in_tree)
{
	watch_set_delay(in_tree->session.watch,
			patience_next(&in_tree->patience));
}

/*
 * What may be otherwise in a moment: the channel comes up, a buffer comes, or
 * the hypervisor ends the session that was closed last.
 */
static gboolean may_change(const struct chardev_channel *channel, int error)
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
	chardev_session_note(session);
	in_tree->unproven = TRUE;
	watch_set_condition(session->watch, G_IO_IN);
}

/* One attempt: 0 if it succeeded or is to be repeated, else why not. */
static int try_open(struct chardev_in_tree *in_tree)
{
	struct chardev_session *session = &in_tree->session;
	int error = chardev_ioctl_set_hmc_id(session->fd, in_tree->hmc_id);

	if (!error) {
		accepted(in_tree);
		return 0;
	}
	if (!may_change(session->channel, error) ||
	    patience_is_over(&in_tree->patience, g_get_monotonic_time()))
		return final_error(error);
	wait_for_turn(in_tree);
	return 0;
}

static int in_tree_open(struct chardev_session *session,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	struct chardev_in_tree *in_tree = from_session(session);

	memcpy(in_tree->hmc_id, hmc_id, sizeof(in_tree->hmc_id));
	in_tree->timeout_ms = timeout_ms;
	be_patient(in_tree);
	return try_open(in_tree);
}

/* It has to agree in time; to take messages, there is no time set for it. */
static void try_send(struct chardev_in_tree *in_tree)
{
	struct chardev_session *session = &in_tree->session;

	if (in_tree->unproven &&
	    patience_is_over(&in_tree->patience, g_get_monotonic_time())) {
		chardev_session_end(session, -ETIMEDOUT);
		return;
	}
	session->blocked = FALSE;
	session->writable = TRUE;
	chardev_session_note(session);
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
		chardev_session_note(session);
	} else if (condition & (G_IO_ERR | G_IO_HUP)) {
		chardev_session_probe(session);
		chardev_session_end(session, -ECONNRESET);
	}
}

/*
 * A session that died with its channel shows it by the error of a read only, so
 * one is tried now and then. Some ways to die do not even show there.
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
 * EBUSY is both "not open yet" and "no buffer is free". Any other error, of a
 * message that is not too long, says that the session does not live: it was
 * never agreed to, or it was lost.
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
			be_patient(in_tree);
		in_tree->refused = TRUE;
		session->blocked = TRUE;
		wait_for_turn(in_tree);
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
		chardev_channel_note_reset(session->channel);
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

const struct chardev_session_ops chardev_in_tree_ops = {
	.size = sizeof(struct chardev_in_tree),
	.open = in_tree_open,
	.event = in_tree_event,
	.look = in_tree_look,
	.send = in_tree_send,
	.received = in_tree_received,
	.get_info = in_tree_get_info,
};
