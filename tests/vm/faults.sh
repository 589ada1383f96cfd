#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest with checkers: the driver with each of its allocations and
# copies failing in turn, with a share of those of its work items failing
# (storm.py), and, where memory has to be mapped for the device, with that failing
# (mappings.py). Only what callers ask for by size may fail, not the kernel's own
# objects, those of its checkers and file systems among them: that has to be said
# when it is booted, by slub_debug=A,kmalloc-*. $1 is the program of faults.c.
# Makes one TAP stream with one plan.
set -eu
program=$1
channel=$(cat "$VMCFS_TEST_KERNEL/channel")
# In memory: what else the kernel does to read them shall not fail.
modules=$TMPDIR/modules
debug=/sys/kernel/debug

for each in failslab fail_page_alloc fail_usercopy; do
	# Otherwise each failure logs a stack trace, as a warning does.
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
			printf "not ok %d - all programs came to their end\n", ++n
		print "1.." n
	}'
rmmod "$channel" vmc-hv ibmvmc
