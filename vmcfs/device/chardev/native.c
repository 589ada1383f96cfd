// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Native: sessions and channel of a driver with the native ABI. It polls
 * nothing: poll(2) reports that a session is open, dead, readable or writable,
 * or that its state changed, and INFO returns that state.
 */
#include <errno.h>
#include <unistd.h>

#include "../../defaults.h"
#include "session.h"

/* The driver refuses OPEN with a longer timeout. */
G_STATIC_ASSERT(VMCFS_TIMEOUT_MAX_MS <= IBMVMC_TIMEOUT_MAX_MS);

/**
 * struct native_session - a session of this ABI
 * @session: head
 * @lost: lost messages, as last returned by INFO
 */
struct native_session {
	struct chardev_session session;
	guint64 lost;
};

static gboolean answers(int fd)
{
	struct ibmvmc_ioc_info info;

	return !chardev_ioctl_info(fd, &info);
}

static int query_channel(struct chardev_channel *channel)
{
	struct ibmvmc_ioc_info info;
	int error = chardev_ioctl_info(channel->fd, &info);

	if (!error)
		chardev_channel_take_info(channel, &info);
	return error;
}

static void take_lost(struct native_session *native,
		      const struct ibmvmc_ioc_info *info)
{
	guint64 more = info->lost_messages - native->lost;

	native->lost = info->lost_messages;
	native->session.lost += (guint)more;
	if (more)
		chardev_session_mark(&native->session);
}

static void opened(struct chardev_session *session, guint32 mtu)
{
	session->state = CHARDEV_SESSION_READY;
	session->mtu = mtu ? mtu : VMC_MTU_MAX;
	chardev_session_mark(session);
	watch_set_condition(session->watch, G_IO_IN | G_IO_PRI);
}

static void ended(struct chardev_session *session, guint32 file_error)
{
	int error = file_error ? -(int)file_error : -EIO;

	if (session->state == CHARDEV_SESSION_OPENING)
		error = chardev_info_open_error(error, TRUE);
	chardev_session_end(session, error);
}

static void query_session(struct chardev_session *session)
{
	struct ibmvmc_ioc_info info;
	int error = chardev_ioctl_info(session->fd, &info);

	if (error) {
		chardev_session_end(session, error);
		return;
	}
	chardev_channel_take_info(session->channel, &info);
	take_lost((struct native_session *)session, &info);
	if (info.file_state == IBMVMC_FILE_DEAD)
		ended(session, info.file_error);
	else if (info.file_state == IBMVMC_FILE_READY &&
		 session->state == CHARDEV_SESSION_OPENING)
		opened(session, info.mtu);
}

static int native_open(struct chardev_session *session,
		       const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms)
{
	int error = chardev_ioctl_open(session->fd, session->index, hmc_id,
				       timeout_ms);

	if (error && error != -EINPROGRESS)
		return chardev_info_open_error(error, FALSE);
	watch_set_condition(session->watch, G_IO_IN | G_IO_OUT);
	watch_set_delay(session->watch, timeout_ms + VMCFS_CHARDEV_LOOK_MS);
	return 0;
}

/* poll(2) does not report an open session that has no room for a message. */
static void open_expired(struct chardev_session *session)
{
	query_session(session);
	if (session->state == CHARDEV_SESSION_OPENING)
		chardev_session_end(session, -ETIMEDOUT);
}

static void native_event(struct chardev_session *session,
			 GIOCondition condition, gboolean due)
{
	gboolean dead = condition & (G_IO_ERR | G_IO_HUP);

	if (session->state == CHARDEV_SESSION_OPENING && due)
		open_expired(session);
	else if (session->state == CHARDEV_SESSION_OPENING || dead ||
		 condition & G_IO_PRI)
		query_session(session);
	if (dead)
		chardev_session_end(session, -EIO);
	if (condition & G_IO_IN) {
		session->readable = TRUE;
		chardev_session_mark(session);
	}
	if (condition & G_IO_OUT && session->blocked) {
		session->blocked = FALSE;
		session->writable = TRUE;
		chardev_session_mark(session);
		watch_set_condition(session->watch, G_IO_IN | G_IO_PRI);
	}
}

static int native_send(struct chardev_session *session, gconstpointer data,
		       guint32 len)
{
	if (write(session->fd, data, len) >= 0)
		return 0;
	if (errno != EAGAIN)
		return -errno;
	session->blocked = TRUE;
	watch_set_condition(session->watch, G_IO_IN | G_IO_OUT | G_IO_PRI);
	return -EAGAIN;
}

/* read(2) returns the error of a dead session after its last message. */
static void native_received(struct chardev_session *session, gssize result)
{
	if (result >= 0 || result == -EAGAIN)
		return;
	query_session(session);
	chardev_session_end(session, (int)result);
}

/* After an INFO, POLLPRI does not report the losses that it has returned. */
static void native_get_info(struct chardev_session *session,
			    struct device_hmc_info *to)
{
	struct ibmvmc_ioc_info info;

	if (chardev_ioctl_info(session->fd, &info))
		return;
	take_lost((struct native_session *)session, &info);
	chardev_info_hmc(&info, to);
}

const struct chardev_driver chardev_native = {
	.name = "vmcfs",
	.watches = G_IO_PRI,
	.session_size = sizeof(struct native_session),
	.answers = answers,
	.query = query_channel,
	.open = native_open,
	.event = native_event,
	.send = native_send,
	.received = native_received,
	.get_info = native_get_info,
};
