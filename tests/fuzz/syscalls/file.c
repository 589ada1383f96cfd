// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * File operations: use attributes, directories, locks, watches, and calls that
 * the tree refuses. They transfer no message.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "worker.h"

static void random_path(struct worker *worker, char *path)
{
	static const char *const names[] = { "message", "message.1", "log",
					     "control", "status",    ".",
					     "new" };

	world_path(worker->world, path,
		   (int)below(worker, FUZZ_INDICES + 1) - 1,
		   names[below(worker, sizeof(names) / sizeof(names[0]))]);
}

static void op_stat(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	struct stat attributes;
	struct statx more;

	random_path(worker, path);
	if (chance(worker, 2))
		done(worker, stat(path, &attributes));
	else
		done(worker, statx(AT_FDCWD, path,
				   chance(worker, 2) ? AT_STATX_FORCE_SYNC :
						       AT_STATX_DONT_SYNC,
				   STATX_ALL, &more));
}

static void op_fstat(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	struct stat attributes;

	if (!slot)
		return;
	done(worker, fstat(slot->fd, &attributes));
	slot_put(slot);
}

static void op_statvfs(struct worker *worker)
{
	struct statvfs statistics;

	done(worker, statvfs(worker->world->options.root, &statistics));
}

static void op_change(struct worker *worker)
{
	const struct timespec times[2] = { { 0 }, { .tv_nsec = UTIME_NOW } };
	char path[FUZZ_PATH_MAX];

	random_path(worker, path);
	switch (below(worker, 5)) {
	case 0:
		done(worker, chmod(path, 0600));
		break;
	case 1:
		done(worker, chown(path, 0, 0));
		break;
	case 2:
		done(worker, utimensat(AT_FDCWD, path, times, 0));
		break;
	case 3:
		done(worker, utimensat(AT_FDCWD, path, NULL, 0));
		break;
	default:
		done(worker, truncate(path, (off_t)below(worker, 10000)));
	}
}

static void op_fchange(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	switch (below(worker, 4)) {
	case 0:
		done(worker, ftruncate(slot->fd, (off_t)below(worker, 10000)));
		break;
	case 1:
		done(worker,
		     fallocate(slot->fd, (int)below(worker, 4), 0, 4096));
		break;
	case 2:
		done(worker, fchmod(slot->fd, 0644));
		break;
	default:
		done(worker, futimens(slot->fd, NULL));
	}
	slot_put(slot);
}

static void op_sync(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	if (chance(worker, 3))
		done(worker, fdatasync(slot->fd));
	else if (chance(worker, 2))
		done(worker, sync_file_range(slot->fd, 0, 0, 7));
	else
		done(worker, fsync(slot->fd));
	slot_put(slot);
}

static void op_getdents(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_DIRECTORY);

	if (!slot)
		return;
	done(worker, syscall(SYS_getdents64, slot->fd, worker->buffer,
			     30 + below(worker, 4000)));
	if (chance(worker, 3))
		lseek(slot->fd, (off_t)below(worker, 12), SEEK_SET);
	slot_put(slot);
}

static void op_access(struct worker *worker)
{
	char path[FUZZ_PATH_MAX], link[FUZZ_PATH_MAX];

	random_path(worker, path);
	done(worker, access(path, (int)below(worker, 8)));
	readlink(path, link, sizeof(link));
}

/* The tree refuses all of these calls. */
static void op_refused(struct worker *worker)
{
	char path[FUZZ_PATH_MAX], other[FUZZ_PATH_MAX];

	random_path(worker, path);
	random_path(worker, other);
	switch (below(worker, 7)) {
	case 0:
		done(worker, mkdir(path, 0700));
		break;
	case 1:
		done(worker, rmdir(path));
		break;
	case 2:
		done(worker, unlink(path));
		break;
	case 3:
		done(worker, rename(path, other));
		break;
	case 4:
		done(worker, link(path, other));
		break;
	case 5:
		done(worker, symlink("x", path));
		break;
	default:
		done(worker, mkfifo(path, 0600));
	}
}

static void op_xattr(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];

	random_path(worker, path);
	done(worker, listxattr(path, worker->buffer, 1000));
	done(worker, getxattr(path, "user.x", worker->buffer, 1000));
	done(worker, setxattr(path, "user.x", "y", 1, 0));
	done(worker, removexattr(path, "security.capability"));
}

static void op_ioctl(struct worker *worker)
{
	static const unsigned long codes[] = { FIONREAD,   FIOCLEX, FIONBIO,
					       TIOCGWINSZ, 0x1234,  FIOASYNC };
	struct slot *slot = slot_get(worker, KIND_NONE);
	int argument = 0;

	if (!slot)
		return;
	done(worker, ioctl(slot->fd, codes[below(worker, 6)], &argument));
	slot_put(slot);
}

static void op_flags(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	int flags;

	if (!slot)
		return;
	flags = (int)done(worker, fcntl(slot->fd, F_GETFL));
	fcntl(slot->fd, F_SETFL,
	      flags ^ (chance(worker, 4) ? O_APPEND : O_NONBLOCK));
	fcntl(slot->fd, F_SETFD, FD_CLOEXEC);
	slot_put(slot);
}

static void op_lock(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	struct flock lock = {
		.l_type = (short)below(worker, 3),
		.l_len = (off_t)below(worker, 100),
	};

	if (!slot)
		return;
	if (chance(worker, 3))
		done(worker, flock(slot->fd, LOCK_NB | 1 << below(worker, 4)));
	else
		done(worker,
		     fcntl(slot->fd, chance(worker, 2) ? F_SETLK : F_OFD_SETLK,
			   &lock));
	slot_put(slot);
}

static void op_lease(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	fcntl(slot->fd, F_SETSIG, SIGURG);
	done(worker, fcntl(slot->fd, F_SETLEASE,
			   chance(worker, 2) ? F_RDLCK : F_WRLCK));
	fcntl(slot->fd, F_SETLEASE, F_UNLCK);
	fcntl(slot->fd, F_NOTIFY, DN_MODIFY);
	slot_put(slot);
}

static void op_inotify(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	random_path(worker, path);
	done(worker, inotify_add_watch(watch, path, IN_ALL_EVENTS));
	random_path(worker, path);
	close(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
	done(worker, read(watch, worker->buffer, 4096));
	close(watch);
}

static void op_fanotify(struct worker *worker)
{
	int watch = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK,
				  O_RDONLY);
	char path[FUZZ_PATH_MAX];

	random_path(worker, path);
	done(worker, fanotify_mark(watch, FAN_MARK_ADD, FAN_OPEN | FAN_MODIFY,
				   AT_FDCWD, path));
	if (watch >= 0)
		close(watch);
}

const struct operation file_operations[] = {
	{ "stat", 10, false, op_stat },
	{ "fstat", 10, false, op_fstat },
	{ "statvfs", 2, false, op_statvfs },
	{ "change", 6, false, op_change },
	{ "fchange", 6, false, op_fchange },
	{ "sync", 6, false, op_sync },
	{ "getdents", 8, false, op_getdents },
	{ "access", 4, false, op_access },
	{ "refused", 5, false, op_refused },
	{ "xattr", 3, false, op_xattr },
	{ "ioctl", 3, false, op_ioctl },
	{ "flags", 8, false, op_flags },
	{ "lock", 5, false, op_lock },
	{ "lease", 3, false, op_lease },
	{ "inotify", 4, false, op_inotify },
	{ "fanotify", 2, false, op_fanotify },
	{ NULL, 0, false, NULL },
};
