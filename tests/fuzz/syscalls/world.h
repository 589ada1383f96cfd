/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * World: shares state among all processes of the system-call fuzzer, generates
 * random numbers from the seed alone, and reads status files. It makes no
 * other call on the tree.
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
 * @seconds: duration in seconds
 * @processes: number of worker processes with one thread
 * @threads: number of threads of one further worker process
 * @kill_ms: mean interval in ms between SIGKILLs of random workers, 0 for none
 * @stop_ms: mean interval in ms between SIGSTOPs of random workers, 0 for none
 * @timer_us: mean interval of each worker's timer signal in microseconds
 * @pace: operations per second of one worker, 0 without limit
 * @traffic: number by which the weights of message traffic are multiplied
 * @uid: user of every second worker, or -1
 * @read_only: true if the mount is read-only, so that no session opens
 * @gentle: true to avoid resets, refusals and closes, so that sessions last
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
 * @options: options, constant
 * @stop: 1 to end the workers; 2 after their end, when readers end at rest
 * @next_writer: number of the next writer
 * @faults: number of violations that workers detected
 * @session: tag of the session that the witness reads, or 0, by index
 * @accepted: number of accepted messages of that session, by index
 * @calls: number of calls of each operation
 * @succeeded: number of successful calls of each operation
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
 * world_path() - format a path of the tree
 * @world: shared memory
 * @to: buffer of FUZZ_PATH_MAX bytes
 * @index: HMC index, or -1 for a name in the root
 * @name: file name
 */
void world_path(const struct world *world, char *to, int index,
		const char *name);

/**
 * world_status() - read one number of a status file
 * @world: shared memory
 * @index: HMC index, or -1 for the channel
 * @key: name of the number
 *
 * Return: the number, or -1 if it cannot be read.
 */
long long world_status(const struct world *world, int index, const char *key);

/**
 * world_session() - tag of the session that is ready
 * @world: shared memory
 * @index: HMC index
 *
 * The tag holds the count of sessions, which the daemon never reuses.
 *
 * Return: the tag, or 0 if no session is ready.
 */
uint32_t world_session(const struct world *world, int index);

/**
 * world_command() - write one command to a control file
 * @world: shared memory
 * @index: HMC index, or -1 for the channel
 * @line: command without a newline
 *
 * Return: 0 or a negative errno.
 */
int world_command(const struct world *world, int index, const char *line);

/**
 * world_fault() - report a violation on standard output
 * @world: shared memory
 * @format: format and arguments as for printf()
 */
void world_fault(struct world *world, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * world_pause() - sleep
 * @ms: shortest duration in milliseconds
 */
void world_pause(unsigned int ms);

/**
 * world_now() - monotonic clock in nanoseconds
 */
uint64_t world_now(void);

/**
 * random_next() - next number of a sequence
 * @state: state of the sequence
 */
uint64_t random_next(uint64_t *state);

/**
 * random_below() - next number of a sequence, below a limit
 * @state: state of the sequence
 * @limit: limit, above 0
 */
uint32_t random_below(uint64_t *state, uint32_t limit);

#endif
