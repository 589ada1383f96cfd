#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the kernel modules of kmod/ for a guest's kernel:
#
#	modules.sh [KERNEL]
#
# from a copy, against the headers that KERNEL names, into KERNEL/modules; of
# what was built before, only what has changed. If KERNEL is not for this machine
# it names what the kernel calls its architecture ("arch") and what the tools for
# it begin with ("cross"). KERNEL/channel names the module that brings a channel
# to the driver there. The source tree stays clean, and nothing is loaded.
set -eu
kernel=${1:-build-test/vm/debian}
cross=$(cat "$kernel/cross" 2>/dev/null || true)
. tests/lib/kmod.sh
copy=$kernel/copy

rm -rf "$kernel/modules"
mkdir -p "$kernel/modules"
kmod_copy "$copy"
if ! kmod_make "$kernel" -C "$copy/kmod" KDIR="$(cat "$kernel/headers")" \
	>"$kernel/modules.log" 2>&1; then
	cat "$kernel/modules.log"
	exit 1
fi
# Loading them takes long enough without what is for debuggers.
cp "$copy"/kmod/*.ko "$kernel/modules/"
channel=ibmvmc-sim
[ ! -e "$kernel/modules/vmc-phyp.ko" ] || channel=vmc-phyp
echo $channel >"$kernel/channel"
"${cross}strip" --strip-debug "$kernel"/modules/*.ko
