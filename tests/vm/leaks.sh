#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a command in a guest with checkers, and then lets the kernel look for
# memory that nobody points to: leaks.sh COMMAND... What it finds it tells in its
# log as well, where the runner of guests sees it. Memory that is mapped for a
# device and was not before is a leak, too; of mistakes with such memory the log
# has the first alone, and the count is looked at here.
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
