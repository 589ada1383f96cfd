#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The emulated POWER partition is switched off with a session open: the driver
# gives its queue back, so that a kernel started by kexec would find a device that
# is not in use (D-44). What is looked at is the guest's kernel log, since nothing
# inside lives that long. Speaks TAP.
set -u
name=power-shutdown

sh tests/vm/guest.sh --kernel build-test/vm/power --name "$name" --limit 120 \
	-- python3 -P tests/vm/leave-open.py || {
	echo 'not ok 1 - a guest ends with a session open'
	echo 1..1
	exit 1
}
echo 'ok 1 - a guest ends with a session open'
if sed -n '/channel state: ready/,$p' "build-test/vm/runs/$name/kernel.log" |
	grep -q 'channel state: none'; then
	echo 'ok 2 - the driver gives its queue back when the machine is switched off'
else
	sed 's/^/# /' "build-test/vm/runs/$name/kernel.log"
	echo 'not ok 2 - the driver gives its queue back when the machine is switched off'
fi
echo 1..2
