/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service: the life cycle of the daemon, which is device, channel, sessions,
 * mounted tree and main loop. It parses no option and drops no privilege.
 */
#ifndef VMCFS_SERVICE_H
#define VMCFS_SERVICE_H

#include <glib.h>

#include "channel/channel.h"
#include "logging.h"
#include "options.h"
#include "privilege/mount.h"
#include "privilege/privilege.h"
#include "tree/tree.h"
#include "tree/turns.h"

struct device;
struct marks;
struct fuse_session;
struct serve;
struct service;

/**
 * struct inotify - the announcer, as the daemon sees it
 * @tree: tree whose changes it announces
 * @marks: shared memory
 * @process: descriptor of the process, or -1
 * @source: source ID of the end of the process, or 0
 * @mount: mount of the tree in the mount namespace of the daemon
 * @mounts: mount table, watched while there is an announcer, or -1
 * @changes: source ID of its changes, or of the wait after the unmount, or 0
 * @ending: set to TRUE if the daemon shall end
 */
struct inotify {
	struct tree *tree;
	struct marks *marks;
	int process;
	guint source;
	struct mount mount;
	int mounts;
	guint changes;
	gboolean *ending;
};

/**
 * struct service - the daemon while it serves
 * @channel: channel to serve
 * @mount_point: absolute path, owned by the options
 * @tree: tree of the channel
 * @session: session of libfuse
 * @privilege: helper that mounts and unmounts
 * @requests: thread that takes requests
 * @turns: turns of that thread and of the main loop
 * @waiters: source that answers pending requests
 * @signals: descriptor of the signals that end the daemon
 * @signal_source: source ID of @signals
 * @ending: TRUE if a signal arrived or the mount is gone
 * @hurry: TRUE if a second signal arrived, so that queued messages are dropped
 * @gone: TRUE if the kernel ended the connection
 * @prepared: TRUE if the mount belongs to another step of the service
 * @ready: source ID of the repetition of READY=1, or 0
 * @watchdog: source ID of the notifications for the watchdog, or 0
 * @inotify: announcer of changes
 */
struct service {
	struct channel *channel;
	const char *mount_point;
	struct tree *tree;
	struct fuse_session *session;
	struct privilege *privilege;
	struct serve *requests;
	struct turns *turns;
	GSource *waiters;
	int signals;
	guint signal_source;
	gboolean ending;
	gboolean hurry;
	gboolean gone;
	gboolean prepared;
	guint ready;
	guint watchdog;
	struct inotify inotify;
};

/**
 * bring_up_device() - make the device that the user chose
 * @options: parsed
 * @privilege: helper that opens the node; must outlive the device
 * @device: set on success
 *
 * Prints errors on standard error.
 *
 * Return: 0, or the exit status.
 */
int bring_up_device(const struct options *options, struct privilege *privilege,
		    struct device **device);

/**
 * bring_up_channel() - start the channel, and wait for it for open_timeout=
 * @channel: channel that is not started
 * @turns: turns; the present one is the caller's
 *
 * A channel that is not up in time is no error: its directories appear later.
 *
 * Return: 0, or the exit status.
 */
int bring_up_channel(struct channel *channel, struct turns *turns);

/**
 * sessions_open() - open the sessions of open=, and wait for them
 * @channel: started
 * @turns: turns; the present one is the caller's
 * @sessions: array of struct session_option
 * @late: set to NULL, or to @sessions if the channel is not up: none was opened,
 *	and sessions_open_late() is to follow
 *
 * Prints errors on standard error. Sessions that are late are logged.
 *
 * Return: 0 if all are open or late, else the exit status.
 */
int sessions_open(struct channel *channel, struct turns *turns,
		  const GPtrArray *sessions, const GPtrArray **late);

/**
 * sessions_open_late() - begin to open the sessions of open=
 * @channel: channel that is up
 * @sessions: array of struct session_option
 *
 * It does not wait. Each result is logged.
 */
void sessions_open_late(const struct channel *channel,
			const GPtrArray *sessions);

/**
 * service_start() - mount the tree
 * @service: uninitialised
 * @options: parsed
 * @privilege: helper that mounts; must outlive the service
 * @channel: channel to serve; must outlive the service
 * @turns: turns, the present one the caller's; must outlive the service
 * @logging: logging of the daemon; must outlive the service
 *
 * Prints errors on standard error; on failure nothing stays mounted.
 *
 * Return: 0, or the exit status.
 */
int service_start(struct service *service, const struct options *options,
		  struct privilege *privilege, struct channel *channel,
		  struct turns *turns, struct logging *logging);

/**
 * service_ready() - notify the service manager, if one started this process
 * @service: started; the tree can be used
 *
 * If the manager has a watchdog, WATCHDOG=1 follows from the main loop, as long
 * as both threads make progress. Without a manager it does nothing.
 */
void service_ready(struct service *service);

/**
 * service_run() - serve until a signal arrives, or until the mount is gone
 * @service: started
 * @late: array of struct session_option, opened when the channel is up; or NULL
 */
void service_run(struct service *service, const GPtrArray *late);

/**
 * service_stop() - end all sessions, answer pending requests, unmount
 * @service: started
 *
 * Queued messages are sent first, as by a close: for send_timeout= at most, and
 * until another signal arrives. Errors are logged.
 *
 * Return: 0; EX_IOERR: messages were left unsent; EX_OSERR: the connection was
 * aborted, or the tree could not be unmounted.
 */
int service_stop(struct service *service);

/**
 * inotify_start() - let the helper start the announcer
 * @inotify: uninitialised
 * @service: its tree is mounted, and served by another thread from now on
 * @marks: shared memory, or NULL with notify_ms=0
 *
 * Without an announcer the tree works, and its status has the reason. An announcer
 * that does not end within VMCFS_ANNOUNCER_MS after the tree was unmounted ends
 * the service, unless files of the tree are open.
 */
void inotify_start(struct inotify *inotify, struct service *service,
		   struct marks *marks);

/**
 * inotify_stop() - announce nothing any more
 * @inotify: started
 *
 * The helper ends the announcer.
 */
void inotify_stop(struct inotify *inotify);

/**
 * service_reload() - apply what can change while a service runs: log_level=
 * @options: configuration, parsed
 *
 * Another process than the one that serves: MAINPID names that, as the service
 * manager sets it for ExecReload=. Returns when the change is in force. Prints on
 * standard error what was applied, each option that has changed and needs a
 * restart, and errors.
 *
 * Return: 0, also if an option needs a restart; or the exit status.
 */
int service_reload(const struct options *options);

#endif
