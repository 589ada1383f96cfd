#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# Second stage of a guest, in its final root: mounts the usual file systems, runs
# the command, reports its exit status, and switches the machine off. The output of
# the command goes to the port "output", the status to the port "status"; the
# console carries only kernel messages.

b=/run/guest/busybox
$b mkdir -p /dev/pts /dev/shm
$b mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
$b mount -t tmpfs -o mode=1777 shm /dev/shm
$b mkdir /run/guest/tmp
$b mount -t tmpfs -o mode=1777,size=75% tmp /run/guest/tmp
$b mount -t debugfs debugfs /sys/kernel/debug
$b ip link set lo up
$b ln -sf /proc/self/fd /dev/fd

# port NAME: the device of the port of this name, which may still be coming up.
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
# Opened now: a port that was closed while the machine slept does not open again.
exec 3>"$(port status)"
$b sh /run/guest/command.sh </dev/null >"$output" 2>&1 3>&-
echo $? >&3
# The server of its files has forgotten a machine that slept: such a one cannot be
# switched off in good order.
[ ! -e /run/guest/slept ] || echo b >/proc/sysrq-trigger
$b poweroff -f
