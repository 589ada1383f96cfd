// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Splice operations: transfer bytes between a file of the tree and a pipe or
 * another file without a buffer. Operations with a buffer are in read.c and
 * write.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "worker.h"

/* One page, which the kernel passes on as one write. */
#define SPLICED_MAX 4000

static void empty_pipe(struct worker *worker)
{
	while (read(worker->pipe[0], worker->check, BUFFER_SIZE) > 0)
		;
}

static void op_splice_in(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);

	if (!slot)
		return;
	done(worker, splice(slot->fd, NULL, worker->pipe[1], NULL, 65536,
			    chance(worker, 2) ? SPLICE_F_NONBLOCK : 0));
	slot_put(slot);
	empty_pipe(worker);
}

static void op_splice_out(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	size_t len;

	if (!slot)
		return;
	len = message_next(worker, slot, SPLICED_MAX);
	if (write(worker->pipe[1], worker->buffer, len) == (ssize_t)len)
		message_sent(worker, slot, len,
			     splice(worker->pipe[0], NULL, slot->fd, NULL, len,
				    SPLICE_F_MOVE));
	slot_put(slot);
	empty_pipe(worker);
}

static void op_vmsplice(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_MESSAGE);
	struct iovec piece = { worker->buffer, 0 };

	if (!slot)
		return;
	piece.iov_len = message_next(worker, slot, SPLICED_MAX);
	/* A message on two pages could become two writes. */
	if (((uintptr_t)worker->buffer & 4095) + piece.iov_len <= 4096 &&
	    vmsplice(worker->pipe[1], &piece, 1, 0) == (ssize_t)piece.iov_len)
		message_sent(worker, slot, piece.iov_len,
			     splice(worker->pipe[0], NULL, slot->fd, NULL,
				    piece.iov_len, 0));
	slot_put(slot);
	empty_pipe(worker);
}

static void op_tee(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	int other[2];

	if (!slot)
		return;
	if (!pipe2(other, O_CLOEXEC | O_NONBLOCK)) {
		splice(slot->fd, NULL, worker->pipe[1], NULL, 4096, 0);
		done(worker,
		     tee(worker->pipe[0], other[1], 4096, SPLICE_F_NONBLOCK));
		close(other[0]);
		close(other[1]);
	}
	slot_put(slot);
	empty_pipe(worker);
}

static void op_sendfile(struct worker *worker)
{
	struct slot *slot = slot_get(worker, KIND_NONE);
	off_t at = 0;

	if (!slot)
		return;
	done(worker, sendfile(worker->pipe[1], slot->fd,
			      chance(worker, 2) ? &at : NULL, 65536));
	slot_put(slot);
	empty_pipe(worker);
}

static void op_copy_file_range(struct worker *worker)
{
	struct slot *from = slot_get(worker, KIND_NONE);
	int to = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	off_t at = 0;

	if (from && to >= 0)
		done(worker,
		     copy_file_range(from->fd, &at, to, NULL, 65536, 0));
	slot_put(from);
	close(to);
}

const struct operation splice_operations[] = {
	{ "splice-in", 5, false, op_splice_in },
	{ "splice-out", 8, false, op_splice_out },
	{ "vmsplice", 4, false, op_vmsplice },
	{ "tee", 3, false, op_tee },
	{ "sendfile", 5, false, op_sendfile },
	{ "copy-file-range", 3, false, op_copy_file_range },
	{ NULL, 0, false, NULL },
};
