// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verbs: implements the actions of the helper, and lists the capabilities that
 * they need. It takes no parameter from the daemon.
 */
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/chardev/driver.h"
#include "privilege/mount.h"
#include "privilege/privilege.h"

/**
 * struct verbs - state of the helper
 * @plan: parameters
 * @title: memory of the arguments
 * @mount: mounted tree
 * @root: copy that was made with the mount, which keeps the tree alive until
 *	take_copy(), or -1
 * @copy: copy of its mount for the announcer; closed if none was made yet
 * @announcer: process ID, or 0
 * @mounts: mount table, watched while there is an announcer, or -1
 */
struct verbs {
	const struct verbs_plan *plan;
	struct title title;
	struct mount mount;
	int root;
	struct mount_copy copy;
	pid_t announcer;
	int mounts;
};

/* Otherwise a reader of the daemon's output would wait for the helper too. */
static void release_output(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close(null);
}

/* The helper keeps the connection, which shows whether the mount is alive. */
static int do_mount(void *data, int *fd)
{
	struct verbs *verbs = data;
	int error;

	if (verbs->mount.connection >= 0)
		return -EALREADY;
	error = mount_tree(&verbs->plan->mount, &verbs->mount,
			   verbs->plan->marks ? &verbs->root : NULL);
	if (error)
		return error;
	*fd = fcntl(verbs->mount.connection, F_DUPFD_CLOEXEC, 0);
	error = *fd < 0 ? -errno : 0;
	release_output();
	close(verbs->plan->mount.at);
	return error;
}

static int do_unmount(void *data, int *fd)
{
	struct verbs *verbs = data;

	(void)fd;
	return verbs->mount.connection < 0 ? 0 : unmount_tree(&verbs->mount);
}

static void stop_watching(struct verbs *verbs)
{
	if (verbs->mounts >= 0)
		close(verbs->mounts);
	verbs->mounts = -1;
}

/*
 * The announcer ends itself when the tree is not mounted any more. One that is
 * stopped would keep the tree alive, and the daemon from ending. The helper does
 * not wait for it here: it may wait for an answer of the daemon.
 */
static void on_mounts_changed(void *data)
{
	struct verbs *verbs = data;

	if (mount_is_visible(&verbs->mount, verbs->mounts))
		return;
	g_atomic_int_compare_and_exchange(&verbs->plan->marks->error, 0,
					  -ENOENT);
	kill(verbs->announcer, SIGKILL);
	stop_watching(verbs);
}

/* In a service another step has mounted the tree, and copied the mount. */
static int take_copy(struct verbs *verbs)
{
	int error, root = verbs->root;

	verbs->root = -1;
	if (verbs->copy.root >= 0)
		error = mount_of(verbs->copy.root, &verbs->mount);
	else
		error = mount_copy_open(&verbs->mount, verbs->plan->mount.path,
					root, &verbs->copy);
	if (error)
		return error;
	verbs->mounts = verbs->copy.tables[1];
	verbs->copy.tables[1] = -1;
	return 0;
}

static int do_announce(void *data, int *fd)
{
	struct verbs *verbs = data;
	int error;

	if (verbs->announcer)
		return -EALREADY;
	error = take_copy(verbs);
	if (!error)
		error = announcer_start(&verbs->mount, &verbs->copy,
					verbs->plan->marks, &verbs->title,
					&verbs->announcer);
	mount_copy_close(&verbs->copy);
	if (error) {
		stop_watching(verbs);
		return error;
	}
	*fd = (int)syscall(SYS_pidfd_open, verbs->announcer, 0);
	return *fd < 0 ? -errno : 0;
}

static int do_open_node(void *data, int *fd)
{
	const struct verbs *verbs = data;

	return chardev_node_open_path(verbs->plan->node, O_NONBLOCK, fd);
}

/*
 * The child that runs this may outlive the helper while it sleeps in the
 * driver, so it keeps no file open.
 */
static int do_request(void *data, int *fd)
{
	const struct verbs *verbs = data;

	(void)fd;
	title_set(&verbs->title, "vmcfs: request for a VMC", "vmcfs-request");
	close_range(STDERR_FILENO + 1, ~0U, 0);
	return chardev_request_ask(verbs->plan->node);
}

/*
 * The announcer may wait for a request that nobody answers until the connection
 * is closed.
 */
static void on_end(void *data)
{
	struct verbs *verbs = data;
	int none;

	do_unmount(data, &none);
	if (!verbs->announcer)
		return;
	if (verbs->mount.connection >= 0)
		close(verbs->mount.connection);
	kill(verbs->announcer, SIGKILL);
	waitpid(verbs->announcer, NULL, 0);
}

int verbs_start(const struct verbs_plan *plan, char **argv,
		struct privilege **privilege)
{
	struct verbs verbs = {
		.plan = plan,
		.title = title_of(argv),
		.mount.connection = -1,
		.mounts = -1,
		.root = -1,
		.copy = plan->copy,
	};
	struct helper_table table = {
		.title = verbs.title,
		.descriptors = { plan->mount.at },
		.watched = &verbs.mounts,
		.changed = on_mounts_changed,
		.ended = on_end,
		.data = &verbs,
	};
	guint64 kept = 0;

	if (plan->mount.at >= 0) {
		table.actions[HELPER_MOUNT].run = do_mount;
		table.actions[HELPER_UNMOUNT].run = do_unmount;
		kept = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_DAC_READ_SEARCH;
	}
	if (plan->marks && (plan->mount.at >= 0 || plan->copy.root >= 0)) {
		table.actions[HELPER_ANNOUNCE].run = do_announce;
		table.descriptors[1] = plan->copy.root;
		table.descriptors[2] = plan->copy.tables[0];
		table.descriptors[3] = plan->copy.tables[1];
		kept |= 1ULL << CAP_FOWNER | 1ULL << CAP_DAC_OVERRIDE;
	}
	if (plan->node) {
		table.actions[HELPER_OPEN_NODE].run = do_open_node;
		table.actions[HELPER_REQUEST_VMC].run = do_request;
		table.actions[HELPER_REQUEST_VMC].slow = TRUE;
		kept |= 1ULL << CAP_DAC_OVERRIDE;
	}
	return privilege_start(&table, kept, privilege);
}
