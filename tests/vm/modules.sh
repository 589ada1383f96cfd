#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the kernel modules of kmod/ for a guest's kernel:
#
#	modules.sh [KERNEL]
#
# from a copy, against the headers that KERNEL names, into KERNEL/modules; of
# what was built before, only what has changed. The source tree stays clean, and
# nothing is loaded.
set -eu
kernel=${1:-build-test/vm/debian}
copy=$kernel/copy

rm -rf "$kernel/modules"
mkdir -p "$copy" "$kernel/modules"
git ls-files -co --exclude-standard kmod include |
	while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
	tar -cT - | tar -xC "$copy"
if ! make -C "$copy/kmod" KDIR="$(cat "$kernel/headers")" \
	>"$kernel/modules.log" 2>&1; then
	cat "$kernel/modules.log"
	exit 1
fi
# Loading them takes long enough without what is for debuggers.
cp "$copy"/kmod/*.ko "$kernel/modules/"
"${CROSS_COMPILE:-}strip" --strip-debug "$kernel"/modules/*.ko
