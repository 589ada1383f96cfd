// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Empty server: the baseline of the benchmarks, a FUSE server on libfuse's own
 * loop with the names, modes, open flags and waits of vmcfs, and the least work
 * for each request. It has no log and no limits, and trusts its callers.
 *
 *	bench-empty [-d] STATUS LOG DIRECTORY
 *
 * With -d, each message that is written passes the simulated device, as in vmcfs.
 * Each hmcN/status has STATUS bytes. hmc1/message, opened read-only, is a file
 * of LOG bytes. hmc0/message returns the last message that was written: at once
 * to a read-only descriptor, and once to each descriptor for reading and
 * writing, which waits for it. While no descriptor can read, writes are
 * discarded.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fuse.h>

#define FUSE_USE_VERSION 314
#include <fuse3/fuse_lowlevel.h>

#include "loop.h"

/* Since Linux 6.2; older kernels ignore it. */
#ifndef FOPEN_PARALLEL_DIRECT_WRITES
#define FOPEN_PARALLEL_DIRECT_WRITES (1 << 6)
#endif

#define CACHE_S 3600.0
#define MESSAGE_MAX (1 << 20)
#define FIRST_HMC 16
#define HMCS 2

enum { CONTROL = 1, MESSAGE, STATUS, FILES };

static const struct {
	const char *name;
	mode_t mode;
} files[FILES] = {
	[CONTROL] = { "control", S_IFREG | 0600 },
	[MESSAGE] = { "message", S_IFREG | 0600 },
	[STATUS] = { "status", S_IFREG | 0400 },
};

/**
 * struct reader - descriptor for reading and writing
 * @seen: number of the message it read last
 * @waiting: its read that waits for a message
 * @size: bytes that @waiting accepts
 * @next: next reader that waits
 */
struct reader {
	unsigned long seen;
	fuse_req_t waiting;
	size_t size;
	struct reader *next;
};

/**
 * struct empty - the file system
 * @status: bytes of a status file
 * @log: bytes of hmc1/message
 * @zeros: contents of both
 * @device: simulated device that each message passes, or NULL
 * @message: last message of @len bytes, and its @number
 * @readers: descriptors that read hmc0/message
 * @waiting: readers that wait
 */
struct empty {
	size_t status, log;
	char *zeros;
	struct loop *device;
	char message[MESSAGE_MAX];
	size_t len;
	unsigned long number;
	unsigned int readers;
	struct reader *waiting;
};

static struct empty *empty_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static int file_of(fuse_ino_t ino)
{
	return ino < FIRST_HMC ? 0 : (int)(ino % FIRST_HMC);
}

static int is_live(fuse_ino_t ino)
{
	return ino == FIRST_HMC + MESSAGE;
}

static void fill_attributes(const struct empty *empty, fuse_ino_t ino,
			    struct stat *attributes)
{
	int file = file_of(ino);

	*attributes = (struct stat){
		.st_ino = ino,
		.st_mode = file ? files[file].mode : S_IFDIR | 0700,
		.st_nlink = file ? 1 : 2,
		.st_blksize = 16384,
	};
	if (file == STATUS)
		attributes->st_size = (off_t)empty->status;
	else if (file == MESSAGE && !is_live(ino))
		attributes->st_size = (off_t)empty->log;
}

/* The size of a message file changes, so it cannot be cached. */
static double attribute_timeout(fuse_ino_t ino)
{
	return file_of(ino) == MESSAGE ? 0 : CACHE_S;
}

static void on_init(void *data, struct fuse_conn_info *connection)
{
	(void)data;
	connection->want = connection->capable &
			   (FUSE_CAP_ASYNC_READ | FUSE_CAP_AUTO_INVAL_DATA |
			    FUSE_CAP_PARALLEL_DIROPS);
}

static fuse_ino_t find(fuse_ino_t parent, const char *name)
{
	if (parent == FUSE_ROOT_ID && !strncmp(name, "hmc", 3) &&
	    name[3] >= '0' && name[3] < '0' + HMCS && !name[4])
		return (fuse_ino_t)FIRST_HMC * (fuse_ino_t)(name[3] - '0' + 1);
	for (int i = CONTROL; parent != FUSE_ROOT_ID && i < FILES; i++)
		if (!strcmp(name, files[i].name))
			return parent + (fuse_ino_t)i;
	return 0;
}

static void on_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = { .ino = find(parent, name) };

	if (!entry.ino) {
		fuse_reply_err(req, ENOENT);
		return;
	}
	fill_attributes(empty_of(req), entry.ino, &entry.attr);
	entry.attr_timeout = attribute_timeout(entry.ino);
	entry.entry_timeout = file_of(entry.ino) ? 0 : CACHE_S;
	fuse_reply_entry(req, &entry);
}

static void on_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *info)
{
	struct stat attributes;

	(void)info;
	fill_attributes(empty_of(req), ino, &attributes);
	fuse_reply_attr(req, &attributes, attribute_timeout(ino));
}

static void on_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *wanted,
		       int which, struct fuse_file_info *info)
{
	(void)wanted;
	(void)which;
	on_getattr(req, ino, info);
}

static void on_readdir(fuse_req_t req, fuse_ino_t ino, size_t size,
		       off_t offset, struct fuse_file_info *info)
{
	struct stat attributes;
	char buffer[4096];
	size_t used = 0;

	(void)info;
	if (size > sizeof(buffer))
		size = sizeof(buffer);
	for (int i = (int)offset + 1; file_of(ino) == 0 && i < FILES; i++) {
		fill_attributes(empty_of(req), ino + (fuse_ino_t)i,
				&attributes);
		used += fuse_add_direntry(req, buffer + used, size - used,
					  files[i].name, &attributes, i);
	}
	fuse_reply_buf(req, buffer, used);
}

/* libfuse has no field for FOPEN_STREAM, so the answer is built by hand. */
static void on_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *info)
{
	struct empty *empty = empty_of(req);
	int access = info->flags & O_ACCMODE;
	struct fuse_open_out answer = {
		.open_flags = FOPEN_DIRECT_IO | FOPEN_NOFLUSH,
	};

	if (access != O_RDONLY)
		answer.open_flags |= FOPEN_NONSEEKABLE | FOPEN_STREAM |
				     FOPEN_PARALLEL_DIRECT_WRITES;
	if (is_live(ino) && access != O_WRONLY)
		empty->readers++;
	if (is_live(ino) && access == O_RDWR) {
		struct reader *reader = calloc(1, sizeof(*reader));

		if (!reader)
			abort();
		reader->seen = empty->number;
		answer.fh = (uintptr_t)reader;
	}
	fuse_reply_buf(req, (const char *)&answer, sizeof(answer));
}

static void on_release(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *info)
{
	if (is_live(ino) && (info->flags & O_ACCMODE) != O_WRONLY)
		empty_of(req)->readers--;
	free((void *)(uintptr_t)info->fh);
	fuse_reply_err(req, 0);
}

static void reply_range(fuse_req_t req, size_t length, size_t size, off_t from)
{
	size_t rest = (size_t)from < length ? length - (size_t)from : 0;

	fuse_reply_buf(req, empty_of(req)->zeros + from,
		       size < rest ? size : rest);
}

static void reply_message(fuse_req_t req, size_t size)
{
	struct empty *empty = empty_of(req);

	fuse_reply_buf(req, empty->message,
		       size < empty->len ? size : empty->len);
}

static void read_next(fuse_req_t req, struct reader *reader, size_t size)
{
	struct empty *empty = empty_of(req);

	if (reader->seen == empty->number) {
		reader->waiting = req;
		reader->size = size;
		reader->next = empty->waiting;
		empty->waiting = reader;
		return;
	}
	reader->seen = empty->number;
	reply_message(req, size);
}

static void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		    struct fuse_file_info *info)
{
	struct empty *empty = empty_of(req);

	if (info->fh)
		read_next(req, (struct reader *)(uintptr_t)info->fh, size);
	else if (is_live(ino))
		reply_message(req, size);
	else if (file_of(ino) == MESSAGE)
		reply_range(req, empty->log, size, offset);
	else
		reply_range(req, empty->status, size, offset);
}

static void wake(struct empty *empty)
{
	struct reader *reader = empty->waiting;

	empty->waiting = NULL;
	for (; reader; reader = reader->next) {
		reader->seen = empty->number;
		reply_message(reader->waiting, reader->size);
	}
}

static void on_write(fuse_req_t req, fuse_ino_t ino, const char *data,
		     size_t size, off_t offset, struct fuse_file_info *info)
{
	struct empty *empty = empty_of(req);

	(void)offset;
	(void)info;
	if (is_live(ino) && (empty->readers || empty->device)) {
		empty->len = size < MESSAGE_MAX ? size : MESSAGE_MAX;
		memcpy(empty->message, data, empty->len);
		empty->number++;
		if (empty->device &&
		    loop_pass(empty->device, empty->message, empty->len))
			abort();
	}
	fuse_reply_write(req, size);
	wake(empty);
}

static void on_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *info,
		    struct fuse_pollhandle *handle)
{
	(void)ino;
	if (handle)
		fuse_pollhandle_destroy(handle);
	fuse_reply_poll(req, (POLLIN | POLLOUT | POLLPRI) & info->poll_events);
}

static const struct fuse_lowlevel_ops operations = {
	.init = on_init,
	.lookup = on_lookup,
	.getattr = on_getattr,
	.setattr = on_setattr,
	.readdir = on_readdir,
	.open = on_open,
	.release = on_release,
	.read = on_read,
	.write = on_write,
	.poll = on_poll,
};

/* One line on standard output says that the tree is mounted. */
static int serve(struct fuse_session *session, const char *directory)
{
	int result;

	if (fuse_set_signal_handlers(session) ||
	    fuse_session_mount(session, directory))
		return 1;
	puts("ready");
	fflush(stdout);
	result = fuse_session_loop(session);
	fuse_session_unmount(session);
	return result < 0;
}

int main(int argc, char **argv)
{
	char *words[] = { argv[0], (char *)"-o",
			  (char *)"default_permissions,allow_other", NULL };
	struct fuse_args arguments = FUSE_ARGS_INIT(3, words);
	struct empty *empty = calloc(1, sizeof(*empty));
	struct fuse_session *session;
	int passes, result;

	passes = argc > 1 && !strcmp(argv[1], "-d");
	if (argc != 4 + passes || !empty)
		return 2;
	argv += passes;
	empty->status = strtoul(argv[1], NULL, 10);
	empty->log = strtoul(argv[2], NULL, 10);
	empty->zeros = malloc(empty->status + empty->log);
	session = fuse_session_new(&arguments, &operations, sizeof(operations),
				   empty);
	if (passes)
		empty->device = loop_new();
	if (!empty->zeros || !session || (passes && !empty->device))
		return 1;
	memset(empty->zeros, 'x', empty->status + empty->log);
	result = serve(session, argv[3]);
	fuse_session_destroy(session);
	free(empty->zeros);
	free(empty);
	fuse_opt_free_args(&arguments);
	return result;
}
