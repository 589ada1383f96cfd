#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two sessions: opens sessions on hmc0 and hmc1, sends a request on each before it reads
# a reply, and closes both. Sessions are independent: each has its own messages, and the
# end of one does not concern the other. It needs two HMC indices without a session.
#
#	sh examples/two-sessions.sh DIR
set -eu
cd "${1:?the mount point is missing}"

fail() {
	echo "two-sessions: $1; $(grep '^last_error:' "$1/status")" >&2
	exit 1
}

# reply: prints one message of the standard input, for which it waits 5 seconds at most.
# It fails if the session ends: a read then returns nothing, which is no message.
reply() {
	text=$(timeout 5 dd bs=64K count=1 status=none) && [ -n "$text" ] && echo "$text"
}

cleanup() {
	status=$?
	exec 3<&- 4<&-
	for hmc in $opened; do
		echo close >"$hmc/control" || :
	done
	exit "$status"
}

opened=''
exec 3</dev/null 4</dev/null
trap cleanup EXIT
trap 'exit 143' HUP INT TERM
for hmc in hmc0 hmc1; do
	echo "open two-sessions-$hmc" >$hmc/control || fail $hmc
	opened="$opened $hmc"
done
exec 3<>hmc0/message 4<>hmc1/message
echo 'request on hmc0' >&3 || fail hmc0
echo 'request on hmc1' >&4 || fail hmc1
reply <&4 || fail hmc1
reply <&3 || fail hmc0
