#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Case of a unit test: builds the test in a copy of the tree and runs one case, for
# tests/mutants/run.sh. It applies no mutant.
#
#	sh check-unit.sh TREE [sanitized/]unit/TEST CASE
#
# Exit status 0: the case passes. 1: the case fails, crashes, hangs, or a sanitizer has
# a report. 2: there is no result, because the build fails or the case does not exist.
# The output of the case is on standard output.
set -u
tree=$1
case $2 in
sanitized/*) build=sanitized ;;
*) build=plain ;;
esac
test=${2##*/}
name=$3
directory=$tree/build-mutants/$build
program=$directory/tests/unit/test-$test
LIMIT=20

# configure: without -Werror, because a mutant may leave a function unused.
configure() {
	set -- -Dtests=enabled --buildtype debug
	if [ "$build" = sanitized ]; then
		# shellcheck source=tests/lib/sanitize.sh
		. "$tree/tests/lib/sanitize.sh"
		set -- "$@" -Db_sanitize=address,undefined -Db_lundef=false \
			-Dc_args="$sanitize_compile" \
			-Dc_link_args="$sanitize_link"
	fi
	meson setup "$directory" "$tree" "$@"
}

if ! [ -f "$directory/build.ninja" ]; then
	configure >"$tree/build-log" 2>&1 || {
		tail -n 20 "$tree/build-log"
		exit 2
	}
fi
ninja -C "$directory" -j 1 "tests/unit/test-$test" >"$tree/build-log" 2>&1 || {
	grep -E 'error|FAILED' "$tree/build-log" || tail -n 20 "$tree/build-log"
	exit 2
}

reports=$tree/reports
rm -rf "$reports"
mkdir "$reports"
ASAN_OPTIONS=log_path=$reports/report:detect_leaks=1:strict_string_checks=1
UBSAN_OPTIONS=log_path=$reports/report:print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS
timeout -k 5 $((2 * LIMIT)) "$program" --tap --timeout "$LIMIT" \
	--filter "*/$name" >"$tree/test-log" 2>&1 </dev/null
status=$?

grep -vE '# SKIP test was skipped|^TAP|^1\.\.|^#' "$tree/test-log"
cat "$reports"/* 2>/dev/null | grep -E 'ERROR|runtime error|SUMMARY'
if ! [ -s "$tree/test-log" ] || [ "$status" -eq 126 ] ||
	[ "$status" -eq 127 ]; then
	echo "$program cannot be run"
	exit 2
fi
# Criterion skips all tests if none has the name.
if [ "$status" -eq 0 ] &&
	! grep -q "^ok - [a-z_0-9]*::$name  *(" "$tree/test-log"; then
	echo "unit/$test has no case $name"
	exit 2
fi
[ "$status" -eq 0 ] && [ -z "$(ls "$reports")" ]
