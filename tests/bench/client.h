/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Client: interfaces between the parts of bench-client: options, operations,
 * samples, crowds of threads, an echoing peer.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;

/**
 * struct options - command line
 * @command: name of the operation
 * @path: file or directory that it uses
 * @size: bytes of a message, or of a buffer
 * @count: operations, or 0: until @time_ns
 * @time_ns: length of the measurement
 * @threads: size of a crowd
 * @server: process whose processor time is measured, or 0
 * @cpu: processor of the client, or -1
 * @peer_cpu: processor of an echoing peer, or -1
 */
struct options {
	const char *command;
	const char *path;
	size_t size;
	unsigned long count;
	uint64_t time_ns;
	unsigned int threads;
	pid_t server;
	int cpu;
	int peer_cpu;
};

/* Durations that are kept; later ones replace the oldest. */
#define SAMPLES_MAX ((size_t)1 << 17)

/**
 * struct samples - durations of operations
 * @ns: those that are kept, the last SAMPLES_MAX of each thread
 * @kept: number of them
 * @count: operations
 * @bytes: payload that they moved
 * @elapsed_ns: time of all, without pauses between them
 */
struct samples {
	uint64_t *ns;
	size_t kept;
	size_t count;
	size_t bytes;
	uint64_t elapsed_ns;
};

/**
 * struct work - state of the operation of one thread
 * @options: command line
 * @in: descriptor for reading
 * @out: descriptor for writing
 * @buffer: memory of at least options->size bytes
 * @peer: echoing process, or 0
 * @loop: simulated device within this process, or NULL
 * @copy: second buffer of that size, or NULL
 * @bytes: payload moved so far
 */
struct work {
	const struct options *options;
	int in, out;
	char *buffer;
	pid_t peer;
	struct loop *loop;
	char *copy;
	size_t bytes;
};

/**
 * struct operation - one command that repeats a call or a few
 * @name: command
 * @flags: flags with which the path is opened before, or -1
 * @prepare: called once after that, or NULL
 * @run: one operation; 0, or -1 with errno set
 */
struct operation {
	const char *name;
	int flags;
	void (*prepare)(struct work *work);
	int (*run)(struct work *work);
};

/* Table of all operations; the last has no name. */
extern const struct operation operations[];

/* Ends the process with @what and the meaning of errno if @failed. */
void require(int failed, const char *what);

/* Time in nanoseconds. */
uint64_t now_ns(void);

/* Memory of @size bytes that is present. */
void *present(size_t size);

/* Binds the calling thread, and those that it starts, to @cpu unless it is -1.
 */
void bind_to(int cpu);

void samples_init(struct samples *samples);

/* Appends the samples of @other. */
void samples_merge(struct samples *samples, const struct samples *other);

void samples_add(struct samples *samples, uint64_t ns);

/**
 * samples_percentile() - duration that a part of the samples does not exceed
 * @samples: sorted by samples_sort()
 * @part: 0 to 1
 */
uint64_t samples_percentile(const struct samples *samples, double part);

void samples_sort(struct samples *samples);

/**
 * work_init() - open what an operation needs
 * @work: initialised
 * @options: command line
 * @operation: opened for this
 */
void work_init(struct work *work, const struct options *options,
	       const struct operation *operation);

/* Repeats an operation until the count or the time is reached. */
void work_repeat(struct work *work, const struct operation *operation,
		 struct samples *samples);

/* Peer: starts a process that returns each message it receives. */
void peer_start_socket(struct work *work);
void peer_start_pipe(struct work *work);

/* Ends the peer, if there is one. */
void peer_stop(const struct work *work);

/* Writers: options->threads threads repeat the operation "write". */
void crowd_write(const struct options *options, struct samples *samples);

/* Fan-out: one message to options->threads readers that wait for it. */
void crowd_fan_out(const struct options *options, struct samples *samples);

/* Waiters: options->threads readers wait until standard input ends. */
void crowd_wait(const struct options *options);

/* Handles: options->count descriptors are open until standard input ends. */
void crowd_open(const struct options *options);

#endif
