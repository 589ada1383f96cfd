#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# POWER run: runs the parts of power-test.sh on POWER8, POWER9 and POWER10, each with
# one processor and with two. It is not part of tests/run.sh.
#
#	sh tests/vm/power-all.sh [PART...]
#
# The default is every part except for "fs", which "fs-node" contains, and then the
# comparison of the driver of Linux with ours, which writes docs/comparison.md.
# VMCFS_TEST_CPU and VMCFS_TEST_SMP select one machine. The run takes about two hours.
# The last lines are a table of the results.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/environment.sh

processors=${VMCFS_TEST_CPU:-POWER8 POWER9 POWER10}
counts=${VMCFS_TEST_SMP:-1 2}

. tests/lib/packages.sh
. tests/lib/table.sh
packages_need || exit 1
table_begin build-test/logs/power
table_run kernel sh tests/vm/check-kernel.sh power
compare=''
if [ $# -eq 0 ]; then
	set -- boot shown abi pseries sleep shutdown device in-tree \
		real-in-tree fs-node fs-sim
	compare=yes
fi
for VMCFS_TEST_CPU in $processors; do
	for VMCFS_TEST_SMP in $counts; do
		export VMCFS_TEST_CPU VMCFS_TEST_SMP
		for part; do
			table_run "$VMCFS_TEST_CPU-$VMCFS_TEST_SMP-$part" \
				sh tests/vm/power-test.sh "$part"
		done
	done
done
[ -z "$compare" ] || table_run compare python3 -P tests/vm/compare.py
table_end "Linux $(cat build-test/vm/power/release)"
