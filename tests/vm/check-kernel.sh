#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel of the guests: checks that it exists and that our modules build for it:
#
#	check-kernel.sh [power]
#
# With "power" it is that of the POWER partition, for which the daemon builds,
# too. It boots nothing. Speaks TAP.
set -u
verdict=ok
. tests/lib/kmod.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# sparse: the modules for POWER build without a warning, and sparse is silent.
sparse() {
	kmod_copy "$work/source"
	kmod_clean "$work/output" kmod_make build-test/vm/power \
		-C "$work/source/kmod" \
		KDIR="$(cat build-test/vm/power/headers)" check ||
		{ cat "$work/output"; false; }
}

# check NUMBER SENTENCE COMMAND...: once one fails, so do those behind it.
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
	check 1 'the kernel is there' sh tests/vm/power.sh
	check 2 'the modules build for it' \
		sh tests/vm/modules.sh build-test/vm/power
	check 3 'the daemon builds for it' sh tests/build.sh power
	check 4 'they do so without a warning, and sparse finds nothing' sparse
	echo 1..4
else
	check 1 'the kernel is there' sh tests/vm/kernel.sh
	check 2 'the modules build for it' sh tests/vm/modules.sh
	echo 1..2
fi
