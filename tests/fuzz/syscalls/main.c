// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The system-call fuzzer: workers use a mounted tree at random, and two readers
 * of each index record everything. Its exit status is 0 if no worker saw a
 * violation; tests/lib/history.py judges the records.
 *
 * usage: fuzz-syscalls --root=DIRECTORY --records=DIRECTORY [OPTION...]
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "herd.h"
#include "witness.h"
#include "worker.h"

#define CALM_MS 300

static bool parse(struct fuzz_options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "records", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 'd' },
		{ "processes", required_argument, NULL, 'p' },
		{ "threads", required_argument, NULL, 't' },
		{ "kill-ms", required_argument, NULL, 'k' },
		{ "stop-ms", required_argument, NULL, 'z' },
		{ "timer-us", required_argument, NULL, 'u' },
		{ "pace", required_argument, NULL, 'e' },
		{ "traffic", required_argument, NULL, 'x' },
		{ "uid", required_argument, NULL, 'i' },
		{ "read-only", no_argument, NULL, 'R' },
		{ "gentle", no_argument, NULL, 'g' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*options = (struct fuzz_options){
		.seed = 1,
		.seconds = 10,
		.processes = 8,
		.threads = 4,
		.timer_us = 10000,
		.traffic = 1,
		.uid = -1,
	};
	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		unsigned long long number =
			optarg ? strtoull(optarg, NULL, 10) : 0;

		switch (c) {
		case 'r':
			options->root = optarg;
			break;
		case 'o':
			options->records = optarg;
			break;
		case 's':
			options->seed = number;
			break;
		case 'd':
			options->seconds = (unsigned int)number;
			break;
		case 'p':
			options->processes = (unsigned int)number;
			break;
		case 't':
			options->threads = (unsigned int)number;
			break;
		case 'k':
			options->kill_ms = (unsigned int)number;
			break;
		case 'z':
			options->stop_ms = (unsigned int)number;
			break;
		case 'u':
			options->timer_us = (unsigned int)number;
			break;
		case 'e':
			options->pace = (unsigned int)number;
			break;
		case 'x':
			options->traffic = (unsigned int)number;
			break;
		case 'i':
			options->uid = (long)number;
			break;
		case 'R':
			options->read_only = true;
			break;
		case 'g':
			options->gentle = true;
			break;
		default:
			return false;
		}
	}
	return options->root && options->records &&
	       options->processes + 1 <= HERD_MAX &&
	       options->threads <= HERD_MAX && options->timer_us < 1000000;
}

/* No fault of the hypervisor lasts, or nobody would do anything else. */
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

/* The herd is started before the threads, for it forks. */
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
