#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# The first process of a guest, in the memory file system that it was booted
# with: loads the kernel's own modules, makes a root of the files that the host
# shares, which cannot be written to, and of memory, which can, and hands over to
# main.sh there. A checkout that is shared by itself comes to the path that it
# has on the host. It knows nothing of what is run.

b=/bin/busybox
$b mkdir -p /proc /sys /dev /own /new
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev

# From here on the console shows all kernel messages.
echo 8 >/proc/sys/kernel/printk

while read -r module; do
	$b insmod "/modules/$module" ||
		echo "init: $module cannot be loaded" >/dev/kmsg
done </modules/order

# "loose" keeps what was read once: nobody on the host changes these files while
# the guest looks at them. Larger pieces than this do not fit a virtio queue.
mount_share() {
	own=/own/$1
	$b mkdir -p "$own/host" "$own/upper" "$own/work" "$2" &&
		$b mount -t 9p -o \
			trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 \
			"$1" "$own/host" &&
		$b mount -t overlay -o \
			"lowerdir=$own/host,upperdir=$own/upper,workdir=$own/work" \
			"$1" "$2"
}
make_root() {
	$b mount -t tmpfs -o mode=755,size=75% own /own &&
		mount_share root /new || return
	[ ! -e /checkout.path ] ||
		mount_share checkout "/new$($b cat /checkout.path)"
}
if ! make_root; then
	echo 'init: the root of the guest cannot be made' >/dev/kmsg
	$b poweroff -f
fi

for directory in proc sys dev; do
	$b mount -o move /$directory /new/$directory
done
$b mkdir /new/run/guest
$b cp -a /bin/busybox /main.sh /command.sh /new/run/guest
exec $b switch_root /new /run/guest/busybox sh /run/guest/main.sh
