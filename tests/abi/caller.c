// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Caller: a thread that makes one system call. The result is judged by the
 * case.
 */
#include "caller.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "expect.h"

/* Consecutive samples that must agree, so that a short lock does not count. */
#define LOOKS 3

static long call_read(struct caller *caller)
{
	return read(caller->file, caller->data, caller->len);
}

static long call_write(struct caller *caller)
{
	return write(caller->file, caller->data, caller->len);
}

static long call_poll(struct caller *caller)
{
	struct pollfd poller = { .fd = caller->file, .events = caller->events };
	int rc = poll(&poller, 1, -1);

	return rc < 0 ? rc : poller.revents;
}

static long call_open(struct caller *caller)
{
	return device_ask_open(caller->file, caller->index, caller->timeout_ms);
}

static long call_sethmcid(struct caller *caller)
{
	return device_sethmcid(caller->file);
}

static void *run(void *data)
{
	struct caller *caller = data;

	if (caller->barrier)
		pthread_barrier_wait(caller->barrier);
	caller->tid = gettid();
	__atomic_store_n(&caller->calling, 1, __ATOMIC_RELEASE);
	caller->result = caller->call(caller);
	caller->error = errno;
	__atomic_store_n(&caller->done, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void start(struct caller *caller, long (*call)(struct caller *caller),
		  int file)
{
	caller->call = call;
	caller->file = file;
	caller->calling = 0;
	caller->done = 0;
	EXPECT_EQ(pthread_create(&caller->thread, NULL, run, caller), 0);
}

void caller_init(struct caller *caller, pthread_barrier_t *barrier)
{
	memset(caller, 0, sizeof(*caller));
	caller->barrier = barrier;
}

void caller_read(struct caller *caller, int file, void *data, size_t len)
{
	caller->data = data;
	caller->len = len;
	start(caller, call_read, file);
}

void caller_write(struct caller *caller, int file, void *data, size_t len)
{
	caller->data = data;
	caller->len = len;
	start(caller, call_write, file);
}

void caller_poll(struct caller *caller, int file, short events)
{
	caller->events = events;
	start(caller, call_poll, file);
}

void caller_open(struct caller *caller, int file, int index,
		 unsigned int timeout_ms)
{
	caller->index = index;
	caller->timeout_ms = timeout_ms;
	start(caller, call_open, file);
}

void caller_sethmcid(struct caller *caller, int file)
{
	start(caller, call_sethmcid, file);
}

static bool sleeps(int tid)
{
	char path[64], line[512];
	char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	end = fgets(line, sizeof(line), file);
	fclose(file);
	end = end ? strrchr(line, ')') : NULL;
	return end && end[1] == ' ' && end[2] == 'S';
}

void caller_await_blocked(struct caller *caller)
{
	int looks = 0;

	while (looks < LOOKS) {
		if (__atomic_load_n(&caller->done, __ATOMIC_ACQUIRE))
			expect_fail(
				__FILE__, __LINE__,
				"a call did not block: it returned %ld (%s)",
				caller->result,
				caller->result < 0 ?
					expect_errno_name(caller->error) :
					"success");
		if (__atomic_load_n(&caller->calling, __ATOMIC_ACQUIRE) &&
		    sleeps(caller->tid))
			looks++;
		else
			looks = 0;
		poll(NULL, 0, 1);
	}
}

void caller_signal(struct caller *caller)
{
	EXPECT_EQ(pthread_kill(caller->thread, SIGUSR1), 0);
}

static void nothing(int number)
{
	(void)number;
}

void caller_catch(int flags)
{
	struct sigaction action = { .sa_handler = nothing, .sa_flags = flags };

	MUST(sigaction(SIGUSR1, &action, NULL));
}

long caller_join(struct caller *caller)
{
	EXPECT_EQ(pthread_join(caller->thread, NULL), 0);
	errno = caller->error;
	return caller->result;
}
