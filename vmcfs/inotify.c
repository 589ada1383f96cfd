// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inotify: starts the announcer of changes by one request to the helper, follows
 * its life, and explains in the status why there is none. It touches no file.
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
		return "the process that reports changes was killed; mount again";
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

static gboolean on_end(gint fd, GIOCondition condition, gpointer data)
{
	struct inotify *inotify = data;
	int error = g_atomic_int_get(&inotify->marks->error);

	(void)fd;
	(void)condition;
	inotify->source = 0;
	give_up(inotify->tree, error);
	kernel_cache_drop_status(inotify->tree);
	if (!is_usual(error))
		notice_mount(NOTICE_NOT_ANNOUNCED,
			     "inotify no longer reports messages: %s",
			     inotify->tree->silence);
	return G_SOURCE_REMOVE;
}

void inotify_start(struct inotify *inotify, struct tree *tree,
		   struct privilege *privilege, struct marks *marks)
{
	int error;

	*inotify = (struct inotify){
		.tree = tree,
		.marks = marks,
		.process = -1,
	};
	tree->silence = "notify_ms=0";
	if (!marks)
		return;
	error = privilege_call(privilege, HELPER_ANNOUNCE,
			       VMCFS_HELPER_TIMEOUT_MS, &inotify->process);
	if (error) {
		give_up(tree, error);
		return;
	}
	tree->marks = marks;
	tree->silence = NULL;
	inotify->source =
		g_unix_fd_add(inotify->process, G_IO_IN, on_end, inotify);
}

void inotify_stop(struct inotify *inotify)
{
	inotify->tree->marks = NULL;
	inotify->tree->silence = "the daemon ends";
	if (inotify->source)
		g_source_remove(inotify->source);
	if (inotify->process >= 0)
		close(inotify->process);
}
