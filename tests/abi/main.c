// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Conformance program of a /dev/ibmvmc: runs all cases, or those named, and
 * reports in TAP. It is one static program that runs on any machine of its
 * architecture. It is not part of the product.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "frame.h"

#define NAMES_MAX 64
#define DEBUGFS "/sys/kernel/debug"

/* Arguments of -x. */
struct names {
	const char *list[NAMES_MAX];
	int count;
};

static void usage(FILE *to)
{
	fputs("usage: ibmvmc-abi [-d DEVICE] [-c CHANNEL] [-k KNOBS] [-m MODULES] [-t SECONDS] [-x NAME]... [NAME]...\n"
	      "       ibmvmc-abi -l\n"
	      "\n"
	      "Runs the named cases, or all of them. A NAME is that of a case or the\n"
	      "beginning of one, up to a dot (compat, abi.read).\n"
	      "\n"
	      "  -d DEVICE   the node (/dev/ibmvmc)\n"
	      "  -c CHANNEL  the kernel module that brings the channel (" ABI_CHANNEL_DEFAULT
	      ")\n"
	      "  -k KNOBS    directory of the hypervisor's knobs (" DEBUGFS
	      "/CHANNEL)\n"
	      "  -m MODULES  directory of the kernel modules: load them first, unload them\n"
	      "              at the end, and also run the cases that do so\n"
	      "  -t SECONDS  time limit of a case, instead of its own\n"
	      "  -x NAME     omit these cases\n"
	      "  -l          list the cases, and the behaviour that none of them provokes\n",
	      to);
}

static bool is_named(const char *name, const char *const *names, int count)
{
	size_t len;
	int i;

	for (i = 0; i < count; i++) {
		len = strlen(names[i]);
		if (!strncmp(name, names[i], len) &&
		    (!name[len] || name[len] == '.'))
			return true;
	}
	return false;
}

static void list(void)
{
	const struct abi_case *const *table;
	const struct abi_case *each;
	int i;

	for (table = abi_cases; *table; table++)
		for (each = *table; each->name; each++)
			printf("%-32s %s\n", each->name, each->what);
	printf("\nBehaviour that no case provokes, with reasons:\n");
	for (i = 0; abi_unprovoked[i]; i++)
		printf("  %s\n", abi_unprovoked[i]);
}

/* Puts the selected cases into @chosen; returns their number. */
static unsigned int choose(const struct abi_case **chosen, unsigned int room,
			   const char *const *names, int count,
			   const struct names *without)
{
	const struct abi_case *const *table;
	const struct abi_case *each;
	unsigned int found = 0;

	for (table = abi_cases; *table; table++) {
		for (each = *table; each->name && found < room; each++) {
			if (count && !is_named(each->name, names, count))
				continue;
			if (is_named(each->name, without->list, without->count))
				printf("# omitted: %s\n", each->name);
			else
				chosen[found++] = each;
		}
	}
	return found;
}

static unsigned int run(const struct abi_test *test,
			const struct abi_case *const *cases, unsigned int count)
{
	unsigned int failed = 0, i;
	struct frame frame;

	frame_init(&frame, test);
	printf("1..%u\n", count);
	if (test->modules)
		frame_load(test);
	for (i = 0; i < count; i++)
		if (!frame_run(&frame, cases[i], i + 1))
			failed++;
	if (test->modules && !frame_unload(test))
		failed++;
	return failed;
}

int main(int argc, char **argv)
{
	static const struct abi_case *chosen[1024];
	struct abi_test test = { .device = "/dev/ibmvmc",
				 .channel = ABI_CHANNEL_DEFAULT };
	char knobs[128];
	struct names without = { .count = 0 };
	unsigned int count;
	int option;

	while ((option = getopt(argc, argv, "d:c:k:m:t:x:lh")) != -1) {
		switch (option) {
		case 'd':
			test.device = optarg;
			break;
		case 'c':
			test.channel = optarg;
			break;
		case 'k':
			test.knobs.directory = optarg;
			break;
		case 'm':
			test.modules = optarg;
			break;
		case 't':
			test.limit = strtoul(optarg, NULL, 10);
			break;
		case 'x':
			if (without.count < NAMES_MAX)
				without.list[without.count++] = optarg;
			break;
		case 'l':
			list();
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 64;
		}
	}

	snprintf(knobs, sizeof(knobs), DEBUGFS "/%s", test.channel);
	if (!test.knobs.directory)
		test.knobs.directory = knobs;
	count = choose(chosen, sizeof(chosen) / sizeof(chosen[0]),
		       (const char *const *)argv + optind, argc - optind,
		       &without);
	if (!count) {
		fprintf(stderr, "ibmvmc-abi: no case has this name; see -l\n");
		return 64;
	}
	return run(&test, chosen, count) ? 1 : 0;
}
