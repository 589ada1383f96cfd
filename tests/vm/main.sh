#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Second stage of a guest, in its final root: mounts the usual file systems, runs
# the command, reports its exit status, and switches the machine off. The output of
# the command goes to the port "output", the status to the port "status". It does not
# write to the console, which has kernel messages only.
# shellcheck shell=dash

b=/run/guest/busybox
$b mkdir -p /dev/pts /dev/shm
$b mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
$b mount -t tmpfs -o mode=1777 shm /dev/shm
$b mkdir /run/guest/tmp
$b mount -t tmpfs -o mode=1777,size=75% tmp /run/guest/tmp
$b mount -t debugfs debugfs /sys/kernel/debug
$b ip link set lo up
$b ln -sf /proc/self/fd /dev/fd

# port NAME: waits for the port of this name and prints its device.
port() {
	while :; do
		for directory in /sys/class/virtio-ports/*; do
			if [ "$($b cat "$directory/name" 2>/dev/null)" = "$1" ]; then
				echo "/dev/${directory##*/}"
				return
			fi
		done
		$b usleep 10000
	done
}

output=$(port output)
# Opened before the command: a port cannot be opened after the machine slept.
exec 3>"$(port status)"
$b sh /run/guest/command.sh </dev/null >"$output" 2>&1 3>&-
echo $? >&3
# After a sleep the 9p session is lost, and an orderly power-off does not work.
[ ! -e /run/guest/slept ] || echo b >/proc/sysrq-trigger
$b poweroff -f
