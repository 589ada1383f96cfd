// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Privilege: starts the helper, drops privileges, and sends requests to the
 * helper over one socket. It does not know the actions of the helper.
 *
 * Serial numbers match answers to requests; a late answer is dropped.
 */
#include "privilege.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib-unix.h>

#include "../defaults.h"
#include "../notice.h"
#include "internal.h"

struct privilege {
	int socket;
	int interrupting;
	pid_t helper;
	guint source;
	guint idle;
	guint32 serial;
	/* Call that timed out and is not answered yet; 0 for none. */
	guint32 late_serial;
	enum helper_verb late_verb;
	/* Request whose answer is reported from the main loop. */
	gboolean pending;
	guint32 pending_serial;
	int pending_error;
	void (*answered)(void *data, int error);
	void *data;
};

/* Terminals and service managers signal both the daemon and its helper. */
static void set_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
}

/* Among them is the socket on which the parent of the daemon waits. */
static void close_others(int socket, const struct helper_table *table)
{
	int kept[HELPER_DESCRIPTORS + 1];

	memcpy(kept, table->descriptors, sizeof(table->descriptors));
	kept[HELPER_DESCRIPTORS] = socket;
	descriptor_close_others(kept, G_N_ELEMENTS(kept));
}

static int set_no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

/* fusermount3 is set-user-ID, and mounts for users without CAP_SYS_ADMIN. */
static gboolean needs_fusermount(const struct helper_table *table)
{
	return table->actions[HELPER_MOUNT].run &&
	       !capability_is_held(CAP_SYS_ADMIN);
}

static int drop_in_helper(const struct helper_table *table, guint64 kept)
{
	int error;

	if (needs_fusermount(table))
		return 0;
	error = set_no_new_privs();
	if (!error)
		error = capability_keep(kept);
	if (!error)
		error = filter_install(FILTER_HELPER);
	return error;
}

static int drop_in_daemon(void)
{
	int error = set_no_new_privs();

	umask(S_IRWXG | S_IRWXO);
	return error ? error : capability_keep(0);
}

G_NORETURN static void be_helper(int socket, const struct helper_table *table,
				 guint64 kept)
{
	int error;

	title_set(&table->title, "vmcfs: privileged helper", "vmcfs-helper");
	set_signals();
	close_others(socket, table);
	error = drop_in_helper(table, kept);
	if (error) {
		g_printerr("vmcfs: the helper cannot drop its privileges: %s\n",
			   g_strerror(-error));
		_exit(-error);
	}
	helper_run(socket, table);
}

static void finish_pending(struct privilege *privilege)
{
	void (*answered)(void *data, int error) = privilege->answered;

	privilege->pending = FALSE;
	privilege->answered = NULL;
	if (answered)
		answered(privilege->data, privilege->pending_error);
}

static gboolean on_idle(gpointer data)
{
	struct privilege *privilege = data;

	privilege->idle = 0;
	finish_pending(privilege);
	return G_SOURCE_REMOVE;
}

static void mark_pending(struct privilege *privilege, int error)
{
	privilege->pending_error = error;
	if (!privilege->idle)
		privilege->idle = g_idle_add(on_idle, privilege);
}

static void lose_helper(struct privilege *privilege)
{
	if (privilege->source)
		g_source_remove(privilege->source);
	privilege->source = 0;
	close(privilege->socket);
	privilege->socket = -1;
	if (privilege->pending)
		mark_pending(privilege, -EPIPE);
}

/*
 * Receives one message. Return: TRUE if it is the answer with this serial
 * number. Other answers are dropped with their descriptors.
 */
static gboolean take_answer(struct privilege *privilege, guint32 serial,
			    struct helper_answer *wanted, int *wanted_fd)
{
	struct helper_answer message;
	int fd;
	gssize got = descriptor_receive(privilege->socket, &message,
					sizeof(message), &fd);

	if (got == -EMFILE) {
		message.error = -EMFILE;
	} else if (got != sizeof(message)) {
		lose_helper(privilege);
		return FALSE;
	}
	if (message.serial == serial) {
		*wanted = message;
		*wanted_fd = fd;
		return TRUE;
	}
	if (privilege->pending && message.serial == privilege->pending_serial)
		mark_pending(privilege, message.error);
	if (message.serial == privilege->late_serial)
		privilege->late_serial = 0;
	if (fd >= 0)
		close(fd);
	return FALSE;
}

/* Return: FALSE if the time has expired, or a wait without a limit was ended. */
static gboolean wait_for_answer(const struct privilege *privilege, gint64 until)
{
	struct pollfd files[] = {
		{ .fd = privilege->socket, .events = POLLIN },
		{ .fd = until < 0 ? privilege->interrupting : -1,
		  .events = POLLIN },
	};
	int found;

	do {
		gint64 left = until - g_get_monotonic_time();

		found = poll(files, G_N_ELEMENTS(files),
			     until < 0 ? -1 : (int)MAX(left / 1000, 0));
	} while (found < 0 && errno == EINTR);
	return found < 0 || files[0].revents;
}

static gboolean on_socket(gint fd, GIOCondition condition, gpointer data)
{
	struct privilege *privilege = data;
	struct helper_answer none;
	int none_fd;

	(void)fd;
	(void)condition;
	/* Another thread may have taken the answer that the event reported. */
	if (!wait_for_answer(privilege, 0))
		return G_SOURCE_CONTINUE;
	/* No request has the number 0. */
	take_answer(privilege, 0, &none, &none_fd);
	if (privilege->socket >= 0)
		return G_SOURCE_CONTINUE;
	notice_mount(
		NOTICE_HELPER_ENDED,
		"the privileged helper has ended: the device cannot be opened again, and the tree cannot be unmounted at the end; restart vmcfs");
	return G_SOURCE_CONTINUE;
}

static int send_request(struct privilege *privilege, enum helper_verb verb,
			guint32 *serial)
{
	struct helper_request request = { .verb = verb };

	if (privilege->socket < 0)
		return -EPIPE;
	if (!++privilege->serial)
		privilege->serial++;
	*serial = request.serial = privilege->serial;
	return descriptor_send(privilege->socket, &request, sizeof(request),
			       -1);
}

int privilege_start(const struct helper_table *table, guint64 kept,
		    struct privilege **privilege)
{
	int ends[2], error;
	pid_t helper;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	helper = fork();
	if (!helper) {
		close(ends[0]);
		be_helper(ends[1], table, kept);
	}
	error = helper < 0 ? -errno : 0;
	close(ends[1]);
	if (!error)
		error = drop_in_daemon();
	if (error) {
		close(ends[0]);
		return error;
	}
	*privilege = g_new0(struct privilege, 1);
	(*privilege)->socket = ends[0];
	(*privilege)->interrupting = -1;
	(*privilege)->helper = helper;
	(*privilege)->source =
		g_unix_fd_add(ends[0], G_IO_IN, on_socket, *privilege);
	return 0;
}

/* Return: TRUE if an earlier call of the verb timed out and is unanswered. */
static gboolean is_late(struct privilege *privilege, enum helper_verb verb)
{
	struct helper_answer none;
	int none_fd;

	while (privilege->late_serial && privilege->socket >= 0 &&
	       wait_for_answer(privilege, 0))
		take_answer(privilege, 0, &none, &none_fd);
	return privilege->late_serial && privilege->late_verb == verb;
}

static int await_answer(struct privilege *privilege, guint32 serial,
			gint64 until, int *fd)
{
	struct helper_answer answer;
	int got_fd;

	do {
		if (!wait_for_answer(privilege, until)) {
			if (until < 0)
				return -EINTR;
			privilege->late_serial = serial;
			return -ETIMEDOUT;
		}
		if (take_answer(privilege, serial, &answer, &got_fd)) {
			if (fd)
				*fd = got_fd;
			else if (got_fd >= 0)
				close(got_fd);
			return answer.error;
		}
	} while (privilege->socket >= 0);
	return -EPIPE;
}

void privilege_interrupt_by(struct privilege *privilege, int fd)
{
	privilege->interrupting = fd;
}

int privilege_call(struct privilege *privilege, enum helper_verb verb,
		   int timeout_ms, int *fd)
{
	gint64 until = timeout_ms < 0 ? -1 :
					g_get_monotonic_time() +
						(gint64)timeout_ms * 1000;
	guint32 serial;
	int error;

	if (is_late(privilege, verb))
		return -ETIMEDOUT;
	error = send_request(privilege, verb, &serial);
	if (error)
		return error;
	error = await_answer(privilege, serial, until, fd);
	if (privilege->late_serial == serial)
		privilege->late_verb = verb;
	return error;
}

int privilege_request(struct privilege *privilege, enum helper_verb verb,
		      void (*answered)(void *data, int error), void *data)
{
	int error;

	if (privilege->pending)
		return -EBUSY;
	error = send_request(privilege, verb, &privilege->pending_serial);
	if (error)
		return error;
	privilege->pending = TRUE;
	privilege->answered = answered;
	privilege->data = data;
	return 0;
}

void privilege_forget(struct privilege *privilege)
{
	privilege->answered = NULL;
}

/*
 * The helper exits after the end of file on its socket, and its end is closed
 * only when it has exited. Return: FALSE if it does not exit in time, or has not answered a call
 * in time before: it is stopped, or sleeps in the kernel.
 */
static gboolean await_end(struct privilege *privilege)
{
	gint64 until = g_get_monotonic_time() +
		       (gint64)VMCFS_UNMOUNT_TIMEOUT_MS * 1000;
	struct helper_answer none;
	int none_fd;

	if (privilege->socket >= 0)
		shutdown(privilege->socket, SHUT_WR);
	while (privilege->socket >= 0 &&
	       wait_for_answer(privilege, privilege->late_serial ? 0 : until))
		take_answer(privilege, 0, &none, &none_fd);
	return privilege->socket < 0;
}

void privilege_free(struct privilege *privilege)
{
	if (!privilege)
		return;
	if (await_end(privilege))
		child_wait(privilege->helper);
	else
		close(privilege->socket);
	if (privilege->source)
		g_source_remove(privilege->source);
	if (privilege->idle)
		g_source_remove(privilege->idle);
	g_free(privilege);
}
