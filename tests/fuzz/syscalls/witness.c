// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Witness: reads all messages, from a channel and from the log. It does not
 * check them.
 */
#include "witness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history.h"

/* Timeout of messages that are in transit at the end. */
#define REST_MS 10000

/* Returns whether a reader continues after this error. */
static bool is_expected(int error)
{
	return error == EAGAIN || error == EPIPE || error == ECONNRESET ||
	       error == EINTR || error == ESTALE;
}

/*
 * Reads once. Returns the number of bytes, 0 at the end of the session, -EAGAIN,
 * or another negative errno.
 */
static long take(struct witness *witness, struct stream *stream, int fd)
{
	char buffer[MESSAGE_MAX];
	long got = read(fd, buffer, sizeof(buffer));

	if (got > 0)
		stream_take(stream, buffer, (size_t)got);
	if (got >= 0)
		return got;
	if (errno == EPIPE || errno == ESTALE)
		stream_mark(stream, SEEN_GAP, 0);
	if (!is_expected(errno))
		world_fault(witness->world, "a reader of hmc%d failed: %s",
			    witness->index, strerror(errno));
	return -errno;
}

static bool has_rest(const struct witness *witness)
{
	const struct world *world = witness->world;
	long long before = world_status(world, -1, "sim_entries_received");

	if (world_status(world, witness->index, "send_queue_messages") > 0 ||
	    world_status(world, -1, "sim_flood_left") > 0)
		return false;
	world_pause(100);
	return world_status(world, -1, "sim_entries_received") == before;
}

/* The last messages are in transit until the hypervisor is idle. */
static bool is_done(const struct witness *witness, const struct stream *stream,
		    uint64_t *since)
{
	struct world *world = witness->world;

	if (atomic_load(&world->stop) < 2 || !has_rest(witness))
		return false;
	if (!*since)
		*since = world_now();
	return stream->messages >=
		       atomic_load(&world->accepted[witness->index]) ||
	       world_now() - *since > REST_MS * 1000000ull;
}

/*
 * Return: true at the end of the run, or when reading failed; false if the
 * session ended.
 */
static bool read_session(struct witness *witness, struct stream *stream, int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	uint64_t since = 0;
	long got;

	for (;;) {
		got = take(witness, stream, fd);
		if (got == 0) {
			stream_mark(stream, SEEN_END, 0);
			return false;
		}
		if (got < 0 && !is_expected((int)-got))
			return true;
		if (got != -EAGAIN)
			continue;
		if (is_done(witness, stream, &since))
			break;
		poll(&wait, 1, 50);
	}
	while (take(witness, stream, fd) > 0)
		;
	stream_mark(stream, SEEN_REST, 0);
	return true;
}

/*
 * A session that was ready before and after the open is that of the channel.
 * Return: true if it was read to the end of the run.
 */
static bool attend(struct witness *witness, struct stream *stream)
{
	struct world *world = witness->world;
	uint32_t tag = world_session(world, witness->index);
	char path[FUZZ_PATH_MAX];
	bool rests = false;
	int fd;

	world_path(world, path, witness->index, "message");
	fd = tag ? open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fd < 0)
		return false;
	if (world_session(world, witness->index) == tag) {
		stream_mark(stream, SEEN_BEGIN, tag);
		atomic_store(&world->accepted[witness->index], 0);
		atomic_store(&world->session[witness->index], tag);
		rests = read_session(witness, stream, fd);
		atomic_store(&world->session[witness->index], 0);
	}
	close(fd);
	return rests;
}

static void *run_witness(void *data)
{
	struct witness *witness = data;
	struct world *world = witness->world;
	struct stream *stream = malloc(sizeof(*stream));

	stream_open(stream, world, witness->index, "channel");
	do {
		world_pause(5);
		if (!world->options.read_only && !atomic_load(&world->stop))
			world_command(world, witness->index, "open witness");
	} while (!attend(witness, stream) && atomic_load(&world->stop) < 2);
	close(stream->file);
	free(stream);
	return NULL;
}

static bool is_renamed(const char *path, int fd)
{
	struct stat by_name, by_fd;

	return stat(path, &by_name) || fstat(fd, &by_fd) ||
	       by_name.st_ino != by_fd.st_ino;
}

/* A log that was renamed does not grow any more. */
static void follow(struct witness *witness, struct stream *stream,
		   const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool last;

	if (fd < 0)
		return;
	stream_mark(stream, SEEN_BEGIN, 0);
	do {
		last = is_renamed(path, fd) ||
		       atomic_load(&witness->world->stop) > 1;
		while (take(witness, stream, fd) > 0)
			;
		if (!last)
			world_pause(5);
	} while (!last);
	close(fd);
}

static void *run_follower(void *data)
{
	struct witness *witness = data;
	struct stream *stream = malloc(sizeof(*stream));
	char path[FUZZ_PATH_MAX];

	stream_open(stream, witness->world, witness->index, "log");
	world_path(witness->world, path, witness->index, "message");
	while (atomic_load(&witness->world->stop) < 2)
		follow(witness, stream, path);
	close(stream->file);
	free(stream);
	return NULL;
}

static void start(pthread_t *thread, void *(*run)(void *),
		  struct witness *witness)
{
	if (pthread_create(thread, NULL, run, witness)) {
		perror("pthread_create");
		exit(1);
	}
}

void witness_start(struct witness *witness, struct world *world, int index)
{
	witness->world = world;
	witness->index = index;
	start(&witness->channel, run_witness, witness);
	start(&witness->log, run_follower, witness);
}

void witness_join(struct witness *witness)
{
	pthread_join(witness->channel, NULL);
	pthread_join(witness->log, NULL);
}
