#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Leaks: runs a command on a debug kernel, unloads the modules, and searches for leaked
# memory and DMA mappings. It does not search for leaked memory of processes.
#
#	leaks.sh COMMAND...
#
# The kernel logs each leak that kmemleak finds, so that the guest fails. It logs only
# the first misuse of the DMA API; this script prints their number.
set -u
leaks=/sys/kernel/debug/kmemleak
mapped=/sys/kernel/debug/dma-api

sort $mapped/dump >"$TMPDIR/mapped"

echo clear >$leaks
"$@"
status=$?
for module in "$(tr - _ <"$VMCFS_TEST_KERNEL/channel")" vmc_hv ibmvmc; do
	[ ! -d "/sys/module/$module" ] || rmmod "$module"
done
# kmemleak reports objects older than five seconds that two scans have found.
sleep 6
echo scan >$leaks
echo scan >$leaks
sed 's/^/# /' $leaks
if [ "$(cat $mapped/error_count)" -ne 0 ] ||
	! sort $mapped/dump | diff "$TMPDIR/mapped" - >"$TMPDIR/mapped.now"; then
	echo "# DMA-API: $(cat $mapped/error_count) mistakes; mapped before and after:"
	sed 's/^/#   /' "$TMPDIR/mapped.now"
	exit 1
fi
exit $status
