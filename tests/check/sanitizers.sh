#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sanitizers: expects that the supervisor counts the report of a program that leaks
# memory or a slice of GLib, writes past its memory, or overflows an integer. The
# program is compiled with the options of the sanitized build, and its output is
# discarded like that of a daemon. It does not test vmcfs. Prints TAP.
set -u
. tests/lib/sanitize.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

cat >"$work/faulty.c" <<'END'
#include <glib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void *volatile pointer;
static volatile int number = INT_MAX;

int main(int argc, char **argv)
{
	const char *fault = argc > 1 ? argv[1] : "";

	if (!strcmp(fault, "leak")) {
		pointer = malloc(10);
		pointer = NULL;
	} else if (!strcmp(fault, "slice")) {
		pointer = g_tree_new((GCompareFunc)strcmp);
		pointer = NULL;
	} else if (!strcmp(fault, "overstep")) {
		pointer = malloc(10);
		((volatile char *)pointer)[10] = 1;
		free(pointer);
	} else if (!strcmp(fault, "overflow")) {
		number++;
	}
	return 0;
}
END
# shellcheck disable=SC2046 # words wanted
cc -g -fsanitize=address,undefined "$sanitize_compile" "$sanitize_link" \
	-o "$work/faulty" "$work/faulty.c" \
	$(pkg-config --cflags --libs glib-2.0) || exit 1

# reported FAULT COUNT SENTENCE: expects this "PASSED FAILED SKIPPED" of the supervisor
# for the program with this fault.
reported() {
	number=$((number + 1))
	got=$(python3 tests/lib/supervise.py --log "$work/log" \
		--work "$work/run" --limit 60 -- sh -c \
		"'$work/faulty' $1 >/dev/null 2>&1; echo ok; echo 1..1" |
		sed -n 1p)
	if [ "$got" = "$2" ]; then
		echo "ok $number - $3"
		return
	fi
	sed 's/^/# /' "$work/log"
	echo "# the count is $got, expected $2"
	echo "not ok $number - $3"
}

reported none '1 0 0' 'a program without a fault does not fail'
reported leak '1 1 0' 'a leak fails'
reported slice '1 1 0' 'a leak of a slice of GLib fails'
reported overstep '1 1 0' 'a write past allocated memory fails'
reported overflow '1 1 0' 'an integer overflow fails'
echo "1..$number"
