// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Here the kernel tells everything: poll(2) when a session is open, dead,
 * readable, writable, or worth a look, INFO what it is then.
 */
#include "native.h"

#include <errno.h>
#include <unistd.h>

#include "../../defaults.h"
#include "info.h"
#include "ioctl.h"

/**
 * struct chardev_vmcfs - a session on this driver
 * @session: its head
 * @lost: messages lost by it, as INFO told last
 */
struct chardev_vmcfs {
	struct chardev_session session;
	guint64 lost;
};

static void take_lost(struct chardev_vmcfs *vmcfs,
		      const struct ibmvmc_ioc_info *info)
{
	guint64 more = info->lost_messages - vmcfs->lost;

	vmcfs->lost = info->lost_messages;
	vmcfs->session.lost += (guint)more;
	if (more)
		chardev_session_note(&vmcfs->session);
}

static void opened(struct chardev_session *session, guint32 mtu)
{
	session->state = CHARDEV_SESSION_READY;
	session->mtu = mtu ? mtu : VMC_MTU_MAX;
	chardev_session_note(session);
	watch_set_condition(session->watch, G_IO_IN | G_IO_PRI);
}

static void ended(struct chardev_session *session, guint32 file_error)
{
	int error = file_error ? -(int)file_error : -EIO;

	if (session->state == CHARDEV_SESSION_OPENING)
		error = chardev_info_open_error(error, TRUE);
	chardev_session_end(session, error);
}

static void ask(struct chardev_session *session)
{
	struct ibmvmc_ioc_info info;
	int error = chardev_ioctl_info(session->fd, &info);

	if (error) {
		chardev_session_end(session, error);
		return;
	}
	chardev_channel_take(session->channel, &info);
	take_lost((struct chardev_vmcfs *)session, &info);
	if (info.file_state == IBMVMC_FILE_DEAD)
		ended(session, info.file_error);
	else if (info.file_state == IBMVMC_FILE_READY &&
		 session->state == CHARDEV_SESSION_OPENING)
		opened(session, info.mtu);
}

static int vmcfs_open(struct chardev_session *session,
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

/* A session without room for a message may be open, and poll(2) silent. */
static void look_at_last(struct chardev_session *session)
{
	ask(session);
	if (session->state == CHARDEV_SESSION_OPENING)
		chardev_session_end(session, -ETIMEDOUT);
}

static void vmcfs_event(struct chardev_session *session, GIOCondition condition,
			gboolean due)
{
	gboolean dead = condition & (G_IO_ERR | G_IO_HUP);

	if (session->state == CHARDEV_SESSION_OPENING && due)
		look_at_last(session);
	else if (session->state == CHARDEV_SESSION_OPENING || dead ||
		 condition & G_IO_PRI)
		ask(session);
	if (dead)
		chardev_session_end(session, -EIO);
	if (condition & G_IO_IN) {
		session->readable = TRUE;
		chardev_session_note(session);
	}
	if (condition & G_IO_OUT && session->blocked) {
		session->blocked = FALSE;
		session->writable = TRUE;
		chardev_session_note(session);
		watch_set_condition(session->watch, G_IO_IN | G_IO_PRI);
	}
}

static int vmcfs_send(struct chardev_session *session, gconstpointer data,
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

/* All that was left has been read when the reason of the end is. */
static void vmcfs_received(struct chardev_session *session, gssize result)
{
	if (result >= 0 || result == -EAGAIN)
		return;
	ask(session);
	chardev_session_end(session, (int)result);
}

static void vmcfs_get_info(struct chardev_session *session,
			   struct device_hmc_info *to)
{
	struct ibmvmc_ioc_info info;

	if (!chardev_ioctl_info(session->fd, &info))
		chardev_info_hmc(&info, to);
}

const struct chardev_session_ops chardev_vmcfs_ops = {
	.size = sizeof(struct chardev_vmcfs),
	.open = vmcfs_open,
	.event = vmcfs_event,
	.send = vmcfs_send,
	.received = vmcfs_received,
	.get_info = vmcfs_get_info,
};
