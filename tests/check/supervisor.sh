#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Supervisor: expects that each case which a test program does not run, and each
# process, mount or report that it leaves, counts as a failure and is removed, and that
# tests/run.sh refuses unknown names. It runs no test of vmcfs. Prints TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# counts SENTENCE COUNT SCRIPT: expects this "PASSED FAILED SKIPPED" of the supervisor
# for the script as a test program.
counts() {
	number=$((number + 1))
	got=$(python3 tests/lib/supervise.py --log "$work/log" \
		--work "$work/run" --limit 2 -- bash -c "$3" | sed -n 1p)
	if [ "$got" = "$2" ]; then
		echo "ok $number - $1"
		return
	fi
	sed 's/^/# /' "$work/log"
	echo "# the count is $got, expected $2"
	echo "not ok $number - $1"
}

counts 'passed cases are counted' '2 0 0' \
	'echo ok 1 - a; echo ok - b; echo 1..2'
counts 'failed cases are counted' '1 1 0' \
	'echo ok 1 - a; echo not ok 2 - b; echo 1..2; exit 1'
counts 'a skipped case does not count as passed' '1 0 1' \
	'echo "ok 1 - a # SKIP why"; echo ok 2; echo 1..2'
counts 'an end before the plan fails' '1 1 0' 'echo ok 1 - a'
counts 'fewer cases than planned fail' '1 1 0' 'echo ok 1 - a; echo 1..2'
counts 'a test without a case fails' '0 1 0' 'echo 1..0'
counts 'a nonzero exit status fails' '1 1 0' 'echo ok 1; echo 1..1; exit 3'
counts 'death by a signal fails' '1 1 0' 'echo ok 1; echo 1..1; kill -SEGV $$'
counts 'a test that hangs fails' '1 1 0' \
	'echo ok 1; echo 1..1; tail -f /dev/null'
# shellcheck disable=SC2016 # for the test program's shell
counts 'a sanitizer report fails' '1 1 0' \
	'echo ok 1; echo 1..1; p=${ASAN_OPTIONS#*log_path=}; echo leak >"${p%%:*}.1"'
# shellcheck disable=SC2016 # for the test program's shell
counts 'an empty sanitizer report does not fail' '1 0 0' \
	'echo ok 1; echo 1..1; p=${UBSAN_OPTIONS#*log_path=}; : >"${p%%:*}.1"'
counts 'an orphaned daemon fails' '1 1 0' \
	'echo ok 1; echo 1..1; (setsid tail -f /dev/null >/dev/null 2>&1 & echo $! >'"$work"'/pid)'
number=$((number + 1))
if [ -s "$work/pid" ] && ! kill -0 "$(cat "$work/pid")" 2>/dev/null; then
	echo "ok $number - the orphaned daemon is killed"
else
	echo "not ok $number - the orphaned daemon is killed"
fi
if [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2016 # for the test program's shell
	counts 'a leftover mount fails' '1 1 0' \
		'mkdir "$TMPDIR/m"; mount -t tmpfs none "$TMPDIR/m"; echo ok; echo 1..1'
fi
number=$((number + 1))
if grep -q "$work" /proc/self/mountinfo; then
	echo "not ok $number - no mount remains"
else
	echo "ok $number - no mount remains"
fi
for name in check/no-such-test fs/lgo unit/tetx plain/fs/no vm/boots fs/log.py f; do
	number=$((number + 1))
	if ! sh tests/run.sh check/sizes fs/log $name >"$work/log" &&
		grep -qx "FAIL: no test is called $name" "$work/log" &&
		grep -qx '0 passed, 1 failed, 0 skipped' "$work/log"; then
		echo "ok $number - the unknown name $name is refused before a test runs"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - the unknown name $name is refused before a test runs"
	fi
done
echo "1..$number"
