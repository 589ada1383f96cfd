#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Request: sends the standard input as one message, and prints the next message as the
# reply. It needs an open session. It does not match replies with requests: another
# message of the hypervisor may arrive first.
#
#	echo text | sh examples/request.sh DIR/hmc0 [SECONDS]
set -eu

refuse() {
	echo "request: $*" >&2
	exit 1
}

fail() {
	reason=$(grep '^last_error:' "$hmc/status" 2>/dev/null) || :
	refuse "$*${reason:+; $reason}"
}

# report: the first line that dd has written to standard error.
report() {
	echo "$counts" | head -n 1
}

hmc=${1:?the directory of an HMC index is missing}
seconds=${2:-5}
case $seconds in
*[!0-9.]* | *.*.*) refuse "$seconds is not a number of seconds" ;;
*[1-9]*) ;;
*) refuse "the number of seconds must be greater than 0" ;;
esac
[ -e "$hmc/message" ] || refuse "$hmc is not the directory of an HMC index"
size=$(awk '$1 == "mtu_bytes:" { print $2 }' "$hmc/../status")
grep -q '^state: ready$' "$hmc/status" || fail "no session is open"
# A read-write descriptor is a channel, which receives what arrives from now on.
exec 3<>"$hmc/message" 4>&1
# One write(2) is one message: dd collects all input first. It reads a byte more than a
# message may have, since the write of a text that is too long must fail.
counts=$(LC_ALL=C dd bs=$((size + 1)) count=1 iflag=fullblock 2>&1 >&3) ||
	fail "the message was not sent: $(report)"
case $counts in
0+0*) fail "the standard input is empty; nothing was sent" ;;
esac
status=0
counts=$(LC_ALL=C timeout "$seconds" dd bs="$size" count=1 2>&1 >&4 <&3) || status=$?
case $status:$counts in
0:0+0*) fail "the session ended before a reply arrived" ;;
0:*) ;;
124:*) fail "no reply arrived in $seconds seconds" ;;
*) fail "the reply was not printed: $(report)" ;;
esac
