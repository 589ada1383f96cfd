#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Second stage of a guest, in its final root: mounts the usual file systems, runs
# the command, reports its exit status, and switches the machine off. The output of
# the command goes to the port "output", the status to the port "status". It does not
# write to the console, which has kernel messages only. With guest.init=systemd on the
# command line of the kernel, systemd is process 1, and this script its only service.
# shellcheck shell=dash

b=/run/guest/busybox

# mount_usual: mounts what systemd mounts by itself.
mount_usual() {
	$b mkdir -p /dev/pts /dev/shm
	$b mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
	$b mount -t tmpfs -o mode=1777 shm /dev/shm
	$b mkdir /run/guest/tmp
	$b mount -t tmpfs -o mode=1777,size=75% tmp /run/guest/tmp
	$b mount -t debugfs debugfs /sys/kernel/debug
	$b ip link set lo up
	$b ln -sf /proc/self/fd /dev/fd
}

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

# report: runs the command, and switches the machine off.
report() {
	output=$(port output)
	# Opened before the command: a port cannot be opened after the machine slept.
	exec 3>"$(port status)"
	$b sh /run/guest/command.sh </dev/null >"$output" 2>&1 3>&-
	echo $? >&3
	# After a sleep the 9p session is lost, and an orderly power-off does not work.
	[ ! -e /run/guest/slept ] || echo b >/proc/sysrq-trigger
	$b poweroff -f
}

# start_systemd: becomes a systemd that calls this script again. The file system below
# /run is its own; the disks of the host are not mounted, and its /tmp is not cleaned.
start_systemd() {
	$b mkdir /run.guest
	$b mount -t tmpfs -o mode=755 run /run.guest
	$b mkdir -p /etc/systemd/system
	$b cp -a /run/guest /run.guest
	$b mount -o move /run.guest /run
	$b mkdir -p /run/guest/tmp
	$b mount -t tmpfs -o mode=1777,size=75% tmp /run/guest/tmp
	cat >/etc/systemd/system/guest.service <<'END'
[Unit]
After=basic.target
Requires=basic.target
[Service]
ExecStart=/run/guest/busybox sh /run/guest/main.sh report
StandardInput=null
END
	# Of the units of the host, the journal and udev are enough, and of its rules
	# those that make device units. An emulated processor takes a minute for all.
	$b rm -rf /lib/systemd/system-generators
	for rule in /lib/udev/rules.d/* /etc/udev/rules.d/*; do
		case $rule in
		*/50-udev-default.rules | */99-systemd.rules) ;;
		*) $b rm -f "$rule" ;;
		esac
	done
	for unit in /lib/systemd/system/sysinit.target.wants/* \
		/lib/systemd/system/timers.target.wants/* \
		/etc/systemd/system/*.wants/*; do
		case $unit in
		*/systemd-journald.service | */systemd-udevd.service) ;;
		*) $b rm -f "$unit" ;;
		esac
	done
	$b ln -s /dev/null /etc/systemd/system/systemd-remount-fs.service
	: >/etc/fstab
	if $b grep -qw guest.before /proc/cmdline; then
		BEFORE_BOOT=yes $b sh /run/guest/command.sh </dev/null \
			>/run/guest/before.log 2>&1
		echo $? >/run/guest/before.status
	fi
	# The host may be a container, but this is none.
	$b rm -f /.dockerenv /usr/sbin/policy-rc.d
	unset container
	exec /lib/systemd/systemd --unit=guest.service --show-status=no
}

if [ "${1:-}" = report ]; then
	report
elif $b grep -qw guest.init=systemd /proc/cmdline; then
	start_systemd
else
	mount_usual
	report
fi
