// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Main: starts the parts of the daemon in order, runs it, and ends them in
 * reverse. It serves no request.
 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "defaults.h"
#include "device/device.h"
#include "errors.h"
#include "logging.h"
#include "marks.h"
#include "notice.h"
#include "options.h"
#include "privilege/manager.h"
#include "privilege/mount.h"
#include "privilege/privilege.h"
#include "process.h"
#include "service.h"
#include "verbs.h"

/* Exit statuses of mount(8), which returns those of its helper. */
#define MOUNT_EX_USAGE 1
#define MOUNT_EX_SYSERR 2
#define MOUNT_EX_SOFTWARE 4
#define MOUNT_EX_FAIL 32

static int mount_status(int status)
{
	switch (status) {
	case EX_OK:
		return EX_OK;
	case EX_USAGE:
	case EX_NOPERM:
		return MOUNT_EX_USAGE;
	case EX_OSERR:
		return MOUNT_EX_SYSERR;
	case EX_SOFTWARE:
		return MOUNT_EX_SOFTWARE;
	default:
		return MOUNT_EX_FAIL;
	}
}

static struct mount_plan plan_mount(const struct options *options, int at)
{
	return (struct mount_plan){
		.at = at,
		.path = options->mount_point,
		.source = options->shown ? options->shown : options->device,
		.allow_other = options->allow_other,
		.flags = options->mount_flags->str,
	};
}

static int start_privilege(const struct options *options, int at, char **argv,
			   struct privilege **privilege)
{
	gboolean sim = g_str_equal(options->device, VMCFS_DEVICE_SIM);
	g_autofree char *node =
		sim ? NULL : g_canonicalize_filename(options->device, NULL);
	struct verbs_plan plan = {
		.mount = plan_mount(options, at),
		.marks = options->marks,
		.node = node,
	};
	int error;

	manager_take_copy(options->inherited.copy, &plan.copy);
	error = verbs_start(&plan, argv, privilege);
	mount_copy_close(&plan.copy);
	if (at >= 0)
		close(at);
	if (!error)
		return 0;
	g_printerr("vmcfs: privileges cannot be dropped: %s%s\n",
		   g_strerror(-error), error_remedy(error));
	return EX_OSERR;
}

/* Return: 0, also if the kernel does not support filters; that is logged. */
static int confine(void)
{
	int error = filter_install(FILTER_DAEMON);

	if (!error)
		return 0;
	notice_mount(NOTICE_NO_FILTER, "system calls cannot be filtered: %s%s",
		     g_strerror(-error),
		     error == -ENOSYS ? "; serving without a filter" : "");
	return error == -ENOSYS ? 0 : error;
}

/* Called after the last fork and after the privileges were dropped. */
static int start_logging(struct logging *logging, gboolean background)
{
	int error = logging_start(logging, background);

	if (!error)
		return 0;
	g_printerr(
		"vmcfs: the thread that writes the log cannot be started: %s%s\n",
		g_strerror(-error), error_remedy(error));
	return EX_OSERR;
}

/* From here on no file is opened for writing and no process is started. */
static int leave(int parent)
{
	int error = background_detach(parent);

	if (!error)
		error = confine();
	if (!error)
		error = background_ready(parent);
	return error ? EX_SOFTWARE : 0;
}

/*
 * The process that serves never prints it: callers of the tree would wait as long
 * as the reader of standard output does.
 */
static void say_mounted(const struct options *options)
{
	if (!options->verbose)
		return;
	g_print("vmcfs: %s %s on %s\n", options->device,
		options->fake ? "can be mounted" : "is mounted",
		options->mount_point);
	fflush(stdout);
}

static int serve(const struct options *options, struct privilege *privilege,
		 struct logging *logging, struct channel *channel,
		 struct turns *turns, int parent)
{
	const guint64 waits = 1 + options->sessions->len;
	struct service service;
	const GPtrArray *late;
	int stopped, status;

	if (parent < 0)
		manager_extend("", waits * options->channel.open_timeout_ms);
	status = bring_up_channel(channel, turns);
	if (!status)
		status =
			sessions_open(channel, turns, options->sessions, &late);
	if (!status)
		status = service_start(&service, options, privilege, channel,
				       turns, logging);
	if (status)
		return status;
	status = start_logging(logging, parent >= 0);
	if (!status)
		status = leave(parent);
	if (!status && parent < 0)
		service_ready(&service);
	if (!status)
		service_run(&service, late);
	stopped = service_stop(&service);
	return status ? status : stopped;
}

static int serve_device(const struct options *options,
			struct privilege *privilege, struct logging *logging,
			int parent)
{
	struct device *device;
	struct channel *channel;
	struct turns turns;
	int status = bring_up_device(options, privilege, &device);

	if (status)
		return status;
	channel = channel_new(device, &options->channel);
	turns_init(&turns);
	if (options->fake)
		say_mounted(options);
	else
		status = serve(options, privilege, logging, channel, &turns,
			       parent);
	turns_clear(&turns);
	channel_free(channel);
	return status;
}

static int enter_namespace(const char *path)
{
	int error = path ? namespace_enter(path) : 0;
	const char *remedy = error_remedy(error);

	if (!error)
		return 0;
	if (!*remedy)
		remedy = "; give a mount namespace, such as /proc/PID/ns/mnt";
	g_printerr("vmcfs: %s: this mount namespace cannot be entered: %s%s\n",
		   path, g_strerror(-error), remedy);
	return mount_exit_status(error);
}

/*
 * Return: TRUE in the daemon; FALSE with @status in its parent, or after a
 * failure.
 */
static gboolean enter_background(int *parent, int *status)
{
	int forked = background_start(parent, status);

	if (forked < 0) {
		g_printerr("vmcfs: cannot enter the background: %s%s\n",
			   g_strerror(-forked), error_remedy(forked));
		*status = EX_OSERR;
	}
	return !forked;
}

/* With @at -1 the tree is mounted already. */
static int serve_mount_point(struct options *options, struct logging *logging,
			     char **argv, int at)
{
	struct privilege *privilege = NULL;
	int status, parent = -1;

	if (!options->foreground && !options->fake) {
		if (!enter_background(&parent, &status)) {
			if (!status)
				say_mounted(options);
			return status;
		}
		/* The parent reports the status to mount(8). */
		options->helper = FALSE;
	}
	if (options->notify_ms)
		options->marks = marks_new(options->notify_ms);
	status = start_privilege(options, at, argv, &privilege);
	if (!status)
		status = serve_device(options, privilege, logging, parent);
	privilege_free(privilege);
	marks_free(options->marks);
	return status;
}

static int open_mount_point(struct options *options, int *at)
{
	g_autofree char *given = g_steal_pointer(&options->mount_point);

	return mount_point_open(given, options->fake, at,
				&options->mount_point);
}

static int run_all(struct options *options, struct logging *logging,
		   char **argv)
{
	int at, status = enter_namespace(options->mount_namespace);

	if (!status)
		status = open_mount_point(options, &at);
	if (!status)
		status = serve_mount_point(options, logging, argv, at);
	return status;
}

static int prepare(struct options *options)
{
	struct mount_plan plan;
	int at, status;

	manager_forget();
	status = open_mount_point(options, &at);
	if (status)
		return status;
	plan = plan_mount(options, at);
	status = manager_prepare(&plan, options->notify_ms > 0);
	close(at);
	return status;
}

static int serve_prepared(struct options *options, struct logging *logging,
			  char **argv)
{
	if (options->inherited.connection >= 0)
		return serve_mount_point(options, logging, argv, -1);
	g_printerr(
		"vmcfs: the service manager passed no connection; the service needs --step=prepare in ExecStartPre=, FileDescriptorStoreMax=2 and NotifyAccess=exec\n");
	return EX_UNAVAILABLE;
}

static int run(struct options *options, struct logging *logging, char **argv)
{
	switch (options->step) {
	case STEP_PREPARE:
		return prepare(options);
	case STEP_SERVE:
		return serve_prepared(options, logging, argv);
	case STEP_RELEASE:
		manager_forget();
		return manager_release(options->mount_point);
	case STEP_RELOAD:
		return service_reload(options);
	default:
		return run_all(options, logging, argv);
	}
}

int main(int argc, char **argv)
{
	struct options options;
	struct logging logging;
	struct inherited inherited;
	int status;

	manager_inherit(&inherited);
	/* A heap for each thread would take 64 MiB of address space. */
	mallopt(M_ARENA_MAX, 1);
	signals_prepare();
	background_own_descriptors(
		(const int[]){ inherited.connection, inherited.copy }, 2);
	errors_print_init();
	if (options_parse(&options, argc, argv, &status)) {
		options.inherited = inherited;
		prctl(PR_SET_NAME, "vmcfs"); /* also if mount(8) started it */
		status = resources_check();
		if (!status) {
			logging_init(&logging, options.debug ?
						       G_LOG_LEVEL_DEBUG :
						       options.log_level);
			status = run(&options, &logging, argv);
			logging_stop(&logging);
		}
	} else if (options.step == STEP_PREPARE && status == EX_USAGE) {
		/* The main process fails with it, so that the manager sees it. */
		status = 0;
	}
	if (options.helper)
		status = mount_status(status);
	options_clear(&options);
	return status;
}
