/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon between its mount and its end: the mounted tree, the main loop,
 * the signals.
 */
#ifndef VMCFS_SERVICE_H
#define VMCFS_SERVICE_H

#include <glib.h>

#include "channel/channel.h"
#include "logging.h"
#include "options.h"
#include "privilege/privilege.h"
#include "tree/tree.h"

struct fuse_session;

/**
 * struct service - the daemon while it serves
 * @channel: served
 * @tree: over it
 * @session: of libfuse
 * @privilege: mounts and unmounts
 * @requests: the source of requests
 * @waiters: the source that answers who waited
 * @signals: descriptor of the signals that end the daemon
 * @signal_source: source ID of @signals
 * @loop: the main loop
 * @ending: a signal arrived, or the mount is gone
 * @hurry: a second signal arrived: queued messages are given up
 * @gone: the kernel ended the connection
 */
struct service {
	struct channel *channel;
	struct tree *tree;
	struct fuse_session *session;
	struct privilege *privilege;
	GSource *requests;
	GSource *waiters;
	int signals;
	guint signal_source;
	GMainLoop *loop;
	gboolean ending;
	gboolean hurry;
	gboolean gone;
};

/**
 * service_start() - mount the tree
 * @service: uninitialised
 * @options: of the user
 * @privilege: of the helper that mounts; must outlive it
 * @channel: must outlive it
 * @logging: must outlive it
 *
 * What is wrong is said on standard error; nothing is left mounted then.
 *
 * Return: 0, or the exit status to end with.
 */
int service_start(struct service *service, const struct options *options,
		  struct privilege *privilege, struct channel *channel,
		  struct logging *logging);

/**
 * service_run() - serve until a signal ends it, or until the mount is gone
 * @service: started
 */
void service_run(struct service *service);

/**
 * service_stop() - end all sessions, answer parked requests, unmount
 * @service: started
 *
 * Queued messages are sent first, as by a close: for send_timeout= at most, and
 * until another signal arrives. What goes wrong is logged.
 *
 * Return: 0; EX_IOERR: messages were left unsent; EX_OSERR: the connection was
 * aborted, or the tree could not be unmounted.
 */
int service_stop(struct service *service);

#endif
