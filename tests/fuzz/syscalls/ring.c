// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ring: accesses the queues of an io_uring in memory that the kernel shares.
 * It chooses no operation.
 */
#include "ring.h"

#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

static atomic_uint *field(const struct ring *ring, __u32 offset)
{
	return (atomic_uint *)(void *)(ring->memory + offset);
}

static void *map(const struct ring *ring, size_t size, off_t offset)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_POPULATE, ring->fd, offset);
}

bool ring_open(struct ring *ring)
{
	*ring = (struct ring){ 0 };
	ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &ring->params);
	if (ring->fd < 0)
		return false;
	ring->size = ring->params.cq_off.cqes +
		     ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->memory = map(ring, ring->size, IORING_OFF_SQ_RING);
	ring->entries =
		map(ring, ENTRIES * sizeof(*ring->entries), IORING_OFF_SQES);
	return ring->memory != MAP_FAILED && ring->entries != MAP_FAILED;
}

void ring_close(struct ring *ring)
{
	munmap(ring->entries, ENTRIES * sizeof(*ring->entries));
	munmap(ring->memory, ring->size);
	close(ring->fd);
}

long ring_submit(struct ring *ring, const struct io_uring_sqe *entry)
{
	atomic_uint *tail = field(ring, ring->params.sq_off.tail);
	unsigned int at = atomic_load(tail) & (ring->params.sq_entries - 1);

	ring->entries[at] = *entry;
	field(ring, ring->params.sq_off.array)[at] = at;
	atomic_fetch_add(tail, 1);
	return syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0);
}

bool ring_wait(struct ring *ring, int ms, long *result)
{
	atomic_uint *head = field(ring, ring->params.cq_off.head);
	atomic_uint *tail = field(ring, ring->params.cq_off.tail);
	struct pollfd wait = { .fd = ring->fd, .events = POLLIN };
	const struct io_uring_cqe *events =
		(void *)field(ring, ring->params.cq_off.cqes);
	unsigned int at = atomic_load(head);

	if (at == atomic_load(tail))
		poll(&wait, 1, ms);
	if (at == atomic_load(tail))
		return false;
	*result = events[at & (ring->params.cq_entries - 1)].res;
	atomic_store(head, at + 1);
	return true;
}
