#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test runner: runs all or the named tests, or prints their names. As root on Debian it
# updates the package lists and installs missing packages; as another user it lists them.
#
#	sh tests/run.sh [NAME...]
#	sh tests/run.sh --names
#
# NAME is a test (fs/tree, unit/engine, check/kmod, vm/boot), a test of one build
# (plain/fs/tree, sanitized/unit/engine), or a part (fs, check, vm, plain). There are
# two builds, plain and with AddressSanitizer and UndefinedBehaviorSanitizer; the plain
# build also runs in emulated machines, in parallel. The last line is "N passed, N
# failed, N skipped"; the exit status is 0 only if a test passed and none failed. A test
# that cannot run fails.
set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

. tests/lib/environment.sh

OUT="build-test"
LOGS=$OUT/logs
UNIT_LIMIT=300
PROGRAM_LIMIT=900
CHECK_LIMIT=600
VM_LIMIT=3600

# Tests without a build.
CHECKS='words sizes licences layout manual direction catalog shell style mutants supervisor
	sanitizers checkpatch abi quickstart budget systemd'
# Checks that run in parallel with the other tests, with low priority.
LOW_CHECKS='packages analysis kmod'
# Guests of each emulated machine. The first test makes the kernel.
X86='kernel boot shown manual device in-tree hostile third-party runner service hour abi
	fs-sim fs-node'
POWER='power-kernel power-boot power-sleep power-shutdown power-abi power-pseries
	power-fs power-in-tree'
# Tests that use the sanitized daemon at random for a fixed time.
STORMS='fuzz/syscalls fuzz/kills fuzz/signals fuzz/freezes'
# Tests that run in parallel with the others, most of which only wait.
PARALLEL="$STORMS fs/rotate fs/follow fs/request-timeout fs/fleet fs/inotify
	fs/privileges fs/daemonlog fs/fstab"

# Programs that depend on the state of the whole machine, or change it: latencies and
# policies of its processors, probes of all daemons, huge pages.
ALONE='fs/polling fs/probes fs/resident'

passed=0
failed=0
skipped=0
running=''

# stop_tests: kills the running tests; their supervisors remove all that remains.
stop_tests() {
	for each in $running; do
		kill "${each#*=}" 2>/dev/null
		wait "${each#*=}"
	done
}

# finish: prints the counts, and exits.
finish() {
	stop_tests
	if [ "$failed" -ne 0 ]; then
		echo "Logs: $LOGS"
	fi
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

# give_up SENTENCE: reports a failure that prevents further tests, and exits.
give_up() {
	echo "FAIL: $1"
	failed=$((failed + 1))
	finish
}

# wanted NAME: succeeds if this test, or a part that it belongs to, is selected.
wanted() {
	echo "/$1/" | grep -qF -f "$work/patterns"
}

# any_guest NAME...: succeeds if one of these guests is selected.
any_guest() {
	for each_guest; do
		! wanted "vm/$each_guest" || return 0
	done
	return 1
}

# part_wanted PART: succeeds if a test of this part is selected.
part_wanted() {
	grep -q "^/$1/" "$work/wanted"
}

# contains LIST WORD: succeeds if the word is in the list.
contains() {
	case " $1 " in
	*" $2 "*) ;;
	*) return 1 ;;
	esac
}

# base_names PREFIX SUFFIX FILE...: prints the base names, without prefix and suffix.
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
	unit_names | sed "s,^,$1/unit/,"
	base_names '' .py tests/fs/*.py | sed "s,^,$1/fs/,"
	base_names '' .py tests/fuzz/*.py | sed 's,^,fuzz/,' |
		while IFS= read -r each_name; do
			if [ "$1" = sanitized ] || ! contains "$STORMS" "$each_name"; then
				echo "$1/$each_name"
			fi
		done
}

# names: prints all tests, one on each line.
names() {
	# shellcheck disable=SC2086 # words wanted
	printf 'check/%s\n' $CHECKS $LOW_CHECKS
	# shellcheck disable=SC2086 # words wanted
	printf 'vm/%s\n' $X86 $POWER
	build_names plain
	build_names sanitized
}

# select_tests NAME...: finds the selected tests; fails for an unknown name.
select_tests() {
	for each; do
		echo "/$each/"
	done >"$work/patterns"
	[ $# -gt 0 ] || echo / >"$work/patterns"
	names | sed 's,.*,/&/,' | grep -F -f "$work/patterns" >"$work/wanted"
	for each; do
		if ! grep -qF -- "/$each/" "$work/wanted"; then
			echo "FAIL: no test is called $each"
			failed=$((failed + 1))
		fi
	done
	[ "$failed" -eq 0 ] || finish
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

# print_reasons LOG: prints the last comments before each failed case, and the last one
# of its child.
print_reasons() {
	awk '/^not ok/ {
			if (child) print "     " child
			for (i = n > 12 ? n - 11 : 1; i <= n; i++) print "     " line[i]
		}
		/^# child: / { child = $0 }
		/^#/ { line[++n] = $0; next }
		{ n = 0; child = "" }' "$1"
}

# end_test NAME: waits for a started test, prints its result, and adds its counts.
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
	print_reasons "$LOGS/$name.log"
	echo "     log:    $LOGS/$name.log"
	echo "     repeat: sh tests/run.sh $name"
	return 1
}

# run_test NAME LIMIT COMMAND...: starts a test and waits for it.
run_test() {
	start_test "$@"
	end_test "$1"
}

# start_guest NAME COMMAND...: starts a guest in parallel with the other tests.
start_guest() {
	wanted "vm/$1" || return 0
	name=vm/$1
	shift
	start_test "$name" "$VM_LIMIT" "$@"
}

# run_guest NAME LIMIT COMMAND...: runs a guest and waits for it.
run_guest() {
	wanted "vm/$1" || return 0
	name=vm/$1
	shift
	run_test "$name" "$@"
}

# make_machines: makes what the guests boot, one after the other, because both may update
# package lists; the second in parallel with the tests that follow.
make_machines() {
	x86_made=1
	# shellcheck disable=SC2086 # words wanted
	if any_guest $X86; then
		run_test vm/kernel "$CHECK_LIMIT" sh tests/vm/check-kernel.sh
		x86_made=$?
	fi
	# shellcheck disable=SC2086 # words wanted
	any_guest $POWER || return 0
	start_test vm/power-kernel "$CHECK_LIMIT" sh tests/vm/check-kernel.sh power
}

# start_power: starts the tests on the POWER partition.
start_power() {
	# shellcheck disable=SC2086 # words wanted
	any_guest $POWER || return 0
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

# start_x86: starts the tests on the emulated x86-64 machine, the long ones in parallel.
start_x86() {
	for device in node sim; do
		start_guest "fs-$device" sh tests/vm/fs.sh "$device"
	done
	start_guest abi sh tests/vm/abi.sh
	start_guest service sh tests/vm/service.sh
	start_guest hour sh tests/vm/hour.sh
	run_guest boot "$CHECK_LIMIT" sh tests/vm/guest.sh \
		--name boot --limit 120 -- sh tests/vm/boot.sh
	run_guest shown "$CHECK_LIMIT" sh tests/vm/guest.sh \
		--name shown --limit 300 -- python3 -P tests/vm/shown.py
	for guest in manual device in-tree hostile third-party; do
		run_guest "$guest" "$VM_LIMIT" \
			sh tests/vm/fs.sh --name "$guest" node \
			"tests/vm/$guest.py"
	done
	run_guest runner "$CHECK_LIMIT" sh tests/vm/check-guest.sh
}

# start_guests: starts the tests in emulated machines, with the plain build.
start_guests() {
	[ "$x86_made" -ne 0 ] || start_x86
	start_power
}

# end_running: waits for all running tests.
end_running() {
	for each_test in $running; do
		end_test "${each_test%%=*}"
	done
}

# run_units BUILD: runs the selected unit tests by the commands of Meson.
run_units() {
	python3 tests/lib/unit-tests.py "$OUT/$1" >"$work/unit-tests" ||
		give_up "meson cannot list the unit tests of $OUT/$1"
	cut -f 1 "$work/unit-tests" | sort >"$work/built"
	unit_names | sort | cmp -s - "$work/built" ||
		give_up "the unit tests of meson and of --names differ"
	while IFS='	' read -r name command; do
		if wanted "$1/unit/$name"; then
			run_test "$1/unit/$name" "$UNIT_LIMIT" sh -c "$command"
		fi
	done <"$work/unit-tests"
}

# start_program NAME: starts a program of fs or fuzz.
start_program() {
	start_test "$build/$1" "$PROGRAM_LIMIT" python3 -P "tests/$1.py"
}

# run_build BUILD: compiles it, and runs its selected tests, two programs at a time.
run_build() {
	build=$1
	run_test "$build/build" "$CHECK_LIMIT" sh tests/build.sh "$build" ||
		return 0
	VMCFS=$PWD/$OUT/$build/vmcfs/vmcfs
	VMCFS_TEST_BUILD=$build
	export VMCFS VMCFS_TEST_BUILD
	[ "$build" != plain ] || start_guests

	programs=$(sed -n "s,^/$build/\(f[^/]*/.*\)/$,\1,p" "$work/wanted")
	ordinary=''
	parallel=''
	alone=''
	for program in $programs; do
		if contains "$PARALLEL" "$program"; then
			start_program "$program"
			parallel="$parallel $program"
		elif contains "$ALONE" "$program"; then
			alone="$alone $program"
		else
			ordinary="$ordinary $program"
		fi
	done
	run_units "$build"
	previous=''
	for program in $ordinary; do
		start_program "$program"
		[ -z "$previous" ] || end_test "$build/$previous"
		previous=$program
	done
	for program in $previous $parallel; do
		end_test "$build/$program"
	done
	for program in $alone; do
		start_program "$program"
		end_test "$build/$program"
	done
}

if [ "$*" = --names ]; then
	names
	exit
fi
mkdir -p "$OUT" "$LOGS"
work=$(mktemp -d) || give_up "mktemp cannot make a directory"
chmod 755 "$work"
results=$work/results
trap 'rm -rf "$work"' EXIT
trap 'give_up "interrupted"' INT TERM HUP

select_tests "$@"
. tests/lib/packages.sh
packages_need || give_up "packages are missing"
if part_wanted plain || part_wanted sanitized || part_wanted vm; then
	[ "$(id -u)" -eq 0 ] ||
		give_up "root is needed to mount file systems"
	[ -c /dev/fuse ] || modprobe fuse 2>/dev/null
	[ -c /dev/fuse ] ||
		give_up "/dev/fuse does not exist: load the kernel module fuse"
fi

for name in $LOW_CHECKS; do
	! wanted "check/$name" ||
		start_test "check/$name" "$VM_LIMIT" nice sh "tests/check/$name.sh"
done
make_machines
for name in $CHECKS; do
	! wanted "check/$name" ||
		run_test "check/$name" "$CHECK_LIMIT" sh "tests/check/$name.sh"
done
if part_wanted plain || part_wanted vm; then
	run_build plain
fi
if part_wanted sanitized; then
	run_build sanitized
fi
end_running
finish
