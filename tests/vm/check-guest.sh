#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test of the runner of guests: expects a failure, and a sentence with its cause,
# if the guest's command fails or its kernel complains. Each case boots a guest. It
# does not test the driver. Prints TAP.
set -u
number=0
limit=60
log=$(mktemp) || exit 1
trap 'rm -f "$log" "$log.sent" "$log.up"' EXIT

# guest NAME STATUS TEXT SCRIPT: what a guest that runs SCRIPT must end with,
# and what must be said.
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
	echo "# it ended with $got, not $2; or did not say: $3"
	echo "not ok $number - $1"
}

guest 'the exit status of a command is that of the runner' 7 \
	'the command ended with status 7' 'exit 7'
guest 'a panic is a failure' 1 'Kernel panic' 'echo c >/proc/sysrq-trigger'
guest 'a guest that ends without a word is a failure' 1 \
	'it ended without a word about its command' \
	'/run/guest/busybox poweroff -f'
guest 'a warning in the log is a failure' 1 'its kernel complained' \
	'echo "WARNING: CPU: 0 PID: 1 at here" >/dev/kmsg'
limit=8
guest 'a guest that is not done in time is a failure' 124 \
	'it was not done after 8 seconds' 'echo waiting; tail -f /dev/null'

# result NAME STATUS: the verdict on what was run just before.
result() {
	number=$((number + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $number - $1"
	else
		sed 's/^/# /' "$log"
		echo "not ok $number - $1"
	fi
}

# None of these bytes may be changed on the way.
printf 'one  two\nthree\t\r\001\004\032\377\000 four' >"$log.sent"
sh tests/vm/guest.sh --name runner -- cat "$log.sent" >"$log" &&
	cmp "$log.sent" "$log"
result 'what a command prints comes back, byte for byte' $?

mark=build-test/vm/mark
echo before >"$mark"
{
	sh tests/vm/guest.sh --name runner -- sh -c \
		"echo after >$mark && grep -qx after $mark" >"$log" 2>&1 &&
		grep -qx before "$mark"
}
result 'a guest can write, and changes nothing outside' $?
rm -f "$mark"

mkfifo "$log.up"
sh tests/vm/guest.sh --name runner --limit 120 -- \
	sh -c 'echo up; exec tail -f /dev/null' >"$log.up" 2>"$log.sent" &
first=$!
exec 3<"$log.up"
read -r _ <&3
! sh tests/vm/guest.sh --name runner -- true >"$log" 2>&1 &&
	grep -qF 'a guest called runner runs already' "$log" &&
	kill -0 $first
result 'a second guest of that name is refused, and the first goes on' $?
kill $first
wait $first
echo "1..$number"
