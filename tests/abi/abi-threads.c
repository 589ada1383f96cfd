// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads: make the same call on one file at once, or compete with many files
 * for one index. Threads that wait during a reset are tested in abi-reset.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "caller.h"
#include "cases.h"
#include "expect.h"
#include "process.h"
#include "session.h"

#define THREADS 8
#define ROUNDS 40

/* The calls that the threads make. */
enum calls { OPENS, SETHMCIDS, MIXED };

static bool is_transient(int error)
{
	return error == EBUSY || error == ENOBUFS;
}

/* Errors permitted for a call that lost, or found no free index. */
static void check_loser(bool by_open, int error)
{
	if (by_open)
		EXPECT(error == EALREADY || error == EISCONN);
	else
		EXPECT(error == EIO || is_transient(error));
}

/* All threads call at once; returns how many succeeded. */
static int race(int file, enum calls calls)
{
	struct caller callers[THREADS];
	pthread_barrier_t barrier;
	int i, winners = 0;
	bool by_open;

	EXPECT_EQ(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (i = 0; i < THREADS; i++) {
		caller_init(&callers[i], &barrier);
		by_open = calls == OPENS || (calls == MIXED && i % 2);
		if (by_open)
			caller_open(&callers[i], file, IBMVMC_INDEX_ANY, 0);
		else
			caller_sethmcid(&callers[i], file);
	}
	for (i = 0; i < THREADS; i++) {
		by_open = calls == OPENS || (calls == MIXED && i % 2);
		if (!caller_join(&callers[i]))
			winners++;
		else
			check_loser(by_open, errno);
	}
	pthread_barrier_destroy(&barrier);
	return winners;
}

static void race_often(const struct abi_test *test, enum calls calls)
{
	int i, file, winners;

	for (i = 0; i < ROUNDS; i++) {
		file = device_open(test);
		/* SETHMCID may find no free index yet: then no thread won. */
		do {
			winners = race(file, calls);
		} while (!winners && calls == SETHMCIDS);
		EXPECT_EQ(winners, 1);
		EXPECT(session_await(file, POLLOUT) & POLLOUT);
		session_echo(file, 20, i);
		MUST(close(file));
	}
}

static void opens(const struct abi_test *test)
{
	race_often(test, OPENS);
}

static void sethmcids(const struct abi_test *test)
{
	race_often(test, SETHMCIDS);
}

static void mixed(const struct abi_test *test)
{
	race_often(test, MIXED);
}

/* Many files compete for one index. */
static void one_index(const struct abi_test *test)
{
	struct caller callers[THREADS];
	pthread_barrier_t barrier;
	int files[THREADS];
	int i, j, winners;

	EXPECT_EQ(pthread_barrier_init(&barrier, NULL, THREADS), 0);
	for (i = 0; i < ROUNDS; i++) {
		for (j = 0; j < THREADS; j++) {
			files[j] = device_open(test);
			caller_init(&callers[j], &barrier);
			caller_open(&callers[j], files[j], 3, 500);
		}
		winners = 0;
		for (j = 0; j < THREADS; j++) {
			if (!caller_join(&callers[j]))
				winners++;
			else
				EXPECT_EQ(errno, EBUSY);
			/* All calls have returned: no other can win. */
		}
		EXPECT_EQ(winners, 1);
		for (j = 0; j < THREADS; j++)
			MUST(close(files[j]));
	}
}

/* Exactly one reader gets each message. */
static void readers(const struct abi_test *test)
{
	struct caller callers[THREADS];
	char buffers[THREADS][64];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	unsigned int seen = 0;
	int i;

	for (i = 0; i < THREADS; i++) {
		caller_init(&callers[i], NULL);
		caller_read(&callers[i], file, buffers[i], sizeof(buffers[i]));
	}
	for (i = 0; i < THREADS; i++)
		caller_await_blocked(&callers[i]);
	for (i = 0; i < THREADS; i++)
		session_send(file, (char[]){ 'A' + i }, 1);
	for (i = 0; i < THREADS; i++) {
		EXPECT_EQ(MUST(caller_join(&callers[i])), 1);
		seen |= 1U << (buffers[i][0] - 'A');
	}
	EXPECT_EQ(seen, (1U << THREADS) - 1);
}

static void *send_many(void *data)
{
	struct caller *caller = data;
	char message[300];
	int i;

	for (i = 0; i < ROUNDS; i++) {
		memset(message, 'A' + caller->index, sizeof(message));
		message[0] = 'a' + i % 26;
		session_send(caller->file, message, 100 + i);
	}
	return NULL;
}

/* Each writer's messages arrive whole and in that writer's order. */
static void writers(const struct abi_test *test)
{
	struct caller callers[THREADS];
	unsigned int next[THREADS] = { 0 };
	char buffer[4096];
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int i, j, who, len;

	for (i = 0; i < THREADS; i++) {
		callers[i].file = file;
		callers[i].index = i;
		EXPECT_EQ(pthread_create(&callers[i].thread, NULL, send_many,
					 &callers[i]),
			  0);
	}
	for (i = 0; i < THREADS * ROUNDS; i++) {
		len = MUST(read(file, buffer, sizeof(buffer)));
		EXPECT(len >= 100);
		who = buffer[1] - 'A';
		EXPECT(who >= 0 && who < THREADS);
		EXPECT_EQ(len, 100 + next[who]);
		EXPECT_EQ(buffer[0], 'a' + next[who] % 26);
		for (j = 1; j < len; j++)
			EXPECT_EQ(buffer[j], 'A' + who);
		next[who]++;
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(callers[i].thread, NULL);
}

/* A blocked reader keeps the file open when its descriptor is closed. */
static void closed_under(const struct abi_test *test)
{
	struct caller reader;
	char buffer[64];
	int file = session_new(test, 0);
	int other = device_open(test);

	caller_catch(0);
	caller_init(&reader, NULL);
	caller_read(&reader, file, buffer, sizeof(buffer));
	caller_await_blocked(&reader);
	MUST(close(file));
	EXPECT_ERROR(device_ask_open(other, 0, 0), EBUSY);
	caller_await_blocked(&reader);
	caller_signal(&reader);
	EXPECT_ERROR(caller_join(&reader), EINTR);
	MUST(device_ask_open(device_open(test), 0, 0));
}

static void open_and_wait(void *data)
{
	device_ask_open(*(int *)data, IBMVMC_INDEX_ANY, 600000);
	expect_fail(__FILE__, __LINE__, "the call did not block");
}

static void fill_and_wait(void *data)
{
	int file = *(int *)data;

	session_fill(file);
	write(file, "x", 1);
	expect_fail(__FILE__, __LINE__, "the call did not block");
}

/* SIGKILL ends a process that waits. */
static void killed(const struct abi_test *test)
{
	int file = session_new(test, IBMVMC_INDEX_ANY);
	int other = device_open(test);
	pid_t pid;

	pid = process_start(fill_and_wait, &file);
	process_await_blocked(pid);
	process_kill(pid);
	knobs_switch(&test->knobs, KNOB_STALL, true);
	pid = process_start(open_and_wait, &other);
	process_await_blocked(pid);
	process_kill(pid);
	knobs_switch(&test->knobs, KNOB_STALL, false);
	/* We share the files with the killed process: they are unchanged. */
	EXPECT(session_await(other, POLLOUT) & POLLOUT);
	session_echo(other, 20, 1);
	session_drain(file, 0, 1);
}

const struct abi_case abi_threads_cases[] = {
	CASE("abi.threads.open", "one of many OPENs on a file succeeds", opens),
	CASE("abi.threads.sethmcid", "one of many SETHMCIDs on a file succeeds",
	     sethmcids),
	CASE("abi.threads.mixed",
	     "one of many OPENs and SETHMCIDs on a file succeeds", mixed),
	CASE("abi.threads.index", "one of many files gets an index", one_index),
	CASE("abi.threads.readers", "each message is read once", readers),
	CASE("abi.threads.writers",
	     "messages of many writers are complete and in order", writers),
	CASE("abi.threads.close",
	     "close does not wait for a waiting call, which keeps the file open",
	     closed_under),
	CASE("abi.threads.kill",
	     "SIGKILL ends a waiting write and a waiting OPEN", killed,
	     .needs = KNOB_BIT(KNOB_STALL)),
	{ 0 }
};
