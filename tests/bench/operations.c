// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations: the calls whose duration is measured, one function for each
 * command, and the loop that repeats them in one thread.
 */
#include "client.h"
#include "loop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "uapi/ibmvmc.h"

/* Buffer of cat(1). */
#define CAT_BUFFER (128 * 1024)

static int send_message(struct work *work)
{
	size_t size = work->options->size;

	if (write(work->out, work->buffer, size) != (ssize_t)size)
		return -1;
	work->bytes += size;
	return 0;
}

/* A pipe may return a message in parts. */
static int receive_message(struct work *work)
{
	size_t size = work->options->size;

	for (size_t got = 0; got < size;) {
		ssize_t part = read(work->in, work->buffer + got, size - got);

		if (part <= 0)
			return -1;
		got += (size_t)part;
	}
	return 0;
}

static int round_trip(struct work *work)
{
	return send_message(work) ? -1 : receive_message(work);
}

static void prepare_follow(struct work *work)
{
	work->out = open(work->options->path, O_WRONLY);
	require(work->out < 0, work->options->path);
	require(lseek(work->in, 0, SEEK_END) < 0, "lseek");
}

/* After a rotation the file of that name begins with the message. */
static int follow_rotation(struct work *work)
{
	close(work->in);
	work->in = open(work->options->path, O_RDONLY);
	return work->in < 0 ? -1 : receive_message(work);
}

/* A message is sent, and a program that follows the log reads it. */
static int follow(struct work *work)
{
	struct pollfd news = { .fd = work->in, .events = POLLPRI };

	if (send_message(work) || poll(&news, 1, -1) != 1)
		return -1;
	errno = 0;
	if (!receive_message(work))
		return 0;
	return errno ? -1 : follow_rotation(work);
}

/* One read; at the end of the file the next one starts over. */
static int read_on(struct work *work)
{
	ssize_t got = read(work->in, work->buffer, work->options->size);

	if (got < 0 || (!got && lseek(work->in, 0, SEEK_SET)))
		return -1;
	work->bytes += (size_t)got;
	return 0;
}

/* The calls of "cat FILE". */
static int cat(struct work *work)
{
	static char buffer[CAT_BUFFER];
	struct stat attributes;
	int fd = open(work->options->path, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : fstat(fd, &attributes);

	if (got)
		return -1;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		work->bytes += (size_t)got;
	return got < 0 ? -1 : close(fd);
}

/* The calls of "ls -l DIRECTORY". */
static int list(struct work *work)
{
	DIR *directory = opendir(work->options->path);
	const struct dirent *entry;
	struct stat attributes;

	if (!directory)
		return -1;
	errno = 0;
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(directory), entry->d_name, &attributes,
			    AT_SYMLINK_NOFOLLOW))
			return -1;
	}
	return errno ? -1 : closedir(directory);
}

/* The calls of "echo TEXT > FILE". */
static int echo(struct work *work)
{
	work->out =
		open(work->options->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (work->out < 0 || send_message(work))
		return -1;
	return close(work->out);
}

/* The look of "tail -f FILE" at a file that has not grown. */
static int look(struct work *work)
{
	struct stat attributes;

	return fstat(work->in, &attributes);
}

/* A session on the node, on any index that is free. */
static void prepare_node(struct work *work)
{
	struct ibmvmc_ioc_open open_session = {
		.size = sizeof(open_session),
		.hmc_index = IBMVMC_INDEX_ANY,
		.hmc_id = "node",
	};

	work->in = work->out = open("/dev/ibmvmc", O_RDWR);
	require(work->in < 0 || ioctl(work->in, IBMVMC_IOC_OPEN, &open_session),
		"/dev/ibmvmc");
}

static void prepare_device(struct work *work)
{
	work->loop = loop_new();
	require(!work->loop, "simulated device");
}

/* A message passes the simulated device within this process. */
static int pass(struct work *work)
{
	work->bytes += work->options->size;
	return loop_pass(work->loop, work->buffer, work->options->size);
}

static void prepare_copy(struct work *work)
{
	work->copy = present(work->options->size);
}

/* A message is copied in and out. */
static int copy(struct work *work)
{
	size_t size = work->options->size;

	memcpy(work->copy, work->buffer, size);
	__asm__ volatile("" : : "r"(work->copy) : "memory");
	memcpy(work->buffer, work->copy, size);
	__asm__ volatile("" : : "r"(work->buffer) : "memory");
	work->bytes += size;
	return 0;
}

const struct operation operations[] = {
	{ "write", O_WRONLY, NULL, send_message },
	{ "round-trip", O_RDWR, NULL, round_trip },
	{ "follow", O_RDONLY, prepare_follow, follow },
	{ "read", O_RDONLY, NULL, read_on },
	{ "look", O_RDONLY, NULL, look },
	{ "cat", -1, NULL, cat },
	{ "ls", -1, NULL, list },
	{ "echo", -1, NULL, echo },
	{ "socket", -1, peer_start_socket, round_trip },
	{ "pipe", -1, peer_start_pipe, round_trip },
	{ "node", -1, prepare_node, round_trip },
	{ "device", -1, prepare_device, pass },
	{ "copy", -1, prepare_copy, copy },
	{ NULL, -1, NULL, NULL },
};

void work_init(struct work *work, const struct options *options,
	       const struct operation *operation)
{
	*work = (struct work){
		.options = options,
		.in = -1,
		.out = -1,
		.buffer = present(options->size),
	};
	if (operation->flags >= 0) {
		work->in = work->out = open(options->path, operation->flags);
		require(work->in < 0, options->path);
	}
	if (operation->prepare)
		operation->prepare(work);
}

void work_repeat(struct work *work, const struct operation *operation,
		 struct samples *samples)
{
	unsigned long count = work->options->count;
	uint64_t start = now_ns(), after = start;
	uint64_t end = start + work->options->time_ns;

	while (count ? samples->count < count : after < end) {
		uint64_t before = now_ns();

		require(operation->run(work), operation->name);
		after = now_ns();
		samples_add(samples, after - before);
	}
	samples->elapsed_ns = after - start;
	samples->bytes = work->bytes;
}
