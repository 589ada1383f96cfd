#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test on POWER: runs one part of the tests on the emulated partition. It builds
# nothing: check-kernel.sh power makes partition, modules and daemon. Prints TAP.
#
#	power-test.sh boot|shown|abi|pseries|sleep|shutdown|fs|fs-sim|fs-node|device|
#		in-tree|real-in-tree
#
# "fs" is the file-system tests that depend on the page size or the byte order; those
# that depend on the driver run on x86-64. "fs-sim" and "fs-node" are all file-system
# tests. "in-tree" is the daemon on the legacy ABI of our driver, "real-in-tree" the
# daemon on the driver of Linux. VMCFS_TEST_CPU and VMCFS_TEST_SMP are the type and the
# number of processors.
set -u
VMCFS=$PWD/build-test/power/vmcfs/vmcfs
VMCFS_TEST_KERNEL=build-test/vm/power
export VMCFS VMCFS_TEST_KERNEL
. tests/lib/environment.sh

# guest LIMIT COMMAND...: runs a part that is one command in a guest.
part=$1
guest() {
	limit=$1
	shift
	exec sh tests/vm/guest.sh --name "power-$part" --limit "$limit" -- "$@"
}

case $1 in
boot) guest 120 sh tests/vm/boot.sh ;;
shown) guest 300 python3 -P tests/vm/shown.py ;;
abi) exec sh tests/vm/abi.sh ;;
pseries)
	VMCFS_TEST_SLOWNESS=5
	export VMCFS_TEST_SLOWNESS
	guest 2200 python3 -P tests/vm/pseries.py
	;;
shutdown) exec sh tests/vm/check-shutdown.sh ;;
sleep) guest 120 sh tests/vm/sleep.sh ;;
fs)
	set -- bounded channel errors pagecache poll quick reset status volume
	# shellcheck disable=SC2046 # words wanted
	exec sh tests/vm/fs.sh node $(printf 'tests/fs/%s.py ' "$@")
	;;
fs-*) exec sh tests/vm/fs.sh "${1#fs-}" ;;
real-in-tree)
	sh tests/vm/in-tree-driver.sh || exit
	VMCFS_TEST_KERNEL=$VMCFS_TEST_KERNEL-in-tree
	exec sh tests/vm/fs.sh node tests/vm/in-tree.py
	;;
device | in-tree) exec sh tests/vm/fs.sh node "tests/vm/$1.py" ;;
*)
	echo "power-test.sh: unknown part $1" >&2
	exit 64
	;;
esac
