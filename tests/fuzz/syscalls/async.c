// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asynchronous operations: use libaio's system calls and io_uring. The queues
 * of io_uring are in ring.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ring.h"
#include "worker.h"

/* Timeout of a completion before the context is destroyed. */
#define WAIT_MS 20

static char *map_buffer(void)
{
	void *buffer = mmap(NULL, BUFFER_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (buffer == MAP_FAILED)
		abort();
	return buffer;
}

/*
 * A request without a completion may run after its context was closed and use
 * the memory at this address, so the mapping stays.
 */
static void unmap_buffer(char *buffer, bool ended)
{
	if (ended)
		munmap(buffer, BUFFER_SIZE);
}

/* Performs one request in its own context, whose end cancels the request. */
static bool run_aio(const struct slot *slot, unsigned int code, char *buffer,
		    size_t len, long *result)
{
	struct timespec limit = { .tv_nsec = WAIT_MS * 1000000L };
	struct iocb request = {
		.aio_lio_opcode = (__u16)code,
		.aio_fildes = (__u32)slot->fd,
		.aio_buf = (__u64)(uintptr_t)buffer,
		.aio_nbytes = len,
	};
	struct iocb *list[] = { &request };
	struct io_event event;
	aio_context_t context = 0;
	bool ended = false;

	if (syscall(SYS_io_setup, 4, &context))
		return false;
	if (syscall(SYS_io_submit, context, 1, list) != 1) {
		*result = -errno;
		ended = true;
	} else if (syscall(SYS_io_getevents, context, 1, 1, &event, &limit) ==
		   1) {
		*result = (long)event.res;
		ended = true;
	}
	syscall(SYS_io_destroy, context);
	return ended;
}

static bool run_ring(const struct slot *slot, unsigned int code, char *buffer,
		     size_t len, long *result)
{
	struct io_uring_sqe entry = {
		.opcode = (__u8)code,
		.fd = slot->fd,
		.addr = (__u64)(uintptr_t)buffer,
		.len = (__u32)len,
		.off = (__u64)-1,
	};
	struct ring ring;
	bool ended;

	if (code == IORING_OP_POLL_ADD) {
		entry.poll32_events = POLLIN | POLLOUT | POLLPRI;
		entry.off = entry.addr = entry.len = 0;
	}
	if (!ring_open(&ring))
		return false;
	*result = ring_submit(&ring, &entry);
	ended = *result < 0 || ring_wait(&ring, WAIT_MS, result);
	ring_close(&ring);
	return ended;
}

static void read_async(struct worker *worker, unsigned int code,
		       bool (*run)(const struct slot *, unsigned int, char *,
				   size_t, long *))
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	long result = 0;
	char *buffer;
	bool ended;

	if (!slot)
		return;
	buffer = map_buffer();
	ended = run(slot, code, buffer, MESSAGE_MAX, &result);
	if (ended)
		done(worker, result);
	unmap_buffer(buffer, ended);
	slot_put(slot);
}

/* It is unknown whether a message without a completion was sent. */
static void write_async(struct worker *worker, unsigned int code,
			bool (*run)(const struct slot *, unsigned int, char *,
				    size_t, long *))
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	long result = 0;
	char *buffer;
	size_t len;
	bool ended;

	if (!slot)
		return;
	buffer = map_buffer();
	len = message_next(worker, slot, MESSAGE_MAX);
	memcpy(buffer, worker->buffer, len);
	ended = run(slot, code, buffer, len, &result);
	if (ended) {
		errno = result < 0 ? (int)-result : 0;
		message_sent(worker, slot, len, result);
	}
	unmap_buffer(buffer, ended);
	slot_put(slot);
}

static void op_aio_read(struct worker *worker)
{
	read_async(worker, IOCB_CMD_PREAD, run_aio);
}

static void op_aio_write(struct worker *worker)
{
	write_async(worker, IOCB_CMD_PWRITE, run_aio);
}

static void op_aio_poll(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	long result = 0;

	if (!slot)
		return;
	/* The events take the place of the buffer's address. */
	if (run_aio(slot, IOCB_CMD_POLL, (char *)(uintptr_t)POLLIN, 0, &result))
		done(worker, result);
	slot_put(slot);
}

static void op_aio_fsync(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	long result = 0;

	if (!slot)
		return;
	if (run_aio(slot, IOCB_CMD_FSYNC, NULL, 0, &result))
		done(worker, result);
	slot_put(slot);
}

static void op_ring_read(struct worker *worker)
{
	read_async(worker, IORING_OP_READ, run_ring);
}

static void op_ring_write(struct worker *worker)
{
	write_async(worker, IORING_OP_WRITE, run_ring);
}

static void op_ring_poll(struct worker *worker)
{
	read_async(worker, IORING_OP_POLL_ADD, run_ring);
}

/* Submits several reads at once; the end of the ring cancels some of them. */
static void op_ring_many(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	unsigned int left = 0;
	struct ring ring;
	char *buffer;
	long result;

	if (!slot)
		return;
	buffer = map_buffer();
	if (ring_open(&ring)) {
		for (left = 0; left < 4; left++) {
			struct io_uring_sqe entry = {
				.opcode = IORING_OP_READ,
				.fd = slot->fd,
				.addr = (__u64)(uintptr_t)(buffer +
							   left * MESSAGE_MAX),
				.len = MESSAGE_MAX,
				.off = (__u64)-1,
			};

			ring_submit(&ring, &entry);
		}
		for (; left && ring_wait(&ring, 5, &result); left--)
			done(worker, result);
		ring_close(&ring);
	}
	unmap_buffer(buffer, !left);
	slot_put(slot);
}

const struct operation async_operations[] = {
	{ "aio-read", 4, false, op_aio_read },
	{ "aio-write", 6, false, op_aio_write },
	{ "aio-poll", 3, false, op_aio_poll },
	{ "aio-fsync", 2, false, op_aio_fsync },
	{ "ring-read", 4, false, op_ring_read },
	{ "ring-write", 6, false, op_ring_write },
	{ "ring-poll", 3, false, op_ring_poll },
	{ "ring-many", 2, false, op_ring_many },
	{ NULL, 0, false, NULL },
};
