// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The frame of a case: run it, put everything in order, tell the result.
 */
#include "frame.h"

#include <stdio.h>
#include <string.h>

#include "child.h"
#include "expect.h"
#include "modules.h"
#include "settle.h"

/* Seconds that bringing everything in order may take. */
#define SETTLE_LIMIT 90

void frame_init(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	child_init();
}

static void load(const struct abi_test *test)
{
	modules_unload();
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
	(void)test;
	modules_unload();
}

bool frame_unload(const struct abi_test *test)
{
	char why[128];

	if (!child_run(unload, test, SETTLE_LIMIT, why, sizeof(why)))
		return true;
	printf("# the modules cannot be unloaded: %s\n", why);
	return false;
}

/* Whatever a case left out of order must not fail the next one. */
static void heal(const struct abi_test *test)
{
	char why[128];

	if (test->modules)
		frame_load(test);
	else if (child_run(settle_anew, test, SETTLE_LIMIT, why, sizeof(why)))
		printf("# the channel does not come back: %s\n", why);
}

static bool tell(const struct abi_case *acase, unsigned int number,
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

bool frame_run(const struct abi_test *test, const struct abi_case *acase,
	       unsigned int number)
{
	const char *missing = knobs_missing(&test->knobs, acase->needs);
	char why[128], after[96];
	bool good;

	if (!missing && acase->loads && !test->modules)
		missing = "a directory of modules (-m)";
	if (missing) {
		snprintf(why, sizeof(why), "not run: there is no %s", missing);
		return tell(acase, number, why);
	}

	good = !child_run(acase->run, test, limit_of(test, acase), why,
			  sizeof(why));
	if (acase->loads) {
		if (!frame_load(test) && good) {
			snprintf(why, sizeof(why), "no way back from it");
			good = false;
		}
	} else if (child_run(settle, test, SETTLE_LIMIT, after,
			     sizeof(after))) {
		if (good)
			snprintf(why, sizeof(why), "afterwards: %s", after);
		good = false;
		heal(test);
	}
	return tell(acase, number, good ? NULL : why);
}
