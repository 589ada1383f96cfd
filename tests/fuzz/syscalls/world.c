// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * World: formats paths and commands, reads status lines, and generates random
 * numbers. It chooses no operation.
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STATUS_MAX 8192

void world_path(const struct world *world, char *to, int index,
		const char *name)
{
	if (index < 0)
		snprintf(to, FUZZ_PATH_MAX, "%s/%s", world->options.root, name);
	else
		snprintf(to, FUZZ_PATH_MAX, "%s/hmc%d/%s", world->options.root,
			 index, name);
}

/* Repeats a read that a signal interrupted. */
static ssize_t read_again(int fd, char *to, size_t size)
{
	ssize_t got;

	do
		got = read(fd, to, size);
	while (got < 0 && errno == EINTR);
	return got;
}

static bool read_status(const struct world *world, int index, char *text)
{
	char path[FUZZ_PATH_MAX];
	ssize_t len;
	int fd;

	world_path(world, path, index, "status");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	text[0] = '\n';
	len = read_again(fd, text + 1, STATUS_MAX - 2);
	close(fd);
	if (len < 0)
		return false;
	text[len + 1] = '\0';
	return true;
}

static const char *find_value(const char *text, const char *key)
{
	char wanted[64];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\n%s: ", key);
	at = strstr(text, wanted);
	return at ? at + strlen(wanted) : NULL;
}

long long world_status(const struct world *world, int index, const char *key)
{
	char text[STATUS_MAX];
	const char *value;

	if (!read_status(world, index, text))
		return -1;
	value = find_value(text, key);
	return value ? strtoll(value, NULL, 10) : -1;
}

uint32_t world_session(const struct world *world, int index)
{
	char text[STATUS_MAX];
	const char *state, *sessions;

	if (!read_status(world, index, text))
		return 0;
	state = find_value(text, "state");
	sessions = find_value(text, "sessions");
	if (!state || !sessions || strncmp(state, "ready", 5) != 0)
		return 0;
	return (uint32_t)(index + 1) << 24 |
	       (strtoul(sessions, NULL, 10) & 0xffffff);
}

int world_command(const struct world *world, int index, const char *line)
{
	char path[FUZZ_PATH_MAX], text[FUZZ_PATH_MAX];
	int len = snprintf(text, sizeof(text), "%s\n", line);
	int error = 0;
	int fd;

	world_path(world, path, index, "control");
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) != len)
		error = -errno;
	close(fd);
	return error;
}

void world_fault(struct world *world, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(text, sizeof(text) - 1, format, arguments);
	va_end(arguments);
	len = len < (int)sizeof(text) - 1 ? len : (int)sizeof(text) - 2;
	text[len] = '\n';
	if (write(STDOUT_FILENO, text, (size_t)len + 1) < 0)
		abort();
	atomic_fetch_add(&world->faults, 1);
}

void world_pause(unsigned int ms)
{
	struct timespec time = {
		.tv_sec = ms / 1000,
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

uint64_t world_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* splitmix64 */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((random_next(state) >> 32) * limit >> 32);
}
