// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Main: starts the parts of the daemon in order, runs it, and ends them in
 * reverse. It serves no request.
 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "defaults.h"
#include "device/device.h"
#include "errors.h"
#include "logging.h"
#include "options.h"
#include "privilege/mount.h"
#include "privilege/privilege.h"
#include "process.h"
#include "service.h"
#include "verbs.h"

static int start_privilege(const struct options *options, int at, char **argv,
			   struct privilege **privilege)
{
	gboolean sim = g_str_equal(options->device, VMCFS_DEVICE_SIM);
	g_autofree char *node =
		sim ? NULL : g_canonicalize_filename(options->device, NULL);
	const struct verbs_plan plan = {
		.mount = {
			.at = at,
			.path = options->mount_point,
			.source = options->device,
			.allow_other = options->allow_other,
			.flags = options->mount_flags->str,
		},
		.node = node,
	};
	int error = verbs_start(&plan, argv, privilege);

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
	g_warning("system calls cannot be filtered: %s%s", g_strerror(-error),
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

static int serve(const struct options *options, struct privilege *privilege,
		 struct logging *logging, struct channel *channel,
		 struct turns *turns, int parent)
{
	struct service service;
	int stopped, status = bring_up_channel(channel, turns);

	if (!status)
		status = bring_up_sessions(channel, turns, options->sessions);
	if (!status)
		status = service_start(&service, options, privilege, channel,
				       turns, logging);
	if (status)
		return status;
	status = start_logging(logging, parent >= 0);
	if (!status)
		status = leave(parent);
	if (!status)
		service_run(&service);
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
	status = serve(options, privilege, logging, channel, &turns, parent);
	turns_clear(&turns);
	channel_free(channel);
	return status;
}

static int run(struct options *options, struct logging *logging, char **argv)
{
	g_autofree char *given = g_steal_pointer(&options->mount_point);
	struct privilege *privilege = NULL;
	int parent = -1, at = -1;
	int status = mount_point_open(given, &at, &options->mount_point);

	if (!status && !options->foreground) {
		parent = background_start();
		if (parent < 0) {
			g_printerr("vmcfs: cannot enter the background: %s%s\n",
				   g_strerror(-parent), error_remedy(parent));
			status = EX_OSERR;
		}
	}
	if (!status)
		status = start_privilege(options, at, argv, &privilege);
	if (!status)
		status = serve_device(options, privilege, logging, parent);
	privilege_free(privilege);
	return status;
}

/* GLib's own handler replaces characters that the locale does not have. */
static void print(const char *text)
{
	fputs(text, stdout);
}

static void print_error(const char *text)
{
	fputs(text, stderr);
}

int main(int argc, char **argv)
{
	struct options options;
	struct logging logging;
	int status;

	/* A heap for each thread would take 64 MiB of address space. */
	mallopt(M_ARENA_MAX, 1);
	g_set_print_handler(print);
	g_set_printerr_handler(print_error);
	signals_prepare();
	background_own_descriptors();
	if (options_parse(&options, argc, argv, &status)) {
		logging_init(&logging, options.debug ? G_LOG_LEVEL_DEBUG :
						       G_LOG_LEVEL_MESSAGE);
		status = resources_check();
		if (!status)
			status = run(&options, &logging, argv);
		logging_stop(&logging);
	}
	options_clear(&options);
	return status;
}
