// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Client: measures one operation on a mounted tree, or between two processes,
 * and prints one line of JSON. It starts no server and compares nothing.
 *
 *	bench-client [OPTION...] COMMAND [PATH]
 *
 * COMMAND is a name in the table of operations.c; "writers" or "fan-out", with
 * -j threads; "waiters" (-j) or "open" (-n), which wait for the end of standard
 * input and print nothing but "ready".
 *
 *	-s BYTES  message or buffer      -n COUNT  operations, instead of -t
 *	-t MS     time                   -j COUNT  threads
 *	-c CPU    processor              -p CPU    processor of an echoing peer
 *	-d PID    server, whose processor time is measured
 */
#include "client.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

void require(int failed, const char *what)
{
	if (!failed)
		return;
	fprintf(stderr, "bench-client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec time;

	require(clock_gettime(clock, &time), "clock_gettime");
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* Processor time of all threads of a process; 0 without one. */
static uint64_t processor_ns(pid_t pid)
{
	clockid_t clock;

	if (!pid)
		return 0;
	errno = clock_getcpuclockid(pid, &clock);
	require(errno, "clock_getcpuclockid");
	return clock_ns(clock);
}

void *present(size_t size)
{
	void *memory = malloc(size);

	require(!memory, "malloc");
	return memset(memory, 'x', size);
}

void bind_to(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	require(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

/* A crowd needs more descriptors than a process may have by default. */
static void raise_limit(void)
{
	struct rlimit limit;

	require(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	require(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

/*
 * Reads and writes of a process, as read(2), writev(2) and the like, failed
 * ones included; 0 on a kernel that does not count them.
 */
static unsigned long long transfers(pid_t pid)
{
	unsigned long long reads = 0, writes = 0;
	char path[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/io", pid);
	file = pid ? fopen(path, "r") : NULL;
	if (!file)
		return 0;
	if (fscanf(file, "rchar: %*u\nwchar: %*u\nsyscr: %llu\nsyscw: %llu",
		   &reads, &writes) != 2)
		reads = writes = 0;
	fclose(file);
	return reads + writes;
}

/* Page faults of a process that needed no input; 0 without one. */
static unsigned long long faults(pid_t pid)
{
	unsigned long long count = 0;
	char line[512] = { 0 }, path[32];
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = pid ? fopen(path, "r") : NULL;
	if (!file)
		return 0;
	if (fgets(line, sizeof(line), file) && (state = strrchr(line, ')')))
		sscanf(state, ") %*c %*d %*d %*d %*d %*d %*u %llu", &count);
	fclose(file);
	return count;
}

/* Costs up to now: processor times of both sides, calls of the server. */
struct costs {
	uint64_t client, server;
	unsigned long long transfers, faults;
};

static struct costs costs_now(pid_t server)
{
	return (struct costs){
		.transfers = transfers(server),
		.faults = faults(server),
		.client = processor_ns(getpid()),
		.server = processor_ns(server),
	};
}

static void print(struct samples *samples, const struct costs *before,
		  const struct costs *after)
{
	samples_sort(samples);
	printf("{\"count\": %zu, \"bytes\": %zu, \"elapsed_ns\": %llu, "
	       "\"p50_ns\": %llu, \"p99_ns\": %llu, \"p999_ns\": %llu, "
	       "\"client_ns\": %llu, \"server_ns\": %llu, "
	       "\"transfers\": %llu, \"faults\": %llu}\n",
	       samples->count, samples->bytes,
	       (unsigned long long)samples->elapsed_ns,
	       (unsigned long long)samples_percentile(samples, 0.5),
	       (unsigned long long)samples_percentile(samples, 0.99),
	       (unsigned long long)samples_percentile(samples, 0.999),
	       (unsigned long long)(after->client - before->client),
	       (unsigned long long)(after->server - before->server),
	       after->transfers - before->transfers,
	       after->faults - before->faults);
}

static const struct operation *find(const char *name)
{
	const struct operation *each = operations;

	while (each->name && strcmp(each->name, name) != 0)
		each++;
	errno = EINVAL;
	require(!each->name, name);
	return each;
}

static void measure_crowd(const struct options *options,
			  void (*crowd)(const struct options *options,
					struct samples *samples))
{
	struct samples samples = { 0 };
	struct costs before = costs_now(options->server), after;

	samples_init(&samples);
	crowd(options, &samples);
	after = costs_now(options->server);
	print(&samples, &before, &after);
}

/* The peer of a round trip between processes is its server. */
static void measure_single(const struct options *options)
{
	const struct operation *operation = find(options->command);
	struct costs before, after;
	struct samples samples;
	struct work work;
	pid_t server;

	samples_init(&samples);
	work_init(&work, options, operation);
	server = work.peer ? work.peer : options->server;
	before = costs_now(server);
	work_repeat(&work, operation, &samples);
	after = costs_now(server);
	peer_stop(&work);
	print(&samples, &before, &after);
}

static void parse(int argc, char **argv, struct options *options)
{
	int option;

	while ((option = getopt(argc, argv, "s:n:t:j:d:c:p:")) != -1) {
		long value = option == '?' ? 0 : strtol(optarg, NULL, 10);

		switch (option) {
		case 's':
			options->size = (size_t)value;
			break;
		case 'n':
			options->count = (unsigned long)value;
			break;
		case 't':
			options->time_ns = (uint64_t)value * 1000000;
			break;
		case 'j':
			options->threads = (unsigned int)value;
			break;
		case 'd':
			options->server = (pid_t)value;
			break;
		case 'c':
			options->cpu = (int)value;
			break;
		case 'p':
			options->peer_cpu = (int)value;
			break;
		default:
			exit(2);
		}
	}
	errno = EINVAL;
	require(optind >= argc, "no command");
	options->command = argv[optind];
	options->path = optind + 1 < argc ? argv[optind + 1] : "";
}

int main(int argc, char **argv)
{
	struct options options = {
		.size = 64,
		.time_ns = 100000000,
		.threads = 1,
		.cpu = -1,
		.peer_cpu = -1,
	};

	parse(argc, argv, &options);
	raise_limit();
	bind_to(options.cpu);
	if (strcmp(options.command, "writers") == 0)
		measure_crowd(&options, crowd_write);
	else if (strcmp(options.command, "fan-out") == 0)
		measure_crowd(&options, crowd_fan_out);
	else if (strcmp(options.command, "waiters") == 0)
		crowd_wait(&options);
	else if (strcmp(options.command, "open") == 0)
		crowd_open(&options);
	else
		measure_single(&options);
	return 0;
}
