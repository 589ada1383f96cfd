// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System-call fuzzer: runs workers that use a mounted tree at random, and two
 * readers of each index that record all messages. It does not check the records;
 * tests/lib/history.py does. The exit status is 0 if no worker saw a violation.
 *
 * usage: fuzz-syscalls --root=DIRECTORY --records=DIRECTORY [OPTION...]
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "herd.h"
#include "witness.h"
#include "worker.h"

#define CALM_MS 300

/* Options with a value, each an unsigned int. */
static const struct number_option {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "--seconds=", offsetof(struct fuzz_options, seconds) },
	{ "--processes=", offsetof(struct fuzz_options, processes) },
	{ "--threads=", offsetof(struct fuzz_options, threads) },
	{ "--kill-ms=", offsetof(struct fuzz_options, kill_ms) },
	{ "--stop-ms=", offsetof(struct fuzz_options, stop_ms) },
	{ "--timer-us=", offsetof(struct fuzz_options, timer_us) },
	{ "--pace=", offsetof(struct fuzz_options, pace) },
	{ "--traffic=", offsetof(struct fuzz_options, traffic) },
};

/* Returns the text after the name of the option, or NULL. */
static const char *value_of(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncmp(word, name, len) == 0 ? word + len : NULL;
}

static bool parse_number(struct fuzz_options *options, const char *word)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const char *value = value_of(word, numbers[i].name);

		if (!value)
			continue;
		*(unsigned int *)(void *)((char *)options + numbers[i].offset) =
			(unsigned int)strtoul(value, NULL, 10);
		return true;
	}
	return false;
}

static bool parse_word(struct fuzz_options *options, const char *word)
{
	const char *value;

	if ((value = value_of(word, "--root=")))
		options->root = value;
	else if ((value = value_of(word, "--records=")))
		options->records = value;
	else if ((value = value_of(word, "--seed=")))
		options->seed = strtoull(value, NULL, 10);
	else if ((value = value_of(word, "--uid=")))
		options->uid = strtol(value, NULL, 10);
	else if (strcmp(word, "--read-only") == 0)
		options->read_only = true;
	else if (strcmp(word, "--gentle") == 0)
		options->gentle = true;
	else
		return parse_number(options, word);
	return true;
}

static bool parse(struct fuzz_options *options, int argc, char **argv)
{
	*options = (struct fuzz_options){
		.seed = 1,
		.seconds = 10,
		.processes = 8,
		.threads = 4,
		.timer_us = 10000,
		.traffic = 1,
		.uid = -1,
	};
	for (int i = 1; i < argc; i++) {
		if (!parse_word(options, argv[i]))
			return false;
	}
	return options->root && options->records &&
	       options->processes + 1 <= HERD_MAX &&
	       options->threads <= HERD_MAX && options->timer_us < 1000000;
}

/*
 * No fault of the hypervisor is permanent, or all other operations would fail.
 */
static void calm(const struct world *world)
{
	if (world->options.read_only)
		return;
	world_command(world, -1, "sim stall off");
	world_command(world, -1, "sim delay 0");
	world_command(world, -1, "sim refuse open off");
	world_command(world, -1, "sim refuse request-vmc off");
}

static void *run_calm(void *data)
{
	struct world *world = data;

	while (!atomic_load(&world->stop)) {
		calm(world);
		world_pause(CALM_MS);
	}
	calm(world);
	return NULL;
}

static void report(const struct world *world)
{
	const struct operation *operation;

	for (unsigned int i = 0; (operation = worker_operation(i)); i++)
		printf("operation %s calls %llu succeeded %llu\n",
		       operation->name, atomic_load(&world->calls[i]),
		       atomic_load(&world->succeeded[i]));
}

static struct world *make_world(const struct fuzz_options *options)
{
	struct world *world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (world == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	world->options = *options;
	atomic_store(&world->next_writer, 1);
	return world;
}

/* The herd is started before the threads, since it forks. */
static void run(struct world *world)
{
	struct witness witnesses[FUZZ_INDICES];
	struct herd herd;
	pthread_t calmer;

	herd_start(&herd, world);
	for (int i = 0; i < FUZZ_INDICES; i++)
		witness_start(&witnesses[i], world, i);
	if (pthread_create(&calmer, NULL, run_calm, world))
		exit(1);
	herd_run(&herd);
	atomic_store(&world->stop, 1);
	pthread_join(calmer, NULL);
	herd_end(&herd);
	atomic_store(&world->stop, 2);
	for (int i = 0; i < FUZZ_INDICES; i++)
		witness_join(&witnesses[i]);
}

int main(int argc, char **argv)
{
	struct fuzz_options options;
	struct world *world;

	if (!parse(&options, argc, argv)) {
		fprintf(stderr, "usage: %s --root=DIR --records=DIR ...\n",
			argv[0]);
		return 64;
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	world = make_world(&options);
	run(world);
	report(world);
	return atomic_load(&world->faults) ? 1 : 0;
}
