// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inotify: starts the announcer of changes by one request to the helper, follows
 * its life, and explains in the status why there is none. It ends the daemon if a
 * stopped announcer outlives the mount. It touches no file.
 */
#include "service.h"

#include <errno.h>
#include <unistd.h>

#include <glib-unix.h>

#include "defaults.h"
#include "marks.h"
#include "notice.h"
#include "privilege/privilege.h"
#include "tree/tree.h"

/* The reason for the negative errno of a start, or of an announcer that ended. */
static const char *reason(int error)
{
	switch (error) {
	case 0:
		return "the process that reports changes was killed, or the privileged helper, with which it ends; mount again";
	case -EOPNOTSUPP:
		return "the service manager passed no copy of the mount; the service needs FileDescriptorStoreMax=2, and --step=prepare without an error";
	case -EPERM:
		return "uid= gives the files to another user, and only their owner can report changes; leave out uid=";
	case -EUSERS:
		return "the system permits no user namespace, without which an ordinary user cannot copy a mount; mount as root";
	case -EAGAIN:
		return "the processes or threads that it takes cannot be started; allow more (ulimit -u, TasksMax=), and mount again";
	case -EROFS:
		return "the tree is mounted read-only";
	case -EACCES:
		return "the owner may not write to the directories; use dmode=0700";
	case -ENOENT:
		return "the mount namespace in which the tree was mounted has no mount of it";
	default:
		return g_strerror(-error);
	}
}

static void give_up(struct tree *tree, int error)
{
	tree->marks = NULL;
	tree->silence = reason(error);
	g_info("inotify does not report messages: %s", tree->silence);
}

/* Return: TRUE if this end was to be expected. */
static gboolean is_usual(int error)
{
	return error == -EROFS || error == -EACCES || error == -ENOENT ||
	       error == -EPERM;
}

static void stop_watching(struct inotify *inotify)
{
	if (inotify->changes)
		g_source_remove(inotify->changes);
	if (inotify->mounts >= 0)
		close(inotify->mounts);
	inotify->changes = 0;
	inotify->mounts = -1;
}

static gboolean on_end(gint fd, GIOCondition condition, gpointer data)
{
	struct inotify *inotify = data;
	int error = g_atomic_int_get(&inotify->marks->error);

	(void)fd;
	(void)condition;
	inotify->source = 0;
	stop_watching(inotify);
	give_up(inotify->tree, error);
	kernel_cache_drop_status(inotify->tree);
	if (!is_usual(error))
		notice_mount(NOTICE_NOT_ANNOUNCED,
			     "inotify no longer reports messages: %s",
			     inotify->tree->silence);
	return G_SOURCE_REMOVE;
}

/* Files may be open after a lazy unmount, or in another mount namespace. */
static gboolean on_abandoned(gpointer data)
{
	struct inotify *inotify = data;

	if (inotify->tree->users.quotas[QUOTA_HANDLES].used ||
	    mount_is_visible(&inotify->mount, inotify->mounts))
		return G_SOURCE_CONTINUE;
	*inotify->ending = TRUE;
	return G_SOURCE_CONTINUE;
}

/*
 * The announcer ends itself, or the helper kills it, when the tree is unmounted.
 * If both are stopped, its copy of the mount keeps the connection alive.
 */
static gboolean on_mounts_changed(gint fd, GIOCondition condition,
				  gpointer data)
{
	struct inotify *inotify = data;

	(void)condition;
	if (mount_is_visible(&inotify->mount, fd))
		return G_SOURCE_CONTINUE;
	inotify->changes =
		g_timeout_add(VMCFS_ANNOUNCER_MS, on_abandoned, inotify);
	return G_SOURCE_REMOVE;
}

/* In its own mount namespace the daemon may not see the tree. */
static void start_watching(struct inotify *inotify, const char *path)
{
	inotify->mounts = mount_watch(path, &inotify->mount);
	if (inotify->mounts >= 0)
		inotify->changes = g_unix_fd_add(inotify->mounts, G_IO_PRI,
						 on_mounts_changed, inotify);
}

void inotify_start(struct inotify *inotify, struct service *service,
		   struct marks *marks)
{
	struct tree *tree = service->tree;
	int error;

	*inotify = (struct inotify){
		.tree = tree,
		.marks = marks,
		.process = -1,
		.mounts = -1,
		.ending = &service->ending,
	};
	tree->silence = "notify_ms=0";
	if (!marks)
		return;
	error = privilege_call(service->privilege, HELPER_ANNOUNCE,
			       VMCFS_HELPER_TIMEOUT_MS, &inotify->process);
	if (error) {
		give_up(tree, error);
		return;
	}
	tree->marks = marks;
	tree->silence = NULL;
	inotify->source =
		g_unix_fd_add(inotify->process, G_IO_IN, on_end, inotify);
	start_watching(inotify, service->mount_point);
}

void inotify_stop(struct inotify *inotify)
{
	inotify->tree->marks = NULL;
	inotify->tree->silence = "the daemon ends";
	stop_watching(inotify);
	if (inotify->source)
		g_source_remove(inotify->source);
	if (inotify->process >= 0)
		close(inotify->process);
}
