// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From what a session has noted to the calls of the listener, in the order that
 * a reader of messages needs.
 */
#include "sessions.h"

#include <errno.h>

#include "../../defaults.h"

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

		if (session && session->ops->look)
			session->ops->look(session);
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

static void tell_opened(struct chardev_sessions *sessions, guint index)
{
	struct chardev_session *session = sessions->at[index];
	int error = 0;

	session->told = TRUE;
	if (session->state == CHARDEV_SESSION_DEAD) {
		error = session->error;
		chardev_sessions_drop(sessions, index);
	}
	sessions->device->listener->opened(sessions->device->listener_data,
					   index, error);
}

static void tell_lost_messages(struct chardev_sessions *sessions, guint index)
{
	guint lost = sessions->at[index]->lost;

	if (!lost)
		return;
	sessions->at[index]->lost = 0;
	sessions->device->listener->message_lost(
		sessions->device->listener_data, index, lost, -EIO);
}

/*
 * Where one message comes after the other more and more are read at once; where
 * one is all there is, a look for the next would be in vain.
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
static void tell_readable(struct chardev_sessions *sessions, guint index)
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

/* What came before a session's end is read before the end is told. */
static void tell_rest(struct chardev_sessions *sessions, guint index)
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

static void tell_session(struct chardev_sessions *sessions, guint index)
{
	struct chardev_session *session = sessions->at[index];

	if (!session || !session->noted)
		return;
	session->noted = FALSE;
	if (!session->told) {
		if (session->state != CHARDEV_SESSION_OPENING)
			tell_opened(sessions, index);
		return;
	}
	tell_lost_messages(sessions, index);
	tell_readable(sessions, index);
	tell_rest(sessions, index);
}

void chardev_sessions_tell(struct chardev_sessions *sessions)
{
	for (guint i = 0; i < VMC_HMCS_MAX; i++)
		tell_session(sessions, i);
}
