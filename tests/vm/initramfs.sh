#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Initramfs of a guest: packs busybox, init.sh, main.sh, the command, the kernel's own
# modules that the machine needs, in the order of their dependencies, and the path of
# this directory if it is shared separately. It boots nothing.
#
#	initramfs.sh KERNEL COMMAND FILE
#
# KERNEL is a directory for tests/vm/guest.sh; FILE is the result.
set -eu
kernel=$1
command=$2
file=$3
here=$(dirname "$0")
release=$(cat "$kernel/release")
# shellcheck source=/dev/null # one for each machine
. "$here/machine-$(cat "$kernel/machine").sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/modules"
cp "$kernel/busybox" "$work/bin/busybox"
cp "$here/init.sh" "$work/init"
cp "$here/main.sh" "$work/main.sh"
cp "$command" "$work/command.sh"
chmod +x "$work/init"
[ ! -d "$kernel/files" ] || pwd >"$work/checkout.path"

# shellcheck disable=SC2154 # set by machine-*.sh
for module in $machine_modules; do
	modprobe -d "$kernel/root" -S "$release" --show-depends "$module"
done >"$work/depends"
awk '$1 == "insmod" && !seen[$2]++ { print $2 }' "$work/depends" |
	while IFS= read -r path; do
		cp "$path" "$work/modules/"
		basename "$path"
	done >"$work/modules/order"
rm "$work/depends"

(cd "$work" && find . | cpio -o -H newc --quiet) | gzip -1 >"$file"
