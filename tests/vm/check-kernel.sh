#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel of the guests: makes it if it is missing, and builds our modules for it; for
# the POWER partition also the daemon. It boots nothing. Prints TAP.
#
#	check-kernel.sh [power]
set -u
verdict=ok
. tests/lib/kmod.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# sparse: the modules for POWER build without a warning of the compiler or of sparse.
sparse() {
	kmod_copy "$work/source"
	kmod_clean "$work/output" kmod_make build-test/vm/power \
		-C "$work/source/kmod" \
		KDIR="$(cat build-test/vm/power/headers)" check ||
		{ cat "$work/output"; false; }
}

# check NUMBER SENTENCE COMMAND...: one test; all tests after a failed one fail.
check() {
	number=$1
	sentence=$2
	shift 2
	if ! "$@" >"$work/log" 2>&1; then
		sed 's/^/# /' "$work/log"
		verdict='not ok'
	fi
	echo "$verdict $number - $sentence"
}

if [ "${1:-}" = power ]; then
	check 1 'the POWER partition exists' sh tests/vm/power.sh
	check 2 'the modules build for POWER' \
		sh tests/vm/modules.sh build-test/vm/power
	check 3 'the daemon builds for POWER' sh tests/build.sh power
	check 4 'the compiler and sparse report nothing for POWER' sparse
	echo 1..4
else
	check 1 'the kernel of the guests exists' sh tests/vm/kernel.sh
	check 2 'the modules build for that kernel' sh tests/vm/modules.sh
	echo 1..2
fi
