// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Read operations: read files, and use them as regular files allow. They send
 * no message.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "worker.h"

static size_t random_size(struct worker *worker)
{
	static const uint32_t sizes[] = { 1, 7, 100, 4096, MESSAGE_MAX, 65536 };

	return sizes[below(worker, 6)];
}

static void op_read(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	long got;

	if (!slot)
		return;
	got = done(worker, read(slot->fd, worker->buffer, random_size(worker)));
	message_check(worker, slot, worker->buffer, got);
	slot_put(slot);
}

static void op_read_message(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	long got;

	if (!slot)
		return;
	got = done(worker, read(slot->fd, worker->buffer, MESSAGE_MAX));
	if ((slot->flags & O_ACCMODE) == O_RDWR)
		message_check(worker, slot, worker->buffer, got);
	slot_put(slot);
}

static void op_readv(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	struct iovec pieces[64];

	if (!slot)
		return;
	for (int i = 0; i < 64; i++)
		pieces[i] = (struct iovec){ worker->buffer + i * 100,
					    below(worker, 100) };
	done(worker, readv(slot->fd, pieces, 1 + (int)below(worker, 64)));
	slot_put(slot);
}

/* A log returns the same bytes again, as long as it exists. */
static void op_pread_twice(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	off_t at = (off_t)below(worker, 100000);
	long first, second;

	if (!slot)
		return;
	first = done(worker, pread(slot->fd, worker->buffer, 4096, at));
	second = pread(slot->fd, worker->check, 4096, at);
	if (first > 0 && second > 0 &&
	    memcmp(worker->buffer, worker->check,
		   (size_t)(first < second ? first : second)) != 0)
		world_fault(worker->world,
			    "writer %u: a log changed at offset %lld",
			    worker->writer, (long long)at);
	slot_put(slot);
}

static void op_pread_far(struct worker *worker)
{
	static const off_t offsets[] = {
		0, 1, 1 << 20, (off_t)1 << 40, INT64_MAX - 4096, INT64_MAX, -1
	};
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	done(worker, pread(slot->fd, worker->buffer, random_size(worker),
			   offsets[below(worker, 7)]));
	slot_put(slot);
}

static void op_preadv2(struct worker *worker)
{
	static const int flags[] = { 0,	       RWF_NOWAIT, RWF_HIPRI,
				     RWF_SYNC, RWF_APPEND, 0x40000000 };
	struct slot *slot = slot_get(worker, KIND_NONE);
	struct iovec piece = { worker->buffer, random_size(worker) };

	if (!slot)
		return;
	done(worker, preadv2(slot->fd, &piece, 1, chance(worker, 2) ? -1 : 0,
			     flags[below(worker, 6)]));
	slot_put(slot);
}

/* The memory after the first page is invalid. */
static void op_read_fault(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	char *memory;

	if (!slot)
		return;
	memory =
		mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(memory, 4096, PROT_READ | PROT_WRITE);
	done(worker, read(slot->fd, memory + below(worker, 8192),
			  1 + below(worker, 8192)));
	munmap(memory, 8192);
	slot_put(slot);
}

static void op_lseek(struct worker *worker)
{
	static const int from[] = { SEEK_SET,  SEEK_CUR,  SEEK_END,
				    SEEK_DATA, SEEK_HOLE, 99 };
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	done(worker, lseek(slot->fd, (off_t)below(worker, 20000) - 10000,
			   from[below(worker, 6)]));
	slot_put(slot);
}

static void op_readahead(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	done(worker,
	     chance(worker, 2) ?
		     readahead(slot->fd, 0, random_size(worker)) :
		     posix_fadvise(slot->fd, 0, 0, (int)below(worker, 6)));
	slot_put(slot);
}

/* The mapping is not accessed: SIGBUS would follow if the file shrinks. */
static void op_mmap(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	void *memory;

	if (!slot)
		return;
	memory = mmap(NULL, 16384, (int)below(worker, 4),
		      chance(worker, 2) ? MAP_SHARED : MAP_PRIVATE, slot->fd,
		      chance(worker, 2) ? 0 : 4096);
	slot_put(slot);
	if (memory == MAP_FAILED)
		return;
	done(worker, 0);
	msync(memory, 16384, chance(worker, 2) ? MS_SYNC : MS_ASYNC);
	madvise(memory, 16384, (int)below(worker, 10));
	munmap(memory, 16384);
}

const struct operation read_operations[] = {
	{ "read", 30, true, op_read },
	{ "read-message", 30, true, op_read_message },
	{ "readv", 8, false, op_readv },
	{ "pread-twice", 20, false, op_pread_twice },
	{ "pread-far", 6, false, op_pread_far },
	{ "preadv2", 8, false, op_preadv2 },
	{ "read-fault", 4, false, op_read_fault },
	{ "lseek", 8, false, op_lseek },
	{ "readahead", 3, false, op_readahead },
	{ "mmap", 4, false, op_mmap },
	{ NULL, 0, false, NULL },
};
