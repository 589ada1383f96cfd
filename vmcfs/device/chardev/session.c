// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Session: opens, reads and ends the files of the device, and notifies the
 * listener. It issues no ioctl: the table of the driver does.
 */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../../defaults.h"

int chardev_session_new(struct chardev_channel *channel, guint index,
			const guint8 hmc_id[VMC_HMC_ID_LEN], guint timeout_ms,
			watch_func *func, struct chardev_session **session)
{
	const struct chardev_driver *driver = channel->driver;
	struct chardev_session *new;
	int fd;
	int error = chardev_channel_open(channel, &fd);

	if (error)
		return error;
	new = g_malloc0(driver->session_size);
	new->driver = driver;
	new->channel = channel;
	new->index = index;
	new->fd = fd;
	new->left = VMCFS_CHARDEV_BUDGET;
	new->batch = 1;
	error = watch_new(fd, 0, func, new, &new->watch);
	if (!error)
		error = driver->open(new, hmc_id, timeout_ms);
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

void chardev_session_mark(struct chardev_session *session)
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
	chardev_session_mark(session);
}

/* poll(2) is cheaper than a read(2) for which the log first makes room. */
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
	session->driver->received(session, result);
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
	chardev_session_mark(session);
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

void chardev_sessions_drop(struct chardev_sessions *sessions, guint index)
{
	chardev_session_free(g_steal_pointer(&sessions->at[index]));
}

void chardev_sessions_clear(struct chardev_sessions *sessions)
{
	for (guint i = 0; i < VMC_HMCS_MAX; i++)
		chardev_sessions_drop(sessions, i);
}

void chardev_sessions_look(struct chardev_sessions *sessions)
{
	for (guint i = 0; i < VMC_HMCS_MAX; i++) {
		struct chardev_session *session = sessions->at[i];

		if (session && session->driver->look)
			session->driver->look(session);
	}
}

gboolean chardev_sessions_are_open(const struct chardev_sessions *sessions,
				   guint index)
{
	for (guint i = 0; i < index; i++) {
		const struct chardev_session *session = sessions->at[i];

		if (!session || session->state == CHARDEV_SESSION_OPENING)
			return FALSE;
	}
	return TRUE;
}

static void notify_opened(struct chardev_sessions *sessions, guint index)
{
	struct chardev_session *session = sessions->at[index];
	int error = 0;

	session->announced = TRUE;
	if (session->state == CHARDEV_SESSION_DEAD) {
		error = session->error;
		chardev_sessions_drop(sessions, index);
	}
	sessions->device->listener->opened(sessions->device->listener_data,
					   index, error);
}

static void notify_lost_messages(struct chardev_sessions *sessions, guint index)
{
	guint lost = sessions->at[index]->lost;

	if (!lost)
		return;
	sessions->at[index]->lost = 0;
	sessions->device->listener->message_lost(
		sessions->device->listener_data, index, lost, -EIO);
}

/*
 * While messages arrive in each turn of the main loop, the number that is read
 * at once doubles. After a turn without one, a second read would fail.
 */
static guint next_batch(const struct chardev_sessions *sessions,
			struct chardev_session *session)
{
	gboolean again = sessions->turn - session->turn <= 1;

	session->turn = sessions->turn;
	session->batch =
		again ? MIN(2 * session->batch, VMCFS_CHARDEV_BUDGET) : 1;
	return session->batch;
}

/* The listener may close the session while it reads. */
static void notify_readable(struct chardev_sessions *sessions, guint index)
{
	struct chardev_session *session = sessions->at[index];
	gboolean dead = session->state == CHARDEV_SESSION_DEAD;

	if (!session->readable && !dead)
		return;
	session->left = dead ? G_MAXUINT : next_batch(sessions, session);
	sessions->device->listener->readable(sessions->device->listener_data,
					     index);
	if (sessions->at[index])
		session->left = VMCFS_CHARDEV_BUDGET;
}

/* Messages that arrived before the end are read before the end is reported. */
static void notify_rest(struct chardev_sessions *sessions, guint index)
{
	const struct device *device = sessions->device;
	struct chardev_session *session = sessions->at[index];

	if (!session)
		return;
	if (session->state == CHARDEV_SESSION_DEAD) {
		int error = session->error;

		chardev_sessions_drop(sessions, index);
		device->listener->lost(device->listener_data, index, error);
	} else if (session->writable) {
		session->writable = FALSE;
		device->listener->writable(device->listener_data, index);
	}
}

static void notify_session(struct chardev_sessions *sessions, guint index)
{
	struct chardev_session *session = sessions->at[index];

	if (!session || !session->noted)
		return;
	session->noted = FALSE;
	if (!session->announced) {
		if (session->state != CHARDEV_SESSION_OPENING)
			notify_opened(sessions, index);
		return;
	}
	notify_lost_messages(sessions, index);
	notify_readable(sessions, index);
	notify_rest(sessions, index);
}

void chardev_sessions_notify(struct chardev_sessions *sessions)
{
	for (guint i = 0; i < VMC_HMCS_MAX; i++)
		notify_session(sessions, i);
}
