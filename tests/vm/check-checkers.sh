#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test of the debug kernel: expects that a deliberate mistake, in the kernel itself
# or in a module of tests/vm/mistake, fails the guest. Each case boots a guest. It
# does not test the driver. Prints TAP.
#
#	check-checkers.sh KERNEL
set -u
kernel=$1
number=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# mistake SENTENCE TEXT COMMAND...: a guest that runs the command fails, and its
# kernel log contains TEXT.
mistake() {
	number=$((number + 1))
	name=$1
	text=$2
	shift 2
	if sh tests/vm/guest.sh --kernel "$kernel" --name checkers --limit 300 \
		-- "$@" >"$log" 2>&1 || ! grep -q "#   .*$text" "$log"; then
		sed 's/^/# /' "$log"
		echo "not ok $number - $name"
	else
		echo "ok $number - $name"
	fi
}

mistake 'a use-after-free is reported' 'KASAN: use-after-free' \
	sh -c 'echo READ_AFTER_FREE >/sys/kernel/debug/provoke-crash/DIRECT'
mistake 'an access past the end is reported' 'KASAN: slab-out-of-bounds' \
	sh -c 'echo SLAB_LINEAR_OVERFLOW >/sys/kernel/debug/provoke-crash/DIRECT'
mistake 'an index out of bounds is reported' 'UBSAN: array-index-out-of-bounds' \
	sh -c 'echo ARRAY_BOUNDS >/sys/kernel/debug/provoke-crash/DIRECT'
mistake 'a leak is reported' 'kmemleak: .* new suspected memory leaks' \
	sh tests/vm/leaks.sh insmod \
	"$(find "$kernel"/root/lib/modules -name kmemleak-test.ko)"
mistake 'a misuse of the DMA API is reported' \
	'DMA-API: .* with different size' \
	insmod "$kernel/mistake/dma-mistake.ko"
mistake 'memory that remains mapped is reported' 'DMA-API: 0 mistakes; mapped' \
	sh tests/vm/leaks.sh insmod "$kernel/mistake/dma-mistake.ko" stays=1
echo "1..$number"
