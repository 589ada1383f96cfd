#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test runner: runs all tests, or those that are named, or prints their names:
#
#	sh tests/run.sh [NAME...]
#	sh tests/run.sh --names
#
# NAME is a test (fs/tree, unit/engine, check/kmod, vm/boot), a test of one build
# (plain/fs/tree, sanitized/unit/engine), or a part (fs, check, vm, plain). As root on
# Debian it installs missing packages, and nothing else. There are two builds, plain and
# with AddressSanitizer and UndefinedBehaviorSanitizer; the plain build also runs in
# emulated machines, in parallel. The last line is "N passed, N failed, N skipped"; the
# exit status is 0 only if a test passed and none failed. A test that cannot run fails;
# it is never skipped.
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

# Tests without a build.
CHECKS='words sizes licences layout direction shell style analysis mutants supervisor sanitizers kmod checkpatch abi
	quickstart'
# Guests on each of the two emulated machines; the kernel is first.
X86='kernel boot shown device in-tree hostile third-party runner abi fs-sim fs-node'
POWER='power-kernel power-boot power-sleep power-shutdown power-abi power-pseries
	power-fs power-in-tree'
# File-system tests that mostly wait: they run in parallel with the others.
PATIENT='rotate follow request-timeout'
# Tests of tests/fuzz that attack the sanitized daemon only, for a fixed time, in
# parallel with the others.
STORMS='syscalls kills signals freezes'

passed=0
failed=0
skipped=0
running=''
selected="$*"

# stop_tests: ends the running tests; their supervisors clean up.
stop_tests() {
	for each in $running; do
		kill "${each#*=}" 2>/dev/null
		wait "${each#*=}"
	done
}

finish() {
	stop_tests
	if [ "$failed" -ne 0 ]; then
		echo "Logs: $LOGS"
	fi
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# give_up SENTENCE: reports a failure after which no test can run.
give_up() {
	echo "FAIL: $1"
	failed=$((failed + 1))
	finish
}

# wanted NAME: whether this test, or a part that it belongs to, is named.
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

# base_names PREFIX SUFFIX FILE...: prints the names of files without both.
base_names() {
	base_prefix=$1
	base_suffix=$2
	shift 2
	for each_file; do
		each_file=${each_file##*/"$base_prefix"}
		echo "${each_file%"$base_suffix"}"
	done
}

# unit_names: prints the unit tests: source files, models, fuzz targets.
unit_names() {
	base_names test- .c tests/unit/test-*.c
	sed -n "s/^  '\([a-z-]*\)': executable.*/\1/p" tests/model/meson.build
	base_names '' .hex tests/fuzz/corpus/*.hex | sed 's/^/fuzz-/'
}

# build_names BUILD: prints the tests of one build.
build_names() {
	echo "$1/build"
	base_names '' .py tests/fs/*.py | sed "s,^,$1/fs/,"
	unit_names | sed "s,^,$1/unit/,"
	base_names '' .py tests/fuzz/*.py | while IFS= read -r each_name; do
		! may_run "$1" "$each_name" || echo "$1/fuzz/$each_name"
	done
}

# names: prints all tests, one on each line.
names() {
	# shellcheck disable=SC2086 # words wanted
	printf 'check/%s\n' $CHECKS
	# shellcheck disable=SC2086 # words wanted
	printf 'vm/%s\n' $X86 $POWER
	build_names plain
	build_names sanitized
}

# check_names: fails for an unknown name, before anything is built.
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

# may_want PART: whether a test of this part may be named, judged by the first word of
# each name: a list of the tests of a build would need the build.
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

# start_test NAME LIMIT COMMAND...: starts a test under the supervisor.
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

# end_test NAME: waits for a test that was started, and adds its counts.
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

# run_test NAME LIMIT COMMAND...: starts a test and waits for it.
run_test() {
	start_test "$@"
	end_test "$1"
}

# want_guests NAME...: whether one of these guests is named.
want_guests() {
	for each_guest; do
		! wanted "vm/$each_guest" || return 0
	done
	return 1
}

# start_guest NAME COMMAND...: runs in parallel until end_guests.
start_guest() {
	wanted "vm/$1" || return 0
	guests="$guests vm/$1"
	name=vm/$1
	shift
	start_test "$name" "$VM_LIMIT" "$@"
}

# run_guest NAME LIMIT COMMAND...: no other test is started meanwhile.
run_guest() {
	wanted "vm/$1" || return 0
	name=vm/$1
	shift
	run_test "$name" "$@"
}

# begin_power: makes the emulated POWER partition, in parallel with other tests, but
# not with the making of the other machine: both may have to update package lists.
begin_power() {
	# shellcheck disable=SC2086 # words wanted
	want_guests $POWER || return 0
	start_test vm/power-kernel "$CHECK_LIMIT" sh tests/vm/check-kernel.sh power
}

# start_power: starts the tests on that partition.
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

# start_x86: starts the tests on the emulated x86-64 machine, long ones in parallel.
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

# start_guests: starts the tests in emulated machines, with the plain build.
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

# may_run BUILD NAME: whether this test of tests/fuzz belongs to the build.
may_run() {
	case " $STORMS " in
	*" $2 "*) [ "$1" = sanitized ] ;;
	esac
}

# runs_storm BUILD NAME: whether this storm belongs to the build and is named.
runs_storm() {
	may_run "$1" "$2" && wanted "$1/fuzz/$2"
}

# start_storms BUILD: starts the storms, which end in run_fuzz.
start_storms() {
	for storm in $STORMS; do
		if runs_storm "$1" "$storm"; then
			start_test "$1/fuzz/$storm" "$FUZZ_LIMIT" \
				python3 -P "tests/fuzz/$storm.py"
		fi
	done
}

# run_fuzz BUILD: runs the tests of tests/fuzz and waits for the storms.
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

# run_build BUILD: compiles it, and runs its unit and file-system tests.
run_build() {
	build=$1
	wanted "$build/build" # every test of the build needs it
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
		give_up "meson cannot list the unit tests of $OUT/$build"
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
work=$(mktemp -d) || give_up "mktemp cannot make a directory"
chmod 755 "$work"
results=$work/results
trap 'rm -rf "$work"' EXIT
trap 'give_up "interrupted"' INT TERM HUP

check_names
. tests/lib/packages.sh
packages_need || give_up "packages are missing"
if may_want plain || may_want sanitized || may_want vm; then
	[ "$(id -u)" -eq 0 ] ||
		give_up "root is needed to mount file systems"
	[ -c /dev/fuse ] || modprobe fuse 2>/dev/null
	[ -c /dev/fuse ] ||
		give_up "/dev/fuse does not exist: load the kernel module fuse"
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
