// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open operations: create and close descriptors. They transfer no message.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

struct name {
	const char *name;
	enum kind kind;
	bool root;
};

/* Repeated elements have a higher weight. */
static const struct name names[] = {
	{ "message", KIND_MESSAGE, false },
	{ "message", KIND_MESSAGE, false },
	{ "message", KIND_MESSAGE, false },
	{ "message", KIND_MESSAGE, false },
	{ "message", KIND_MESSAGE, false },
	{ "message", KIND_MESSAGE, false },
	{ "message.1", KIND_TEXT, false },
	{ "log", KIND_TEXT, false },
	{ "log.json", KIND_TEXT, false },
	{ "log.1", KIND_TEXT, false },
	{ "capture", KIND_TEXT, false },
	{ "control", KIND_CONTROL, false },
	{ "status", KIND_TEXT, false },
	{ ".", KIND_DIRECTORY, false },
	{ "control", KIND_CONTROL, true },
	{ "status", KIND_TEXT, true },
	{ "README", KIND_TEXT, true },
	{ ".", KIND_DIRECTORY, true },
	{ "hmc7", KIND_DIRECTORY, true },
	{ "absent", KIND_TEXT, true },
	{ "hmc0/../hmc1", KIND_DIRECTORY, true },
};

static const struct name *choose(struct worker *worker, struct slot *slot,
				 char *path)
{
	const struct name *name =
		&names[below(worker, sizeof(names) / sizeof(names[0]))];

	*slot = (struct slot){
		.kind = name->kind,
		.index = (int)below(worker, FUZZ_INDICES),
	};
	world_path(worker->world, path, name->root ? -1 : slot->index,
		   name->name);
	return name;
}

/*
 * The session of a descriptor is known if the same session was ready before
 * and after the open.
 */
static void open_path(struct worker *worker, struct slot *slot,
		      const char *path, int flags)
{
	uint32_t before = 0;
	int fd;

	if (slot->kind == KIND_MESSAGE)
		before = world_session(worker->world, slot->index);
	fd = open(path, flags | O_CLOEXEC, 0600);
	slot->flags = flags;
	if (fd >= 0 && before &&
	    before == world_session(worker->world, slot->index) &&
	    before == atomic_load(&worker->world->session[slot->index]))
		slot->tag = before;
	slot_fill(worker, fd, slot);
}

static void op_open(struct worker *worker)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR };
	char path[FUZZ_PATH_MAX];
	struct slot slot;

	choose(worker, &slot, path);
	open_path(worker, &slot, path, modes[below(worker, 4)]);
}

static void op_open_nonblock(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	struct slot slot;

	choose(worker, &slot, path);
	open_path(worker, &slot, path, (int)below(worker, 3) | O_NONBLOCK);
}

static void op_open_flags(struct worker *worker)
{
	static const int flags[] = {
		O_TRUNC,	  O_APPEND,   O_CREAT,
		O_CREAT | O_EXCL, O_DIRECT,   O_SYNC,
		O_DSYNC,	  O_NOATIME,  O_ASYNC,
		O_NOCTTY,	  O_NOFOLLOW, O_DIRECTORY,
		O_TMPFILE,	  O_PATH,     O_APPEND | O_TRUNC | O_CREAT,
	};
	char path[FUZZ_PATH_MAX];
	struct slot slot;
	int chosen;

	choose(worker, &slot, path);
	chosen = (int)below(worker, 4) |
		 flags[below(worker, sizeof(flags) / sizeof(flags[0]))];
	if (chance(worker, 2))
		chosen |=
			flags[below(worker, sizeof(flags) / sizeof(flags[0]))];
	open_path(worker, &slot, path, chosen);
}

static void op_openat2(struct worker *worker)
{
	struct open_how how = {
		.flags = below(worker, 3) | O_CLOEXEC,
		.resolve = chance(worker, 2) ? RESOLVE_NO_SYMLINKS :
					       RESOLVE_NO_XDEV,
	};
	char path[FUZZ_PATH_MAX];
	struct slot slot;

	choose(worker, &slot, path);
	slot.flags = (int)how.flags;
	slot_fill(worker,
		  (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)),
		  &slot);
}

/* O_PATH first: the name may refer to another file at the real open. */
static void op_reopen(struct worker *worker)
{
	char path[FUZZ_PATH_MAX];
	struct slot slot;
	int fd;

	choose(worker, &slot, path);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	open_path(worker, &slot, path,
		  (int)below(worker, 3) | (chance(worker, 3) ? O_TRUNC : 0));
	close(fd);
}

static void op_open_by_handle(struct worker *worker)
{
	char memory[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	struct file_handle *handle = (struct file_handle *)memory;
	char path[FUZZ_PATH_MAX];
	struct slot slot;
	int mount, directory;

	choose(worker, &slot, path);
	handle->handle_bytes = MAX_HANDLE_SZ;
	if (done(worker, name_to_handle_at(AT_FDCWD, path, handle, &mount, 0)))
		return;
	directory = open(worker->world->options.root, O_RDONLY | O_CLOEXEC);
	slot.flags = (int)below(worker, 3);
	slot_fill(worker,
		  open_by_handle_at(directory, handle, slot.flags | O_CLOEXEC),
		  &slot);
	close(directory);
}

static void op_dup(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	slot_fill(worker, fcntl(slot->fd, F_DUPFD_CLOEXEC, 0), slot);
	slot_put(slot);
}

static void op_close(struct worker *worker)
{
	int fd = slot_empty(worker);

	if (fd >= 0)
		done(worker, close(fd));
}

const struct operation open_operations[] = {
	{ "open", 40, false, op_open },
	{ "open-nonblock", 20, false, op_open_nonblock },
	{ "open-flags", 20, false, op_open_flags },
	{ "openat2", 4, false, op_openat2 },
	{ "reopen", 6, false, op_reopen },
	{ "open-by-handle", 4, false, op_open_by_handle },
	{ "dup", 4, false, op_dup },
	{ "close", 70, false, op_close },
	{ NULL, 0, false, NULL },
};
