/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state that all processes of the system-call fuzzer share, random numbers
 * that depend on the seed alone, and the lines of a status file. It makes no
 * call on the tree other than reading a status.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUZZ_INDICES 2
#define FUZZ_OPERATIONS_MAX 160
#define FUZZ_PATH_MAX 512

/**
 * struct fuzz_options - command line
 * @root: mount point
 * @records: directory that gets the history
 * @seed: source of all sequences
 * @seconds: duration
 * @processes: worker processes with one thread
 * @threads: threads of one further worker process
 * @kill_ms: mean interval between SIGKILLs of random workers, 0 for none
 * @stop_ms: mean interval between SIGSTOPs of random workers, 0 for none
 * @timer_us: mean interval of each worker's own timer signal
 * @pace: operations per second of one worker, 0 without limit
 * @traffic: number by which the weights of message traffic are multiplied
 * @uid: user of every second worker, or -1
 * @read_only: the mount is read-only: no session is opened
 * @gentle: no resets, refusals and closes; sessions live on
 */
struct fuzz_options {
	const char *root;
	const char *records;
	uint64_t seed;
	unsigned int seconds;
	unsigned int processes;
	unsigned int threads;
	unsigned int kill_ms;
	unsigned int stop_ms;
	unsigned int timer_us;
	unsigned int pace;
	unsigned int traffic;
	long uid;
	bool read_only;
	bool gentle;
};

/**
 * struct world - shared memory
 * @options: constant
 * @stop: workers end at 1; at 2 they have ended, and readers end at rest
 * @next_writer: number of the next writer
 * @faults: violations that a worker saw itself
 * @session: tag of the session that the witness reads, or 0, by index
 * @accepted: messages of that session that were accepted, by index
 * @calls: calls of each operation
 * @succeeded: calls of each operation that succeeded
 */
struct world {
	struct fuzz_options options;
	atomic_uint stop;
	atomic_uint next_writer;
	atomic_uint faults;
	atomic_uint session[FUZZ_INDICES];
	atomic_ullong accepted[FUZZ_INDICES];
	atomic_ullong calls[FUZZ_OPERATIONS_MAX];
	atomic_ullong succeeded[FUZZ_OPERATIONS_MAX];
};

/**
 * world_path() - write a path of the tree
 * @world: any
 * @to: FUZZ_PATH_MAX bytes
 * @index: HMC index, or -1 for a name in the root
 * @name: file name
 */
void world_path(const struct world *world, char *to, int index,
		const char *name);

/**
 * world_status() - read one number of a status file
 * @world: any
 * @index: HMC index, or -1 for the channel
 * @key: name of the number
 *
 * Return: the number, or -1 if it cannot be read.
 */
long long world_status(const struct world *world, int index, const char *key);

/**
 * world_session() - tag of the session that is ready
 * @world: any
 * @index: HMC index
 *
 * The tag holds the count of sessions, which the daemon never reuses.
 *
 * Return: the tag, or 0 if no session is ready.
 */
uint32_t world_session(const struct world *world, int index);

/**
 * world_command() - write one command to a control file
 * @world: any
 * @index: HMC index, or -1 for the channel
 * @line: command without newline
 *
 * Return: 0 or a negative errno.
 */
int world_command(const struct world *world, int index, const char *line);

/**
 * world_fault() - report a violation on standard output
 * @world: any
 * @format: of printf()
 */
void world_fault(struct world *world, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * world_pause() - sleep
 * @ms: at least that long
 */
void world_pause(unsigned int ms);

/**
 * world_now() - monotonic clock in ns
 */
uint64_t world_now(void);

/**
 * random_next() - next number of a sequence
 * @state: of the sequence
 */
uint64_t random_next(uint64_t *state);

/**
 * random_below() - next number of a sequence, below a limit
 * @state: of the sequence
 * @limit: above 0
 */
uint32_t random_below(uint64_t *state, uint32_t limit);

#endif
