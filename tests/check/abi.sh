#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ABI: expects that the header compiles by itself, that its layout is the same on every
# architecture, and that the conformance program builds for each of its architectures
# and fails without a device. It runs no case on a device. Prints TAP.
set -u
. tests/lib/check.sh
header=include/uapi/ibmvmc.h
layout=tests/abi/layout.c
i686="i686-linux-gnu-gcc"
ppc="powerpc64le-linux-gnu-gcc"

# fails SENTENCE COMMAND...: one test; the command must fail.
fails() {
	sentence=$1
	shift
	check "$sentence" sh -c '! "$@"' sh "$@"
}

# compile COMPILER OPTION... FILE: compiles the file; a warning is an error.
compile() {
	"$@" -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only
}

check 'the header compiles as C99' compile gcc -std=c99 -xc $header
check 'the header compiles as C++17' compile g++ -std=c++17 -xc++ $header
for standard in gnu11 gnu17; do
	check "the layout is right on x86-64, $standard" \
		compile gcc -std=$standard $layout
done
check 'the layout is right on i686' compile $i686 -std=gnu17 $layout
check 'the layout is right on ppc64le' compile $ppc -std=gnu17 $layout
check 'the layout is right on ppc64' \
	compile $ppc -mbig-endian -std=gnu17 $layout
check 'the layout is right on ppc' \
	compile $ppc -m32 -mbig-endian -std=gnu17 $layout
sed 's/lost_messages, 112/lost_messages, 104/' $layout >"$work/layout.c"
fails 'a different layout is detected' \
	compile gcc -std=gnu17 "$work/layout.c"

for cross in '' i686-linux-gnu- powerpc64le-linux-gnu-; do
	check "the conformance program builds for ${cross:-the host}" \
		make -s -C tests/abi O="$work/${cross:-host}" CROSS_COMPILE=$cross
done
program=$work/host/ibmvmc-abi

# no_device: runs all cases on /dev/null; each one must fail.
no_device() {
	"$program" -d /dev/null -k "$work" >"$work/tap"
	status=$?
	cases=$("$program" -l | grep -c '^\(compat\|abi\)\.')
	echo "status $status, $cases cases"
	tail "$work/tap"
	[ $status -eq 1 ] && [ "$cases" -gt 100 ] &&
		[ "$(head -n 1 "$work/tap")" = "1..$cases" ] &&
		[ "$(grep -c '^not ok' "$work/tap")" -eq "$cases" ] &&
		! grep -q '^ok' "$work/tap"
}

# hangs: runs a case that reads from a pipe without a writer, and another one.
hangs() {
	mkfifo "$work/pipe"
	"$program" -d "$work/pipe" -k "$work" -t 1 compat.read.no-session \
		abi.seek >"$work/tap"
	cat "$work/tap"
	[ "$(grep -c '^not ok 1 .*not done after 1 seconds' "$work/tap")" -eq 1 ] &&
		grep -q '^not ok 2 ' "$work/tap"
}

check 'no case passes on a file that is not the device' no_device
check 'a case that hangs is killed, and the next one runs' hangs
fails 'an unknown case is an error' "$program" -k "$work" no.such.case
echo "1..$number"
