// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Service: brings up device and channel, mounts the tree, serves it, and ends all
 * of that in reverse. It handles no request.
 *
 * Before the mount, and after it, the main loop is run step by step until a
 * condition is met or a time limit expires.
 */
#include "service.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib-unix.h>

#include "defaults.h"
#include "device/chardev/chardev.h"
#include "device/sim/sim.h"
#include "errors.h"
#include "notice.h"
#include "privilege/manager.h"
#include "privilege/mount.h"
#include "process.h"
#include "tree/serve.h"

static gboolean time_is_up(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

/* Runs the main loop until @done, for @ms at most. Return: FALSE on timeout. */
static gboolean loop_until(struct turns *turns, gboolean (*done)(gpointer data),
			   gpointer data, guint ms)
{
	gboolean late = FALSE;
	guint timer = g_timeout_add(ms, time_is_up, &late);
	gboolean is_done;

	turns->watching = TRUE;
	while (!(is_done = done(data)) && !late)
		turns_main_loop(turns);
	turns->watching = FALSE;
	if (!late)
		g_source_remove(timer);
	return is_done;
}

int bring_up_device(const struct options *options, struct privilege *privilege,
		    struct device **device)
{
	g_autofree char *why = NULL;
	int error;

	if (g_str_equal(options->device, VMCFS_DEVICE_SIM))
		error = device_sim_new(&options->sim, device);
	else
		error = device_chardev_new(options->device, privilege, device,
					   &why);
	if (!error)
		return 0;
	if (why)
		g_printerr("vmcfs: %s\n", why);
	else
		g_printerr("vmcfs: %s: %s\n", options->device,
			   error_meaning(error));
	return error == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
}

static gboolean is_ready(gpointer data)
{
	return channel_is_ready(data);
}

int bring_up_channel(struct channel *channel, struct turns *turns)
{
	int error = device_start(channel->device);

	if (error) {
		g_printerr("vmcfs: %s: cannot be started: %s\n",
			   channel->device->name, error_meaning(error));
		return EX_UNAVAILABLE;
	}
	if (!loop_until(turns, is_ready, channel,
			channel->config.open_timeout_ms))
		g_printerr(
			PRINT_WARNING
			"vmcfs: %s: the channel is not up yet; its hmcN directories appear when it is\n",
			channel->device->name);
	return 0;
}

static void log_fuse(enum fuse_log_level level, const char *format,
		     va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);

	g_strchomp(text);
	if (level <= FUSE_LOG_ERR)
		notice_mount(NOTICE_FUSE, "%s", text);
	else
		g_debug("%s", text);
}

static struct fuse_session *new_session(const struct options *options,
					struct tree *tree)
{
	char *argv[] = { (char *)"vmcfs", (char *)"-d", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(options->debug ? 2 : 1, argv);
	struct fuse_session *session =
		fuse_session_new(&args, &operations, sizeof(operations), tree);

	fuse_opt_free_args(&args);
	return session;
}

/* @connection: descriptor of a mount; -1 is replaced by that of a new mount */
static int request_mount(const struct service *service, int *connection)
{
	int error = 0;

	privilege_interrupt_by(service->privilege, service->signals);
	if (*connection < 0)
		error = privilege_call(service->privilege, HELPER_MOUNT, -1,
				       connection);
	if (error == -EPIPE)
		g_printerr(
			"vmcfs: the privileged helper exited before it mounted the tree; try again\n");
	if (error == -EINTR)
		g_printerr(
			"vmcfs: a signal ended the start before the tree was mounted\n");
	return error;
}

/* A first signal ends the daemon; a second one also drops queued messages. */
static gboolean on_signal(gint fd, GIOCondition condition, gpointer data)
{
	struct service *service = data;
	struct signalfd_siginfo info;

	(void)condition;
	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return G_SOURCE_CONTINUE;
	service->hurry = service->ending;
	service->ending = TRUE;
	return G_SOURCE_CONTINUE;
}

static void on_mount_gone(void *data)
{
	struct service *service = data;

	service->ending = TRUE;
	service->gone = TRUE;
	g_main_context_wakeup(NULL);
}

/* The last step of the service unmounts. */
static int leave_mounted(const struct service *service)
{
	if (!service->gone || !manager_is_mounted(service->mount_point))
		return 0;
	notice_mount(NOTICE_ABORTED,
		     "the connection to the kernel was aborted");
	return EX_OSERR;
}

/* Without an answer of the helper, somebody else may have unmounted the tree. */
static int ask_to_unmount(const struct service *service)
{
	int error = privilege_call(service->privilege, HELPER_UNMOUNT,
				   VMCFS_UNMOUNT_TIMEOUT_MS, NULL);

	if ((error == -EPIPE || error == -ETIMEDOUT) &&
	    !manager_is_mounted(service->mount_point))
		return -ENOENT;
	return error;
}

static const char *why_mounted(int error)
{
	switch (error) {
	case -EPIPE:
		return "the privileged helper has ended";
	case -ETIMEDOUT:
		return "the privileged helper does not respond";
	default:
		return g_strerror(-error);
	}
}

/* If the mount still exists after its connection ended, it was aborted. */
static int unmount(const struct service *service)
{
	int error = ask_to_unmount(service);

	if (!error && service->gone) {
		notice_mount(
			NOTICE_ABORTED,
			"the connection to the kernel was aborted; the tree was unmounted");
		return EX_OSERR;
	}
	if (!error || error == -ENOENT) {
		notice_mount(NOTICE_UNMOUNTED, "unmounted from %s",
			     service->mount_point);
		return 0;
	}
	notice_mount(
		NOTICE_STILL_MOUNTED,
		"the tree stays mounted, and is dead: %s; unmount %sthe tree with umount",
		why_mounted(error),
		error == -EBUSY ? "what is mounted over it, then " : "");
	return EX_OSERR;
}

int service_start(struct service *service, const struct options *options,
		  struct privilege *privilege, struct channel *channel,
		  struct turns *turns, struct logging *logging)
{
	int connection = options->inherited.connection, error = -EIO;

	*service = (struct service){
		.channel = channel,
		.mount_point = options->mount_point,
		.privilege = privilege,
		.turns = turns,
		.prepared = options->inherited.connection >= 0,
	};
	/* Blocks signals first, so that none can leave the mount behind. */
	service->signals = signals_open();
	if (service->signals < 0) {
		g_printerr("vmcfs: signals cannot be read: %s\n",
			   g_strerror(-service->signals));
		return EX_OSERR;
	}
	fuse_set_log_func(log_fuse);
	service->tree = tree_new(channel, logging, &options->tree);
	service->session = new_session(options, service->tree);
	if (!service->session)
		goto no_session;
	error = request_mount(service, &connection);
	if (error)
		goto no_mount;
	error = reply_connect(service->session, connection);
	if (!error)
		error = serve_start(service->tree, service->session,
				    service->turns, on_mount_gone, service,
				    &service->requests);
	if (error)
		goto not_served;
	service->waiters = wakeups_start(service->tree);
	inotify_start(&service->inotify, service, options->marks);
	service->signal_source =
		g_unix_fd_add(service->signals, G_IO_IN, on_signal, service);
	return 0;

not_served:
	g_printerr("vmcfs: the tree cannot be served: %s%s\n",
		   g_strerror(-error), error_remedy(error));
	unmount(service);
no_mount:
	fuse_session_destroy(service->session);
no_session:
	tree_free(service->tree);
	close(service->signals);
	return mount_exit_status(error);
}

static gboolean on_watchdog(gpointer data)
{
	struct service *service = data;

	if (serve_progresses(service->requests))
		manager_notify("WATCHDOG=1");
	return G_SOURCE_CONTINUE;
}

/*
 * The stored connection is removed, so that it ends with this process: callers
 * do not wait longer, and neither does the announcer, for whose end the manager
 * would wait.
 */
static gboolean send_ready(gpointer data)
{
	struct service *service = data;

	if (manager_notify(service->prepared ? "READY=1\n" MANAGER_FORGET :
					       "READY=1") == -EAGAIN)
		return G_SOURCE_CONTINUE;
	service->ready = 0;
	return G_SOURCE_REMOVE;
}

void service_ready(struct service *service)
{
	guint64 us = manager_watchdog_us() / VMCFS_WATCHDOG_SHARE;

	if (us)
		service->watchdog =
			g_timeout_add((guint)MIN(us / 1000 + 1, G_MAXUINT),
				      on_watchdog, service);
	if (send_ready(service) == G_SOURCE_CONTINUE)
		service->ready = g_timeout_add(VMCFS_READY_RETRY_MS, send_ready,
					       service);
}

void service_run(struct service *service, const GPtrArray *late)
{
	notice_mount(NOTICE_MOUNTED, "%s is mounted on %s",
		     service->channel->device->name, service->mount_point);
	while (!service->ending) {
		if (late && channel_is_ready(service->channel)) {
			sessions_open_late(service->channel, late);
			late = NULL;
		}
		service->turns->watching = late != NULL;
		turns_main_loop(service->turns);
	}
}

static gboolean is_drained(gpointer data)
{
	const struct service *service = data;

	return channel_shut_down(service->channel) || service->hurry;
}

/* All sessions drain in parallel, within the time limit of a close. */
static int end_sessions(struct service *service)
{
	struct channel *channel = service->channel;
	guint64 before = channel_unsent(channel);

	loop_until(service->turns, is_drained, service,
		   channel->config.send_timeout_ms);
	for (guint i = 0; i < channel->hmcs->len; i++)
		hmc_abort(channel_hmc(channel, i), -ETIMEDOUT,
			  "the daemon ended, with unsent messages");
	device_dispatch(channel->device);
	return channel_unsent(channel) == before ? 0 : EX_IOERR;
}

int service_stop(struct service *service)
{
	int mounted, unsent;

	manager_extend("STOPPING=1\n",
		       service->channel->config.send_timeout_ms);
	unsent = end_sessions(service);
	if (service->ready)
		g_source_remove(service->ready);
	if (service->watchdog)
		g_source_remove(service->watchdog);
	inotify_stop(&service->inotify);
	wakeups_run(service->tree);
	serve_stop(service->requests);
	wakeups_stop(service->tree, service->waiters);
	tree_free(service->tree);
	mounted = service->prepared ? leave_mounted(service) : unmount(service);
	fuse_session_destroy(service->session);
	g_source_remove(service->signal_source);
	close(service->signals);
	return unsent ? unsent : mounted;
}
