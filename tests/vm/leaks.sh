#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Leaks: runs a command on a debug kernel and then makes kmemleak scan for leaked
# memory: leaks.sh COMMAND... The kernel also logs each leak, for the runner of
# guests. A DMA mapping that the command added and left is a leak, too. The kernel
# logs only the first misuse of the DMA API, so that this script prints the count.
# It does not look for leaks of processes.
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
# Nothing is called a leak before it is five seconds old, nor at first sight.
sleep 6
echo scan >$leaks
echo scan >$leaks
sed 's/^/# /' $leaks
if [ "$(cat $mapped/error_count)" -ne 0 ] ||
	! sort $mapped/dump | diff "$TMPDIR/mapped" - >"$TMPDIR/mapped.now"; then
	echo "# DMA-API: $(cat $mapped/error_count) mistakes; mapped before and now:"
	sed 's/^/#   /' "$TMPDIR/mapped.now"
	exit 1
fi
exit $status
