// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Announcer: touches files in one thread for each lane of the marks, and repeats
 * a rotation by a rename and a creation. The daemon recognises these requests by
 * the threads, and changes nothing (tree/announce.c). It reads no file.
 */
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../marks.h"
#include "../thread.h"
#include "internal.h"
#include "privilege.h"

struct announcer;

/* Argument of a thread. */
struct lane {
	struct announcer *announcer;
	guint number;
};

struct announcer {
	const struct mount *mount;
	struct marks *marks;
	int tree;
	int table;
	struct lane lanes[MARKS_LANES];
};

/* A file of an HMC index, and the name that it gets when it is rotated. */
static const struct announced_file {
	gboolean is_message;
	guint changed;
	guint rotated;
	const char *name;
	const char *old;
} files[] = {
	{ FALSE, MARK_STATUS, 0, "status", NULL },
	{ FALSE, MARK_LOG, MARK_LOG_ROTATED, "log", "log.1" },
	{ FALSE, MARK_JSON, MARK_JSON_ROTATED, "log.json", "log.json.1" },
	{ TRUE, MARK_MESSAGE, MARK_MESSAGE_ROTATED, "message", "message.1" },
};

/* Ends all threads. A connection that has ended needs no explanation. */
G_NORETURN static void stop(const struct announcer *announcer, int error)
{
	if (error != ENOTCONN && error != ECONNABORTED)
		g_atomic_int_set(&announcer->marks->error, -error);
	_exit(EXIT_SUCCESS);
}

/*
 * The kernel reports a change of the time of modification as IN_MODIFY. A file
 * that was dropped meanwhile has no change to report.
 */
static void touch(const struct announcer *announcer, const char *path)
{
	const struct timespec times[] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_nsec = UTIME_NOW },
	};

	if (utimensat(announcer->tree, path, times, AT_SYMLINK_NOFOLLOW) &&
	    errno != ENOENT && errno != ESTALE)
		stop(announcer, errno);
}

static void rotate(const struct announcer *announcer, const char *path,
		   const char *old)
{
	if (renameat(announcer->tree, path, announcer->tree, old)) {
		/* An earlier announcement included this rotation. */
		if (errno == EALREADY)
			return;
		/* The old file was dropped. */
		if (errno != ENOENT)
			stop(announcer, errno);
	}
	if (mknodat(announcer->tree, path, S_IFREG | S_IRUSR | S_IWUSR, 0))
		stop(announcer, errno);
}

static void announce_file(const struct announcer *announcer, guint index,
			  const struct announced_file *file, guint bits)
{
	char path[64], old[64];

	if (!(bits & (file->changed | file->rotated)))
		return;
	g_snprintf(path, sizeof(path), "hmc%u/%s", index, file->name);
	touch(announcer, path);
	if (!(bits & file->rotated))
		return;
	g_snprintf(old, sizeof(old), "hmc%u/%s", index, file->old);
	rotate(announcer, path, old);
	touch(announcer, path);
}

static void announce_index(const struct announcer *announcer, guint lane,
			   guint bits)
{
	guint index = (lane - MARKS_ROOT - 1) / 2;
	gboolean is_message = lane == marks_message_lane(index);

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		if (files[i].is_message == is_message)
			announce_file(announcer, index, &files[i], bits);
	}
}

/* The first change is announced at once, the next ones after the interval. */
static void *run_lane(void *data)
{
	struct lane *lane = data;
	struct announcer *announcer = lane->announcer;
	struct marks *marks = announcer->marks;
	guint bits;

	g_atomic_int_set(&marks->lanes[lane->number].thread, gettid());
	for (;;) {
		bits = marks_take(marks, lane->number);
		if (lane->number == MARKS_ROOT)
			touch(announcer, "status");
		else
			announce_index(announcer, lane->number, bits);
		g_usleep((gulong)marks->interval_ms * 1000);
	}
	return NULL;
}

static void start(const struct announcer *announcer, void *(*run)(void *data),
		  void *data)
{
	pthread_t thread;
	int error = thread_start(&thread, run, data);

	if (error)
		stop(announcer, -error);
	pthread_detach(thread);
}

/* A lane has no thread until its first change; the thread sets its ID. */
static void start_new_lanes(struct announcer *announcer)
{
	for (guint i = MARKS_ROOT; i < MARKS_LANES; i++) {
		struct mark_lane *lane = &announcer->marks->lanes[i];

		if (lane->thread || !g_atomic_int_get(&lane->word))
			continue;
		g_atomic_int_set(&lane->thread, -1);
		announcer->lanes[i] = (struct lane){ announcer, i };
		start(announcer, run_lane, &announcer->lanes[i]);
	}
}

static void *run_starter(void *data)
{
	struct announcer *announcer = data;

	for (;;) {
		marks_take(announcer->marks, MARKS_STARTER);
		start_new_lanes(announcer);
	}
	return NULL;
}

/* Returns when the tree is not mounted any more. */
static void watch_mount(const struct announcer *announcer)
{
	struct pollfd changes = {
		.fd = announcer->table,
		.events = POLLPRI,
	};

	while (mount_is_visible(announcer->mount, announcer->table)) {
		if (poll(&changes, 1, -1) < 0 && errno != EINTR)
			stop(announcer, errno);
	}
}

/* The daemon responds already. */
static void check_owner(const struct announcer *announcer)
{
	struct stat root;

	if (fstat(announcer->tree, &root))
		stop(announcer, errno);
	if (root.st_uid != geteuid() && !capability_is_held(CAP_FOWNER))
		stop(announcer, EPERM);
}

/* It must not keep the connection open: that would keep its own requests alive. */
G_NORETURN static void be_announcer(struct announcer *announcer,
				    const struct title *title, pid_t parent)
{
	const guint64 capabilities =
		1ULL << CAP_FOWNER | 1ULL << CAP_DAC_OVERRIDE;
	const int kept[] = { announcer->tree, announcer->table };
	int error;

	title_set(title, "vmcfs: announcer for inotify", "vmcfs-announcer");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EXIT_FAILURE);
	descriptor_close_others(kept, G_N_ELEMENTS(kept));
	error = capability_keep(capabilities);
	if (error)
		stop(announcer, -error);
	check_owner(announcer);
	marks_set(announcer->marks, MARKS_ROOT, MARK_ROOT_STATUS);
	start(announcer, run_starter, announcer);
	watch_mount(announcer);
	stop(announcer, ENOENT);
}

int announcer_start(const struct mount *mount, const struct mount_copy *copy,
		    struct marks *marks, const struct title *title,
		    pid_t *announcer)
{
	struct announcer child = {
		.mount = mount,
		.marks = marks,
		.tree = copy->root,
		.table = copy->tables[0],
	};
	pid_t pid, parent = getpid();

	pid = fork();
	if (!pid)
		be_announcer(&child, title, parent);
	if (pid < 0)
		return -errno;
	*announcer = pid;
	return 0;
}
