#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Conformance program: builds it for the guest's architecture and, if there is one,
# for its 32-bit variant, and runs it in a guest:
#
#	abi.sh [OPTION...] [NAME...]
#
# The arguments are passed to the program: see the -h of ibmvmc-abi. The kernel is
# VMCFS_TEST_KERNEL, a directory for tests/vm/guest.sh, by default Debian's. Prints
# TAP.
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
