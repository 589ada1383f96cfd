// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frame of a case: runs it, restores the initial state, and reports the result.
 * The selection of cases is in main.c.
 */
#include "frame.h"

#include <stdio.h>
#include <string.h>

#include "child.h"
#include "expect.h"
#include "modules.h"
#include "settle.h"

/* Seconds that restoring the initial state may take. */
#define SETTLE_LIMIT 60

/* Consecutive failures after which the channel is considered lost. */
#define LOST_MAX 3

void frame_init(struct frame *frame, const struct abi_test *test)
{
	frame->test = test;
	frame->lost = 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	child_init();
}

static void load(const struct abi_test *test)
{
	modules_unload(test);
	modules_load(test, &modules_standard);
	settle(test);
}

bool frame_load(const struct abi_test *test)
{
	char why[128];

	if (!child_run(load, test, SETTLE_LIMIT, why, sizeof(why)))
		return true;
	printf("# the modules cannot be loaded: %s\n", why);
	return false;
}

static void unload(const struct abi_test *test)
{
	modules_unload(test);
}

bool frame_unload(const struct abi_test *test)
{
	char why[128];

	if (!child_run(unload, test, SETTLE_LIMIT, why, sizeof(why)))
		return true;
	printf("# the modules cannot be unloaded: %s\n", why);
	return false;
}

/* Restores the state so that the next case does not fail because of this one. */
static bool heal(const struct abi_test *test)
{
	char why[128];

	if (test->modules)
		return frame_load(test);
	if (!child_run(settle_anew, test, SETTLE_LIMIT, why, sizeof(why)))
		return true;
	printf("# the channel does not recover: %s\n", why);
	return false;
}

static bool report_case(const struct abi_case *acase, unsigned int number,
			const char *why)
{
	printf("%s %u - %s: %s%s%s\n", why ? "not ok" : "ok", number,
	       acase->name, acase->what, why ? " # " : "", why ? why : "");
	return !why;
}

static unsigned int limit_of(const struct abi_test *test,
			     const struct abi_case *acase)
{
	if (test->limit)
		return test->limit;
	return acase->limit ? acase->limit : ABI_CASE_LIMIT;
}

/* Returns true and the reason if a case cannot run. */
static bool is_hindered(const struct frame *frame, const struct abi_case *acase,
			char *why, size_t size)
{
	const struct abi_test *test = frame->test;
	const char *missing = knobs_missing(&test->knobs, acase->needs);

	if (!missing && acase->loads && !test->modules)
		missing = "a directory of modules (-m)";
	if (frame->lost == LOST_MAX)
		snprintf(why, size,
			 "not run: an earlier case lost the channel");
	else if (missing)
		snprintf(why, size, "not run: %s is missing", missing);
	else
		return false;
	return true;
}

/* Restores the initial state; returns false if the case has failed by that. */
static bool clear_up(struct frame *frame, const struct abi_case *acase,
		     char *why, size_t size)
{
	char after[96] = "the modules";
	bool good;

	if (acase->loads)
		good = frame_load(frame->test);
	else
		good = !child_run(settle, frame->test, SETTLE_LIMIT, after,
				  sizeof(after));
	if (good || (!acase->loads && heal(frame->test)))
		frame->lost = 0;
	else
		frame->lost++;
	if (!good)
		snprintf(why, size, "afterwards: %s", after);
	return good;
}

bool frame_run(struct frame *frame, const struct abi_case *acase,
	       unsigned int number)
{
	const struct abi_test *test = frame->test;
	char why[128], after[128];
	bool good;

	if (is_hindered(frame, acase, why, sizeof(why)))
		return report_case(acase, number, why);
	good = !child_run(acase->run, test, limit_of(test, acase), why,
			  sizeof(why));
	if (!clear_up(frame, acase, after, sizeof(after)))
		return report_case(acase, number, good ? after : why);
	return report_case(acase, number, good ? NULL : why);
}
