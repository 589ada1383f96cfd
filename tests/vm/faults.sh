#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fault injection in a guest: makes each allocation and copy of the driver fail in turn
# (faults.c), then a share of the allocations of its work items (storm.py), and on
# POWER its DMA mappings (mappings.py). Of slab allocations only those of kmalloc fail,
# not those of other caches, which checkers and file systems use. Prints TAP.
#
#	faults.sh PROGRAM
#
# PROGRAM is faults.c, compiled. The guest must be booted with
# slub_debug=FZPU;FZPUA,kmalloc-*, which marks the caches that may fail.
set -eu
program=$1
channel=$(cat "$VMCFS_TEST_KERNEL/channel")
# Copied to memory, so that no allocation of the 9p file system fails on loading.
modules=$TMPDIR/modules
debug=/sys/kernel/debug

for each in failslab fail_page_alloc fail_usercopy; do
	# Otherwise each failure logs a stack trace, which scan-log.sh reports.
	echo 0 >$debug/$each/verbose
done
cp -r "$VMCFS_TEST_KERNEL/modules" "$modules"
echo Y >$debug/failslab/cache-filter
echo N >$debug/failslab/ignore-gfp-wait
echo N >$debug/fail_page_alloc/ignore-gfp-wait
echo 1 >$debug/fail_page_alloc/min-order

for module in ibmvmc vmc-hv "$channel"; do
	insmod "$modules/$module.ko"
done
programs=2
[ "$channel" = ibmvmc-sim ] || programs=3
{
	"$program" "$modules" "$channel" || :
	python3 -P tests/vm/storm.py || :
	[ "$channel" = ibmvmc-sim ] || python3 -P tests/vm/mappings.py || :
} | awk -v programs="$programs" '
	/^1\.\.[0-9]/ { planned += substr($0, 4); plans++; next }
	sub(/^ok [0-9]+/, "") { printf "ok %d%s\n", ++n, $0; next }
	sub(/^not ok [0-9]+/, "") { printf "not ok %d%s\n", ++n, $0; next }
	{ print }
	END {
		if (plans != programs || planned != n)
			printf "not ok %d - each program runs all of its cases\n", ++n
		print "1.." n
	}'
rmmod "$channel" vmc-hv ibmvmc
