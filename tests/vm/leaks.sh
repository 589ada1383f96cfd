#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a command in a guest with checkers, and then lets the kernel look for
# memory that nobody points to: leaks.sh COMMAND... What it finds it tells in its
# log as well, where the runner of guests sees it.
set -u
leaks=/sys/kernel/debug/kmemleak

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
exit $status
