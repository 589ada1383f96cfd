// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Making, reading and ending an open file of the device.
 */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../defaults.h"
#include "in-tree.h"
#include "native.h"

static const struct chardev_session_ops *
ops_of(const struct chardev_channel *channel)
{
	return channel->driver == CHARDEV_DRIVER_VMCFS ? &chardev_vmcfs_ops :
							 &chardev_in_tree_ops;
}

int chardev_session_new(struct chardev_channel *channel, guint index,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms,
			watch_func *func, struct chardev_session **session)
{
	const struct chardev_session_ops *ops = ops_of(channel);
	struct chardev_session *new;
	int fd;
	int error = chardev_channel_open(channel, &fd);

	if (error)
		return error;
	new = g_malloc0(ops->size);
	new->ops = ops;
	new->channel = channel;
	new->index = index;
	new->fd = fd;
	new->watch = watch_new(fd, 0, func, new);
	new->left = VMCFS_CHARDEV_BUDGET;
	new->batch = 1;
	error = ops->open(new, hmc_id, timeout_ms);
	if (error)
		chardev_session_free(new);
	else
		*session = new;
	return error;
}

void chardev_session_free(struct chardev_session *session)
{
	if (!session)
		return;
	session->channel->closing |= session->state != CHARDEV_SESSION_OPENING;
	g_clear_pointer(&session->early, g_bytes_unref);
	watch_free(session->watch);
	close(session->fd);
	g_free(session);
}

void chardev_session_note(struct chardev_session *session)
{
	session->noted = TRUE;
	session->channel->noted = TRUE;
}

void chardev_session_end(struct chardev_session *session, int error)
{
	if (session->state == CHARDEV_SESSION_DEAD)
		return;
	session->state = CHARDEV_SESSION_DEAD;
	session->error = error;
	chardev_session_note(session);
}

/* A look costs less than a read in vain, for which the log would make room. */
static gboolean is_readable(const struct chardev_session *session)
{
	struct pollfd file = { .fd = session->fd, .events = POLLIN };

	return session->readable ||
	       (poll(&file, 1, 0) == 1 && file.revents & POLLIN);
}

int chardev_session_next(struct chardev_session *session, guint32 *room)
{
	if (session->state == CHARDEV_SESSION_OPENING || !session->left ||
	    !is_readable(session))
		return -EAGAIN;
	*room = session->mtu;
	return 0;
}

static gssize read_one(struct chardev_session *session, guint8 *to,
		       guint32 room)
{
	gssize result = read(session->fd, to, room);

	if (result < 0)
		result = -errno;
	session->ops->received(session, result);
	return result;
}

void chardev_session_probe(struct chardev_session *session)
{
	g_autofree guint8 *buffer = g_malloc(session->mtu);
	gssize result;

	if (is_readable(session))
		return;
	result = read_one(session, buffer, session->mtu);
	if (result < 0)
		return;
	session->early =
		g_bytes_new_take(g_steal_pointer(&buffer), (gsize)result);
	session->readable = TRUE;
	chardev_session_note(session);
}

static gssize take_early(struct chardev_session *session, guint8 *to)
{
	gsize len;
	gconstpointer data = g_bytes_get_data(session->early, &len);

	if (len)
		memcpy(to, data, len);
	g_clear_pointer(&session->early, g_bytes_unref);
	return (gssize)len;
}

gssize chardev_session_receive(struct chardev_session *session, guint8 *to,
			       guint32 room)
{
	gssize result = session->early ? take_early(session, to) :
					 read_one(session, to, room);

	session->readable = FALSE;
	session->left--;
	return result < 0 ? -EAGAIN : result;
}
