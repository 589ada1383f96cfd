#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Init: the first process of a guest, in its initramfs. Loads the kernel's own modules,
# makes a root from the read-only files of the host and a writable layer in memory, and
# starts main.sh in it. A separately shared checkout gets the path that it has on the
# host. It does not run the command.
# shellcheck shell=dash

b=/bin/busybox
$b mkdir -p /proc /sys /dev /own /new
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev

# The console shows all further kernel messages.
echo 8 >/proc/sys/kernel/printk

while read -r module; do
	$b insmod "/modules/$module" ||
		echo "init: $module cannot be loaded" >/dev/kmsg
done </modules/order

# mount_share TAG DIRECTORY. The cache may be "loose" because the files do not change
# on the host during a run. msize is the largest that fits a virtio queue.
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
	echo 'init: the root file system cannot be mounted' >/dev/kmsg
	$b poweroff -f
fi

for directory in proc sys dev; do
	$b mount -o move /$directory /new/$directory
done
$b mkdir /new/run/guest
$b cp -a /bin/busybox /main.sh /command.sh /new/run/guest
exec $b switch_root /new /run/guest/busybox sh /run/guest/main.sh
