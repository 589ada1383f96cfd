#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Request: sends the standard input as one message, and prints the next message as the
# reply. It needs an open session. It does not match replies with requests: another
# message of the hypervisor may arrive first.
#
#	echo text | sh examples/request.sh DIR/hmc0 [SECONDS]
set -eu

fail() {
	echo "request: $*; $(grep '^last_error:' "$hmc/status")" >&2
	exit 1
}

hmc=${1:?the directory of an HMC index is missing}
seconds=${2:-5}
size=$(awk '$1 == "mtu_bytes:" { print $2 }' "$hmc/../status")
grep -q '^state: ready$' "$hmc/status" || fail "no session is open"
# A read-write descriptor is a channel, which receives what arrives from now on.
exec 3<>"$hmc/message"
# One write(2) is one message: dd collects all input first.
dd bs="$size" count=1 iflag=fullblock status=none >&3 || fail "the message was not sent"
timeout "$seconds" dd bs="$size" count=1 status=none <&3 ||
	fail "no reply arrived in $seconds seconds"
