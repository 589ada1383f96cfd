#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Loading in a guest: loads and unloads the modules for its kernel, in order and
# twice. It does not read the kernel log, which guest.sh searches. Prints TAP.
set -u
modules=$VMCFS_TEST_KERNEL/modules
channel=$(cat "$VMCFS_TEST_KERNEL/channel")
number=0

# check NAME COMMAND...: one test.
check() {
	number=$((number + 1))
	sentence=$1
	shift
	if "$@"; then
		echo "ok $number - $sentence"
	else
		echo "not ok $number - $sentence"
	fi
}

loaded() {
	[ -d "/sys/module/$1" ]
}

unloaded() {
	! loaded "$1"
}

check 'the guest runs the kernel of VMCFS_TEST_KERNEL' \
	[ "$(uname -r)" = "$(cat "$VMCFS_TEST_KERNEL/release")" ]
for round in 1 2; do
	for module in ibmvmc vmc-hv "$channel"; do
		name=$(echo "$module" | tr - _)
		check "$module loads ($round)" insmod "$modules/$module.ko"
		check "$module is in /sys/module ($round)" loaded "$name"
	done
	check "/dev/ibmvmc exists ($round)" [ -c /dev/ibmvmc ]
	for module in "$channel" vmc-hv ibmvmc; do
		name=$(echo "$module" | tr - _)
		check "$module unloads ($round)" rmmod "$name"
		check "$module is not in /sys/module ($round)" unloaded "$name"
	done
	check "/dev/ibmvmc does not exist ($round)" [ ! -e /dev/ibmvmc ]
done
echo "1..$number"
