#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel that guests boot is there, and our modules build for it:
#
#	check-kernel.sh [power]
#
# With "power" it is that of the POWER partition, for which the daemon builds,
# too. It boots nothing. Speaks TAP.
set -u
verdict=ok
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# check NUMBER SENTENCE COMMAND...: once one fails, so do those behind it.
check() {
	number=$1
	sentence=$2
	shift 2
	if ! "$@" >"$log" 2>&1; then
		sed 's/^/# /' "$log"
		verdict='not ok'
	fi
	echo "$verdict $number - $sentence"
}

if [ "${1:-}" = power ]; then
	check 1 'the kernel is there' sh tests/vm/power.sh
	check 2 'the modules build for it' \
		sh tests/vm/modules.sh build-test/vm/power
	check 3 'the daemon builds for it' sh tests/build.sh power
	echo 1..3
else
	check 1 'the kernel is there' sh tests/vm/kernel.sh
	check 2 'the modules build for it' sh tests/vm/modules.sh
	echo 1..2
fi
