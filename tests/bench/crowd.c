// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Crowd: many threads or descriptors at once: writers, readers of one message,
 * readers that wait, open files. operations.c has the cases of one thread.
 */
#include "client.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STACK ((size_t)64 * 1024)

static pthread_t start(void *(*run)(void *member), void *member)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	require(pthread_create(&thread, &attributes, run, member),
		"pthread_create");
	pthread_attr_destroy(&attributes);
	return thread;
}

/* A member of a crowd of writers. */
struct writer {
	pthread_t thread;
	pthread_barrier_t *all;
	const struct options *options;
	struct samples samples;
};

static void *run_writer(void *member)
{
	struct writer *writer = member;
	struct work work;

	work_init(&work, writer->options, &operations[0]);
	pthread_barrier_wait(writer->all);
	work_repeat(&work, &operations[0], &writer->samples);
	return NULL;
}

void crowd_write(const struct options *options, struct samples *samples)
{
	struct writer *writers = calloc(options->threads, sizeof(*writers));
	pthread_barrier_t all;

	require(!writers, "calloc");
	pthread_barrier_init(&all, NULL, options->threads + 1);
	for (unsigned int i = 0; i < options->threads; i++) {
		writers[i].all = &all;
		writers[i].options = options;
		samples_init(&writers[i].samples);
		writers[i].thread = start(run_writer, &writers[i]);
	}
	pthread_barrier_wait(&all);
	for (unsigned int i = 0; i < options->threads; i++) {
		const struct samples *each = &writers[i].samples;

		pthread_join(writers[i].thread, NULL);
		samples_merge(samples, each);
		if (each->elapsed_ns > samples->elapsed_ns)
			samples->elapsed_ns = each->elapsed_ns;
	}
}

/**
 * struct audience - readers of the same messages
 * @options: command line
 * @left: readers that have not received the present message
 * @done: posted by the last of them
 */
struct audience {
	const struct options *options;
	atomic_uint left;
	sem_t done;
};

/**
 * struct reader - a member of an audience
 * @thread: its thread
 * @audience: its audience
 * @state: descriptor of its file "syscall" in /proc
 */
struct reader {
	pthread_t thread;
	struct audience *audience;
	int state;
};

/* A message of one byte ends the reader. */
static void *run_reader(void *member)
{
	struct reader *reader = member;
	struct audience *audience = reader->audience;
	size_t size = audience->options->size;
	int fd = open(audience->options->path, O_RDWR);
	char *buffer = malloc(size);
	ssize_t got;

	require(fd < 0 || !buffer, audience->options->path);
	reader->state = open("/proc/thread-self/syscall", O_RDONLY);
	require(reader->state < 0, "/proc/thread-self/syscall");
	do {
		if (atomic_fetch_sub(&audience->left, 1) == 1)
			sem_post(&audience->done);
		got = read(fd, buffer, size);
	} while (got == (ssize_t)size);
	require(got != 1, "read of a reader");
	free(buffer);
	close(fd);
	return NULL;
}

static int is_running(const struct reader *reader)
{
	char word[8] = { 0 };

	require(pread(reader->state, word, sizeof(word) - 1, 0) <= 0, "pread");
	return strncmp(word, "running", sizeof(word) - 1) == 0;
}

/* Waits until all readers wait for the next message. */
static void await_readers(struct audience *audience, struct reader *readers)
{
	for (unsigned int i = 0; i < audience->options->threads; i++)
		while (is_running(&readers[i]))
			sched_yield();
	atomic_store(&audience->left, audience->options->threads);
}

static void await_last(struct audience *audience)
{
	while (sem_wait(&audience->done))
		;
}

static void deliver(struct audience *audience, int fd, const char *message,
		    struct samples *samples)
{
	size_t size = audience->options->size;
	uint64_t before = now_ns(), took;

	require(write(fd, message, size) != (ssize_t)size, "write");
	await_last(audience);
	took = now_ns() - before;
	samples_add(samples, took);
	samples->bytes += size;
	samples->elapsed_ns += took;
}

static struct reader *start_readers(struct audience *audience)
{
	unsigned int count = audience->options->threads;
	struct reader *readers = calloc(count, sizeof(*readers));

	require(!readers, "calloc");
	atomic_init(&audience->left, count);
	sem_init(&audience->done, 0, 0);
	for (unsigned int i = 0; i < count; i++) {
		readers[i].audience = audience;
		readers[i].thread = start(run_reader, &readers[i]);
	}
	await_last(audience);
	return readers;
}

void crowd_fan_out(const struct options *options, struct samples *samples)
{
	struct audience audience = { .options = options };
	struct reader *readers = start_readers(&audience);
	int fd = open(options->path, O_WRONLY);
	char *message = present(options->size);
	uint64_t end = now_ns() + options->time_ns;

	require(fd < 0, options->path);
	while (options->count ? samples->count < options->count :
				now_ns() < end) {
		await_readers(&audience, readers);
		deliver(&audience, fd, message, samples);
	}
	require(write(fd, message, 1) != 1, "write");
	for (unsigned int i = 0; i < options->threads; i++)
		pthread_join(readers[i].thread, NULL);
}

static void await_end_of_input(void)
{
	char byte;

	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static void *run_waiter(void *path)
{
	int fd = open(path, O_RDWR);
	char byte;

	require(fd < 0, path);
	require(read(fd, &byte, 1) < 0, "read of a waiter");
	return NULL;
}

void crowd_wait(const struct options *options)
{
	for (unsigned int i = 0; i < options->threads; i++)
		start(run_waiter, (char *)options->path);
	await_end_of_input();
}

void crowd_open(const struct options *options)
{
	for (unsigned long i = 0; i < options->count; i++)
		require(open(options->path, O_RDWR) < 0, options->path);
	await_end_of_input();
}
