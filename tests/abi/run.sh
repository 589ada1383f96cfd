#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Conformance program in a guest: runs it as a 64-bit program and, on x86-64, as a
# 32-bit program. It does not build the program. Prints TAP.
#
#	run.sh [OPTION...] [NAME...]
#
# The arguments are passed to the program (see its -h). The default is every case.
# VMCFS_ABI contains the directories that the Makefile here made. The modules are those
# of VMCFS_TEST_KERNEL, a directory for tests/vm/guest.sh.
set -u
programs=${VMCFS_ABI:-build-test/abi}
kernel=${VMCFS_TEST_KERNEL:-build-test/vm/debian}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
echo 0 >"$work/number"
failed=0

# renumber BITS: continues the numbers of the previous TAP stream, for that on stdin.
renumber() {
	awk -v bits="$1" -v number="$(cat "$work/number")" -v file="$work/number" '
		/^1\.\.[0-9]+$/ {
			planned = substr($0, 4)
			next
		}
		/^(not )?ok [0-9]+ - / {
			number++
			ran++
			sub(/ok [0-9]+ - /, "ok " number " - " bits " bits, ")
		}
		{
			print
			fflush()
		}
		END {
			if (planned != ran || !ran) {
				number++
				print "not ok " number " - " bits " bits: " \
					planned + 0 " planned, " ran + 0 " run"
			}
			print number >file
		}'
}

# run BITS DIRECTORY ARGUMENT...: runs the program of one word size.
run() {
	bits=$1
	program=$programs/$2/ibmvmc-abi
	shift 2
	{
		"$program" -m "$kernel/modules" -c "$(cat "$kernel/channel")" \
			"$@" 2>&1
		echo $? >"$work/status"
	} | renumber "$bits"
	[ "$(cat "$work/status")" -eq 0 ] || failed=1
}

case $(uname -m) in
ppc64le)
	run 64 powerpc64le "$@"
	;;
*)
	run 64 host "$@"
	run 32 i686 "$@"
	;;
esac
echo "1..$(cat "$work/number")"
exit $failed
