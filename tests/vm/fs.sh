#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# File-system tests in a guest: runs all or the named programs on one device. They get
# more time and fewer messages than on the host, because an emulated processor is ten
# times slower; it changes nothing else. Prints TAP.
#
#	fs.sh [--name NAME] sim|node [PROGRAM...]
#
# "sim" is the simulated device in the daemon; "node" is /dev/ibmvmc with the simulated
# hypervisor. NAME is the name of the guest, of which only one may run at a time. VMCFS
# is the daemon. VMCFS_TEST_KERNEL is a directory for tests/vm/guest.sh, by default
# Debian's kernel.
set -u
. tests/lib/environment.sh
name=''
if [ "$1" = --name ]; then
	name=$2
	shift 2
fi
device=$1
shift
kernel=${VMCFS_TEST_KERNEL:-build-test/vm/debian}
case $device in
node)
	VMCFS_TEST_DEVICE=/dev/ibmvmc
	volume=2500
	;;
sim)
	# 100000 on the host
	VMCFS_TEST_DEVICE=sim
	volume=2000
	;;
*)
	echo "fs.sh: unknown device $device" >&2
	exit 64
	;;
esac
VMCFS_TEST_SLOWNESS=5
VMCFS_TEST_VOLUME=${VMCFS_TEST_VOLUME:-$volume}
accept=''
# The driver of Linux leaves memory mapped each time.
[ ! -e "$kernel/driver" ] || accept=left-mapped
export VMCFS_TEST_DEVICE VMCFS_TEST_SLOWNESS VMCFS_TEST_VOLUME
exec sh tests/vm/guest.sh --kernel "$kernel" \
	--name "${name:-fs-$device}-${kernel##*/}" --memory 1536 --limit 2400 \
	--accept "$accept" -- python3 -P tests/vm/fs.py "$@"
