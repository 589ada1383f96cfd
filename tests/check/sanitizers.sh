#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sanitizers: a program that is compiled as the sanitized build, and leaks, also a
# slice of GLib, writes past its memory or overflows, is counted as failed by its
# report, although its output is discarded as that of a daemon. Prints TAP.
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

# heard FAULT EXPECTED: compares the supervisor's count for a program with this fault.
heard() {
	number=$((number + 1))
	got=$(python3 tests/lib/supervise.py --log "$work/log" \
		--work "$work/run" --limit 60 -- sh -c \
		"'$work/faulty' $1 >/dev/null 2>&1; echo ok; echo 1..1" |
		head -n 1)
	if [ "$got" = "$2" ]; then
		echo "ok $number - $1"
		return
	fi
	sed 's/^/# /' "$work/log"
	echo "# the count is $got, not $2"
	echo "not ok $number - $1"
}

heard none '1 0 0'
heard leak '1 1 0'
heard slice '1 1 0'
heard overstep '1 1 0'
heard overflow '1 1 0'
echo "1..$number"
