#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Modules: builds a copy of kmod/ for the kernel of a guest, into KERNEL/modules. It
# writes nothing to the source tree, and loads nothing.
#
#	modules.sh [KERNEL]
#
# KERNEL is a directory for tests/vm/guest.sh. Its file "headers" names the headers of
# the kernel; for another architecture "arch" is the kernel's name of it, and "cross"
# the prefix of the compiler. The file "channel" gets the name of the module that
# provides a channel. A second build compiles changed files only.
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
# Stripped below: debug information makes loading slow in an emulated machine.
cp "$copy"/kmod/*.ko "$kernel/modules/"
channel=ibmvmc-sim
[ ! -e "$kernel/modules/vmc-phyp.ko" ] || channel=vmc-phyp
echo $channel >"$kernel/channel"
"${cross}strip" --strip-debug "$kernel"/modules/*.ko
