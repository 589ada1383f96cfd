#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests: measures round trips on /dev/ibmvmc and through the tree on it, in an
# emulated machine of each architecture. It asserts no time, and is no part of the
# tests: it takes some minutes.
#
#	sh tests/bench/guests.sh [x86] [power]
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/environment.sh
. tests/lib/packages.sh
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# prepare MACHINE: makes the kernel, the modules, the daemon and the client.
prepare() {
	if [ "$1" = power ]; then
		VMCFS_TEST_KERNEL='build-test/vm/power'
		build='build-test/power'
		sh tests/vm/power.sh && sh tests/build.sh power
	else
		VMCFS_TEST_KERNEL='build-test/vm/debian'
		build='build-test/bench'
		sh tests/vm/kernel.sh &&
			{ [ -f $build/build.ninja ] || meson setup $build; }
	fi && meson compile -C $build vmcfs bench-client bench-empty &&
		sh tests/vm/modules.sh $VMCFS_TEST_KERNEL
}

measure() {
	prepare "$1" >"$log" 2>&1 || {
		cat "$log"
		exit 1
	}
	VMCFS=$PWD/$build/vmcfs/vmcfs
	VMCFS_BENCH=$PWD/$build/tests/bench
	export VMCFS VMCFS_BENCH VMCFS_TEST_KERNEL
	sh tests/vm/guest.sh --name "bench-$1" --memory 1536 \
		-- python3 tests/bench/guests.py
}

VMCFS_TEST_DEVICE=/dev/ibmvmc
export VMCFS_TEST_DEVICE
packages_need || exit 1
[ $# -gt 0 ] || set -- x86 power
for machine; do
	echo "$machine"
	measure "$machine" || exit 1
done
