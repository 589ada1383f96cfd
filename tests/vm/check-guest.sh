#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test of the runner of guests: expects a failure, and a sentence with its cause,
# if the command in the guest fails or the kernel log has a report. Each case boots
# a guest. It does not test the driver. Prints TAP.
set -u
number=0
limit=60
log=$(mktemp) || exit 1
trap 'rm -f "$log" "$log.sent" "$log.up"' EXIT

# guest SENTENCE STATUS TEXT SCRIPT: the runner of a guest that runs SCRIPT ends with
# STATUS and prints TEXT.
guest() {
	number=$((number + 1))
	sh tests/vm/guest.sh --name runner --limit "$limit" \
		-- sh -c "$4" >"$log" 2>&1
	got=$?
	if [ $got -eq "$2" ] && grep -qF "$3" "$log"; then
		echo "ok $number - $1"
		return
	fi
	sed 's/^/# /' "$log"
	echo "# the status is $got, expected $2; expected text: $3"
	echo "not ok $number - $1"
}

guest 'the runner ends with the exit status of the command' 7 \
	'the command ended with status 7' 'exit 7'
guest 'a panic is a failure' 1 'Kernel panic' 'echo c >/proc/sysrq-trigger'
guest 'a guest that ends without a status of its command is a failure' 1 \
	'the guest ended without a status of the command' \
	'/run/guest/busybox poweroff -f'
guest 'a warning in the kernel log is a failure' 1 'the kernel log has reports' \
	'echo "WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg'
limit=8
guest 'a guest that runs longer than its limit is a failure' 124 \
	'the limit of 8 seconds expired' 'echo waiting; tail -f /dev/null'

# result SENTENCE STATUS: prints the result of the commands before.
result() {
	number=$((number + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $number - $1"
	else
		sed 's/^/# /' "$log"
		echo "not ok $number - $1"
	fi
}

# Bytes that a terminal or a shell would change.
printf 'one  two\nthree\t\r\001\004\032\377\000 four' >"$log.sent"
sh tests/vm/guest.sh --name runner -- cat "$log.sent" >"$log" &&
	cmp "$log.sent" "$log"
result 'the output of the command is returned byte by byte' $?

mark=build-test/vm/mark
echo before >"$mark"
{
	sh tests/vm/guest.sh --name runner -- sh -c \
		"echo after >$mark && grep -qx after $mark" >"$log" 2>&1 &&
		grep -qx before "$mark"
}
result 'a file written in the guest is unchanged outside' $?
rm -f "$mark"

mkfifo "$log.up"
sh tests/vm/guest.sh --name runner --limit 120 -- \
	sh -c 'echo up; exec tail -f /dev/null' >"$log.up" 2>"$log.sent" &
first=$!
exec 3<"$log.up"
read -r _ <&3
! sh tests/vm/guest.sh --name runner -- true >"$log" 2>&1 &&
	grep -qF 'another guest called runner is running' "$log" &&
	kill -0 $first
result 'a second guest of the same name is refused, and the first continues' $?
kill $first
wait $first
echo "1..$number"
