#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the conformance program for the machine that guests are and, where it
# has one, for its 32-bit half, and runs it in a guest:
#
#	abi.sh [OPTION...] [NAME...]
#
# What is given is handed to the program: see the -h of ibmvmc-abi. The kernel
# is the one that VMCFS_TEST_KERNEL names, as tests/vm/guest.sh wants it, else
# Debian's. Speaks TAP.
set -u
# VMCFS_ABI is where the Makefile puts what it builds.
VMCFS_TEST_KERNEL=${VMCFS_TEST_KERNEL:-build-test/vm/debian}
VMCFS_ABI=build-test/abi
export VMCFS_TEST_KERNEL VMCFS_ABI

# build PREFIX...: for what the compilers of these prefixes are for.
build() {
	for cross; do
		make -s -C tests/abi CROSS_COMPILE="$cross" || exit
	done
}

if [ -e "$VMCFS_TEST_KERNEL/cross" ]; then
	build "$(cat "$VMCFS_TEST_KERNEL/cross")"
else
	build '' i686-linux-gnu-
fi
exec sh tests/vm/guest.sh --kernel "$VMCFS_TEST_KERNEL" \
	--name "abi-${VMCFS_TEST_KERNEL##*/}" --limit 1100 \
	-- sh tests/abi/run.sh "$@"
