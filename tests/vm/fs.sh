#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the file-system tests in a guest, on one device:
#
#	fs.sh [--name NAME] sim|node [PROGRAM...]
#
# "sim" is the simulated device in the daemon, as on the host but on the guest's
# kernel; "node" is /dev/ibmvmc with the simulated hypervisor behind it. NAME is
# that of the guest: programs that run beside these need another. VMCFS is the
# daemon. The kernel is the one that VMCFS_TEST_KERNEL names, as
# tests/vm/guest.sh wants it, else Debian's. An emulated processor is ten times
# slower than a real one: it gets more time and fewer messages, nothing else.
# Speaks TAP.
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
	volume=10000
	;;
sim)
	# It sends a hundred thousand on the host.
	VMCFS_TEST_DEVICE=sim
	volume=2000
	;;
*)
	echo "fs.sh: what is $device?" >&2
	exit 64
	;;
esac
VMCFS_TEST_SLOWNESS=5
VMCFS_TEST_VOLUME=${VMCFS_TEST_VOLUME:-$volume}
accept=''
# The driver that comes with Linux lets its device go so each time.
[ ! -e "$kernel/driver" ] || accept=left-mapped
export VMCFS_TEST_DEVICE VMCFS_TEST_SLOWNESS VMCFS_TEST_VOLUME
exec sh tests/vm/guest.sh --kernel "$kernel" \
	--name "${name:-fs-$device}-${kernel##*/}" --memory 1536 --limit 1100 \
	--accept "$accept" -- python3 -P tests/vm/fs.py "$@"
