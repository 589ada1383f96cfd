#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Conformance program: builds it for the guest's architecture and, on x86-64, for
# i686 as well, and runs it in a guest. It chooses no cases. Prints TAP.
#
#	abi.sh [OPTION...] [NAME...]
#
# The arguments are passed to the program: see the -h of ibmvmc-abi. The kernel is
# VMCFS_TEST_KERNEL, a directory for tests/vm/guest.sh, by default Debian's.
set -u
VMCFS_TEST_KERNEL=${VMCFS_TEST_KERNEL:-build-test/vm/debian}
VMCFS_ABI=build-test/abi
export VMCFS_TEST_KERNEL VMCFS_ABI

# build PREFIX...: builds the program with each cross compiler; '' is the native one.
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
	--name "abi-${VMCFS_TEST_KERNEL##*/}" --limit 2200 \
	-- sh tests/abi/run.sh "$@"
