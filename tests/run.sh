#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs every test of this tree, or those named:
#
#	sh tests/run.sh [NAME...]
#	sh tests/run.sh --names
#
# A NAME is that of a test (fs/tree, unit/engine, check/kmod, vm/boot), one build
# of it (plain/fs/tree, sanitized/unit/engine), or the part that several share
# (fs, check, vm, plain). As root on Debian it installs what is missing, and only
# that. Everything is built twice, plain and with AddressSanitizer and
# UndefinedBehaviorSanitizer; the plain build also runs in emulated machines,
# beside the rest. The last line is "N passed, N failed, N skipped";
# the exit status is 0 only if something passed and nothing failed. What a test
# needs and cannot get is a failure, never a skip.
set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

. tests/lib/environment.sh

OUT="build-test"
LOGS=$OUT/logs
UNIT_LIMIT=300
FS_LIMIT=600
FUZZ_LIMIT=900
CHECK_LIMIT=600
VM_LIMIT=1200

# What needs no build.
CHECKS='words sizes licences layout direction shell analysis mutants supervisor sanitizers kmod checkpatch abi
	quickstart'
# The guests on each of the two emulated machines; their kernels come first.
X86='kernel boot shown device in-tree hostile third-party runner abi fs-sim fs-node'
POWER='power-kernel power-boot power-sleep power-shutdown power-abi power-pseries
	power-fs power-in-tree'
# File-system tests that mostly wait: they go on beside the others.
PATIENT='rotate follow request-timeout'
# Tests of tests/fuzz that attack the sanitized daemon only, for a fixed time,
# beside the others.
STORMS='syscalls kills signals freezes'

passed=0
failed=0
skipped=0
running=''
selected="$*"

# stop_tests: ends those that run still; their supervisors clean up.
stop_tests() {
	for each in $running; do
		kill "${each#*=}" 2>/dev/null
		wait "${each#*=}"
	done
}

finish() {
	stop_tests
	if [ "$failed" -ne 0 ]; then
		echo "The logs are in $LOGS."
	fi
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# give_up SENTENCE: a failure that leaves nothing to run.
give_up() {
	echo "FAIL: $1"
	failed=$((failed + 1))
	finish
}

# wanted NAME: is this test, or a part it belongs to, among those named?
wanted() {
	[ -z "$selected" ] && return 0
	want=1
	for each in $selected; do
		case "/$1/" in
		*"/$each/"*) want=0 ;;
		esac
	done
	return $want
}

# base_names PREFIX SUFFIX FILE...: the files' names without both.
base_names() {
	base_prefix=$1
	base_suffix=$2
	shift 2
	for each_file; do
		each_file=${each_file##*/"$base_prefix"}
		echo "${each_file%"$base_suffix"}"
	done
}

# unit_names: the unit tests: a source file each, the models, the fuzz targets.
unit_names() {
	base_names test- .c tests/unit/test-*.c
	sed -n "s/^  '\([a-z-]*\)': executable.*/\1/p" tests/model/meson.build
	base_names '' .hex tests/fuzz/corpus/*.hex | sed 's/^/fuzz-/'
}

# build_names BUILD: the tests of one build.
build_names() {
	echo "$1/build"
	base_names '' .py tests/fs/*.py | sed "s,^,$1/fs/,"
	unit_names | sed "s,^,$1/unit/,"
	base_names '' .py tests/fuzz/*.py | while IFS= read -r each_name; do
		! may_run "$1" "$each_name" || echo "$1/fuzz/$each_name"
	done
}

# names: all tests, one a line.
names() {
	# shellcheck disable=SC2086 # words wanted
	printf 'check/%s\n' $CHECKS
	# shellcheck disable=SC2086 # words wanted
	printf 'vm/%s\n' $X86 $POWER
	build_names plain
	build_names sanitized
}

# check_names: a name that no test has is a failure, before anything is built.
check_names() {
	names | sed 's,.*,/&/,' >"$work/names"
	for each in $selected; do
		if ! grep -qF -- "/$each/" "$work/names"; then
			echo "FAIL: no test is called $each"
			failed=$((failed + 1))
		fi
	done
	[ "$failed" -eq 0 ] || finish
}

# may_want PART: could a test of this part be meant? For what it costs to find
# out (a build), the names that cannot be meant are told by their first word.
may_want() {
	[ -z "$selected" ] && return 0
	for each in $selected; do
		case "$each/" in
		plain/* | sanitized/* | check/* | vm/*)
			case "$each/" in "$1"/*) return 0 ;; esac
			;;
		*) [ "$1" != check ] && return 0 ;;
		esac
	done
	return 1
}

# start_test NAME LIMIT COMMAND...: one test under supervision, beside others.
start_test() {
	name=$1
	limit=$2
	shift 2
	log=$LOGS/$name.log
	mkdir -p "$(dirname "$log")" "$(dirname "$results/$name")"
	date +%s >"$results/$name.started"
	python3 tests/lib/supervise.py --log "$log" --work "$work/$name" \
		--limit "$limit" -- "$@" >"$results/$name" &
	running="$running $name=$!"
}

# end_test NAME: waits for a test that was started; adds up its count.
end_test() {
	name=$1
	pid=$(echo "$running" | tr ' ' '\n' | sed -n "s,^$name=,,p")
	wait "$pid"
	running=$(echo "$running" | sed "s, $name=$pid,,")
	took=$(($(stat -c %Y "$results/$name") - $(cat "$results/$name.started")))
	counts=$(head -n 1 "$results/$name")
	case $counts in
	[0-9]*' '[0-9]*' '[0-9]*) ;;
	*)
		give_up "$name was interrupted"
		;;
	esac
	# shellcheck disable=SC2086 # three numbers
	set -- $counts
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	sed -n 's/^# \(left out .*\)/     \1/p' "$LOGS/$name.log"
	if [ "$2" -eq 0 ]; then
		echo "ok   $name: $1 passed, $3 skipped (${took} s)"
		return 0
	fi
	echo "FAIL $name: $1 passed, $2 failed, $3 skipped (${took} s)"
	sed -n 's/^!/    /p' "$results/$name"
	echo "     log:    $LOGS/$name.log"
	echo "     repeat: sh tests/run.sh $name"
	return 1
}

# run_test NAME LIMIT COMMAND...: one test, from its start to its end.
run_test() {
	start_test "$@"
	end_test "$1"
}

# want_guests NAME...: is one of these guests wanted?
want_guests() {
	for each_guest; do
		! wanted "vm/$each_guest" || return 0
	done
	return 1
}

# start_guest NAME COMMAND...: goes on beside what follows, until end_guests.
start_guest() {
	wanted "vm/$1" || return 0
	guests="$guests vm/$1"
	name=vm/$1
	shift
	start_test "$name" "$VM_LIMIT" "$@"
}

# run_guest NAME LIMIT COMMAND...: nothing else of ours is begun meanwhile.
run_guest() {
	wanted "vm/$1" || return 0
	name=vm/$1
	shift
	run_test "$name" "$@"
}

# begin_power: makes the emulated POWER partition, beside what follows. Not beside
# what makes the other machine: both may have to fetch the lists of packages.
begin_power() {
	# shellcheck disable=SC2086 # words wanted
	want_guests $POWER || return 0
	start_test vm/power-kernel "$CHECK_LIMIT" sh tests/vm/check-kernel.sh power
}

# start_power: what runs there.
start_power() {
	# shellcheck disable=SC2086 # words wanted
	want_guests $POWER || return 0
	end_test vm/power-kernel || return 0
	for guest in boot sleep shutdown; do
		run_guest "power-$guest" "$CHECK_LIMIT" \
			sh tests/vm/power-test.sh "$guest"
	done
	for guest in fs abi pseries; do
		start_guest "power-$guest" sh tests/vm/power-test.sh "$guest"
	done
	start_guest power-in-tree sh tests/vm/power-test.sh real-in-tree
}

# start_x86: what runs on the emulated x86-64 machine, beside it what takes long.
start_x86() {
	for device in node sim; do
		start_guest "fs-$device" sh tests/vm/fs.sh "$device"
	done
	start_guest abi sh tests/vm/abi.sh
	run_guest boot "$CHECK_LIMIT" sh tests/vm/guest.sh \
		--name boot --limit 120 -- sh tests/vm/boot.sh
	run_guest shown "$CHECK_LIMIT" sh tests/vm/guest.sh \
		--name shown --limit 300 -- python3 -P tests/vm/shown.py
	for guest in device in-tree hostile third-party; do
		run_guest "$guest" "$VM_LIMIT" \
			sh tests/vm/fs.sh --name "$guest" node \
			"tests/vm/$guest.py"
	done
	run_guest runner "$CHECK_LIMIT" sh tests/vm/check-guest.sh
}

# start_guests: what runs in emulated machines, with the plain build.
start_guests() {
	# shellcheck disable=SC2086 # words wanted
	want_guests $X86 &&
		run_test vm/kernel "$CHECK_LIMIT" sh tests/vm/check-kernel.sh
	x86=$?
	begin_power
	[ "$x86" -ne 0 ] || start_x86
	start_power
}

end_guests() {
	for each_guest in $guests; do
		end_test "$each_guest"
	done
}

# may_run BUILD NAME: is this test of tests/fuzz one of this build?
may_run() {
	case " $STORMS " in
	*" $2 "*) [ "$1" = sanitized ] ;;
	esac
}

# runs_storm BUILD NAME: does it run now?
runs_storm() {
	may_run "$1" "$2" && wanted "$1/fuzz/$2"
}

# start_storms BUILD: they go on until run_fuzz.
start_storms() {
	for storm in $STORMS; do
		if runs_storm "$1" "$storm"; then
			start_test "$1/fuzz/$storm" "$FUZZ_LIMIT" \
				python3 -P "tests/fuzz/$storm.py"
		fi
	done
}

# run_fuzz BUILD: the tests of tests/fuzz, and the end of the storms.
run_fuzz() {
	for file in tests/fuzz/*.py; do
		fuzz=$(basename "$file" .py)
		case " $STORMS " in
		*" $fuzz "*)
			! runs_storm "$1" "$fuzz" || end_test "$1/fuzz/$fuzz"
			continue
			;;
		esac
		! wanted "$1/fuzz/$fuzz" ||
			run_test "$1/fuzz/$fuzz" "$FUZZ_LIMIT" python3 -P "$file"
	done
}

# run_build BUILD: compile it, then its unit and file-system tests.
run_build() {
	build=$1
	wanted "$build/build" # which is made for every test of it
	run_test "$build/build" "$CHECK_LIMIT" sh tests/build.sh "$build" ||
		return 0
	VMCFS=$PWD/$OUT/$build/vmcfs/vmcfs
	VMCFS_TEST_BUILD=$build
	export VMCFS VMCFS_TEST_BUILD
	if [ "$build" = plain ]; then
		start_guests
	fi

	start_storms "$build"
	for name in $PATIENT; do
		if wanted "$build/fs/$name"; then
			start_test "$build/fs/$name" "$FS_LIMIT" \
				python3 -P "tests/fs/$name.py"
		fi
	done
	python3 tests/lib/unit-tests.py "$OUT/$build" >"$work/unit-tests" ||
		give_up "the list of unit tests of $OUT/$build cannot be read"
	while IFS='	' read -r name command; do
		if wanted "$build/unit/$name"; then
			run_test "$build/unit/$name" "$UNIT_LIMIT" sh -c "$command"
		fi
	done <"$work/unit-tests"

	for file in tests/fs/*.py; do
		name=$(basename "$file" .py)
		wanted "$build/fs/$name" || continue
		case " $PATIENT " in
		*" $name "*) end_test "$build/fs/$name" ;;
		*) run_test "$build/fs/$name" "$FS_LIMIT" python3 -P "$file" ;;
		esac
	done
	run_fuzz "$build"
}

if [ "$selected" = --names ]; then
	names
	exit
fi
mkdir -p "$OUT" "$LOGS"
work=$(mktemp -d) || give_up "no temporary directory can be made"
chmod 755 "$work"
results=$work/results
trap 'rm -rf "$work"' EXIT
trap 'give_up "interrupted"' INT TERM HUP

check_names
. tests/lib/packages.sh
packages_need || give_up "prerequisites are missing"
if may_want plain || may_want sanitized || may_want vm; then
	[ "$(id -u)" -eq 0 ] ||
		give_up "the file-system tests mount file systems: run this as root"
	[ -c /dev/fuse ] || modprobe fuse 2>/dev/null
	[ -c /dev/fuse ] ||
		give_up "there is no /dev/fuse: the kernel module fuse is needed"
fi

if may_want check; then
	for name in $CHECKS; do
		if wanted "check/$name"; then
			run_test "check/$name" "$CHECK_LIMIT" \
				sh "tests/check/$name.sh"
		fi
	done
fi
guests=''
for name in plain sanitized; do
	if may_want "$name" || { [ "$name" = plain ] && may_want vm; }; then
		run_build "$name"
	fi
done
end_guests
finish
