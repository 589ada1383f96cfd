#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the conformance program for the machine that guests are and for its
# 32-bit half, and runs it in a guest:
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

for cross in '' i686-linux-gnu-; do
	make -s -C tests/abi CROSS_COMPILE=$cross || exit
done
exec sh tests/vm/guest.sh --kernel "$VMCFS_TEST_KERNEL" --name abi \
	--limit 1100 -- sh tests/abi/run.sh "$@"
