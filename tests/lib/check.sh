# SPDX-License-Identifier: GPL-2.0-or-later
#
# Check: one TAP test for each command; to be sourced. It prints no plan: the caller
# prints "1..$number" at its end. The directory $work is removed then.
# shellcheck shell=sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# check SENTENCE COMMAND...: one test; the command must succeed. Its output is printed
# as comments if it fails.
check() {
	number=$((number + 1))
	sentence=$1
	shift
	if "$@" >"$work/output" 2>&1; then
		echo "ok $number - $sentence"
	else
		sed 's/^/# /' "$work/output"
		echo "not ok $number - $sentence"
	fi
}
