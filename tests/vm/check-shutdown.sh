#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shutdown: expects that the driver frees its queue when the emulated POWER partition
# is switched off with an open session, so that a kernel started by kexec finds an
# unused device (D-44). It reads the kernel log of the guest, since no process of the
# guest lives until then; it does not start a second kernel. Prints TAP.
set -u
name=power-shutdown
sentence='the driver frees its queue when the machine is switched off'

sh tests/vm/guest.sh --kernel build-test/vm/power --name "$name" --limit 120 \
	-- python3 -P tests/vm/leave-open.py || {
	echo 'not ok 1 - a guest ends with a session open'
	echo 1..1
	exit 1
}
echo 'ok 1 - a guest ends with a session open'
if sed -n '/channel state: ready/,$p' "build-test/vm/runs/$name/kernel.log" |
	grep -q 'channel state: none'; then
	echo "ok 2 - $sentence"
else
	sed 's/^/# /' "build-test/vm/runs/$name/kernel.log"
	echo "not ok 2 - $sentence"
fi
echo 1..2
