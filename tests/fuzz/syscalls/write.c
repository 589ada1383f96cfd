// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Write operations: send one message by each call that writes. They read no
 * message.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "worker.h"

/* Mostly descriptors that can be written to. */
static struct slot *writable_slot(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);

	for (int i = 0; i < 5 && slot; i++) {
		if ((slot->flags & O_ACCMODE) != O_RDONLY)
			break;
		slot_put(slot);
		slot = slot_get(worker, KIND_MESSAGE);
	}
	return slot;
}

static void op_write(struct worker *worker)
{
	struct slot *slot = writable_slot(worker);
	size_t len;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	message_sent(worker, slot, len, write(slot->fd, worker->buffer, len));
	slot_put(slot);
}

/* Writes a message to a control file or a text. */
static void op_write_any(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	size_t len;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	message_sent(worker, slot, len, write(slot->fd, worker->buffer, len));
	slot_put(slot);
}

static void op_pwrite(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	size_t len;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	message_sent(worker, slot, len,
		     pwrite(slot->fd, worker->buffer, len,
			    (off_t)below(worker, 100000)));
	slot_put(slot);
}

static int split(struct worker *worker, struct iovec *pieces, size_t len)
{
	size_t at = 0;
	int count = 0;

	while (at < len && count < 15) {
		size_t piece = below(worker, (uint32_t)(len - at) + 1);

		pieces[count++] = (struct iovec){ worker->buffer + at, piece };
		at += piece;
	}
	pieces[count++] = (struct iovec){ worker->buffer + at, len - at };
	return count;
}

static void op_writev(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	struct iovec pieces[16];
	size_t len;
	int count;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	count = split(worker, pieces, len);
	message_sent(worker, slot, len, writev(slot->fd, pieces, count));
	slot_put(slot);
}

static void op_pwritev2(struct worker *worker)
{
	static const int flags[] = { 0,	       RWF_NOWAIT, RWF_HIPRI,
				     RWF_SYNC, RWF_DSYNC,  RWF_APPEND };
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	struct iovec pieces[16];
	size_t len;
	int count;

	if (!slot)
		return;
	len = message_next(worker, slot, MESSAGE_MAX);
	count = split(worker, pieces, len);
	message_sent(worker, slot, len,
		     pwritev2(slot->fd, pieces, count,
			      chance(worker, 2) ? -1 : 0,
			      flags[below(worker, 6)]));
	slot_put(slot);
}

static void op_write_nothing(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	done(worker, write(slot->fd, worker->buffer, 0));
	slot_put(slot);
}

/* Longer than every MTU: EMSGSIZE, and nothing is sent. */
static void op_write_long(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	long sent;

	if (!slot)
		return;
	sent = done(worker, write(slot->fd, worker->buffer, BUFFER_SIZE));
	if (sent >= 0)
		world_fault(worker->world,
			    "writer %u: a message of %d bytes was accepted",
			    worker->writer, BUFFER_SIZE);
	slot_put(slot);
}

static void op_write_fault(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	char *memory;

	if (!slot)
		return;
	memory =
		mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	done(worker, write(slot->fd, memory, 1 + below(worker, 4096)));
	munmap(memory, 4096);
	slot_put(slot);
}

/* A rotation between the look-up and the open must not refuse the open. */
static void check_refusal(struct worker *worker, int error)
{
	if (error == EROFS && !worker->world->options.read_only)
		world_fault(worker->world,
			    "writer %u: message could not be opened: %s",
			    worker->writer, strerror(error));
}

/* As echo does: one open, one write. */
static void op_echo(struct worker *worker)
{
	static const int flags[] = { O_TRUNC | O_CREAT, O_APPEND | O_CREAT, 0 };
	struct slot slot = {
		.kind = KIND_MESSAGE,
		.index = (int)below(worker, FUZZ_INDICES),
	};
	char path[FUZZ_PATH_MAX];
	size_t len;

	world_path(worker->world, path, slot.index, "message");
	slot.fd = open(path, O_WRONLY | O_CLOEXEC | flags[below(worker, 3)],
		       0600);
	if (slot.fd < 0) {
		check_refusal(worker, errno);
		return;
	}
	len = message_next(worker, &slot, MESSAGE_MAX);
	message_sent(worker, &slot, len, write(slot.fd, worker->buffer, len));
	close(slot.fd);
}

const struct operation write_operations[] = {
	{ "write", 60, true, op_write },
	{ "write-any", 6, false, op_write_any },
	{ "pwrite", 10, false, op_pwrite },
	{ "writev", 15, false, op_writev },
	{ "pwritev2", 15, false, op_pwritev2 },
	{ "write-nothing", 3, false, op_write_nothing },
	{ "write-long", 3, false, op_write_long },
	{ "write-fault", 3, false, op_write_fault },
	{ "echo", 20, true, op_echo },
	{ NULL, 0, false, NULL },
};
