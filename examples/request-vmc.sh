#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Request of a device: asks the hypervisor for a VMC device (REQUESTVMC), adds it to the
# partition by dynamic reconfiguration (DLPAR), and waits until its channel is ready. If
# the channel is ready already, it does nothing. It opens no session.
#
#	sh examples/request-vmc.sh /run/vmc
#
# It needs root in the management partition of a POWER machine, and drmgr of the package
# powerpc-utils. It was not tried there: the simulated hypervisor answers the request,
# but its device has no place in a device tree. DRMGR names a replacement of drmgr;
# DRMGR=echo only prints the arguments.
set -eu
tree=${1:?the mount point is missing}
seconds=60

fail() {
	echo "request-vmc: $*; $(grep '^last_error:' "$tree/status")" >&2
	exit 1
}

# value KEY: prints the value of a key of the channel's status.
value() {
	sed -n "s/^$1: //p" "$tree/status"
}

if ! grep -q '^channel: ' "$tree/status" 2>/dev/null; then
	echo "request-vmc: $tree is not the mount point of a tree" >&2
	exit 1
fi
[ "$(value channel)" != ready ] || exit 0
# The write returns after the answer of the hypervisor, which can take minutes.
echo request-vmc >"$tree/control" || fail "the hypervisor gave no device"
# The answer is the index of a connector that the device tree does not have yet.
"${DRMGR-drmgr}" -c slot -a -s "$(value drc_index)" ||
	fail "the device $(value drc_index) was not added"
until [ "$(value channel)" = ready ]; do
	[ "$seconds" -gt 0 ] || fail "the channel is $(value channel)"
	seconds=$((seconds - 1))
	sleep 1
done
