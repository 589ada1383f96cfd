#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debug kernel run: tests the driver on a kernel with KASAN, lockdep, UBSAN, kmemleak
# and more (checked.config), without and with failing allocations and copies. Each
# report of the kernel is a failure. It is not part of tests/run.sh.
#
#	sh tests/vm/checked.sh [PART...]
#
# A PART is checkers, boot, abi, fs, third-party or faults, or one of these after
# "power-", for the emulated POWER partition. The default is every part except for
# third-party on POWER. The first run for a machine builds its kernel, which takes ten
# minutes. The last lines are a table of the results. docs/checked.md describes the
# parts.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/environment.sh
VMCFS_TEST_DEVICE=/dev/ibmvmc
# The emulation and the checkers multiply all times.
VMCFS_TEST_SLOWNESS=15
VMCFS_TEST_VOLUME=2000
VMCFS_ABI=build-test/abi
export VMCFS_ABI VMCFS_TEST_DEVICE VMCFS_TEST_SLOWNESS VMCFS_TEST_VOLUME

logs=build-test/logs/checked
# File-system tests that exercise the driver; the others test the tree alone.
programs='badinput bounded channel errors interrupt poll quick reset stall
	volume writers'

. tests/lib/kmod.sh
. tests/lib/packages.sh
. tests/lib/table.sh
# shellcheck disable=SC2046 # words wanted
packages_need $(packages_list) flex bison bc rsync xz-utils libelf-dev \
	libssl-dev || exit 1
table_begin "$logs"

# guest NAME [OPTION...] -- COMMAND...: runs the command in a guest, then searches for
# leaks.
guest() {
	name=$1
	shift
	options=''
	while [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # words wanted
	table_run "$name" sh tests/vm/guest.sh --kernel "$kernel" \
		--name "checked-$name" --memory 3072 --limit 3500 $options -- \
		sh tests/vm/leaks.sh "$@"
}

# machine [power]: makes the kernel, and builds the daemon and the modules for it.
# Without the builds, those of an earlier version would be tested.
machine() {
	kernel=build-test/vm/checked${1:+-$1}
	sh tests/vm/checked-kernel.sh "$@" || exit 1
	daemon=${1:-plain}
	VMCFS=$PWD/build-test/$daemon/vmcfs/vmcfs
	export VMCFS
	sh tests/build.sh "$daemon" >"$logs/build.log" 2>&1 || {
		cat "$logs/build.log"
		exit 1
	}
	sh tests/vm/modules.sh "$kernel" || exit 1
}

# mistakes: builds the modules of tests/vm/mistake for the kernel.
mistakes() {
	rm -rf "$kernel/mistake"
	cp -r tests/vm/mistake "$kernel/mistake" || exit
	kmod_make "$kernel" -s -C "$(cat "$kernel/headers")" \
		M="$PWD/$kernel/mistake" modules || exit
}

part() {
	cross=$(cat "$kernel/cross" 2>/dev/null)
	case ${1#power-} in
	checkers)
		mistakes
		table_run "$1" sh tests/vm/check-checkers.sh "$kernel"
		;;
	boot) guest "$1" -- sh tests/vm/boot.sh ;;
	abi)
		make -s -C tests/abi CROSS_COMPILE="$cross" || exit
		[ -n "$cross" ] ||
			make -s -C tests/abi CROSS_COMPILE=i686-linux-gnu- || exit
		# Each of these cases has ten thousand rounds, and would take hours.
		guest "$1" --smp 2 -- sh tests/abi/run.sh -t 600 -x abi.cycles
		;;
	fs)
		# shellcheck disable=SC2046,SC2086 # words wanted
		guest "$1" -- python3 -P tests/vm/fs.py \
			$(printf 'tests/fs/%s.py ' $programs)
		;;
	third-party)
		VMCFS_TEST_SECONDS=${VMCFS_TEST_SECONDS:-20}
		export VMCFS_TEST_SECONDS
		guest "$1" -- python3 -P tests/vm/fs.py tests/vm/third-party.py
		;;
	faults)
		"${cross}gcc" -std=gnu11 -O1 -Wall -Wextra -Werror -static \
			-Iinclude tests/vm/faults.c -o "$kernel/faults" || exit
		guest "$1" --accept no-memory \
			--append 'slub_debug=FZPU;FZPUA,kmalloc-*' -- \
			sh tests/vm/faults.sh "$kernel/faults"
		;;
	*)
		echo "checked.sh: unknown part $1" >&2
		exit 64
		;;
	esac
}

[ $# -gt 0 ] || set -- checkers boot abi fs third-party faults \
	power-checkers power-boot power-abi power-fs power-faults
current=''
for each_part; do
	case $each_part in
	power-*) wanted='machine power' ;;
	*) wanted=machine ;;
	esac
	[ "$wanted" = "$current" ] || $wanted
	current=$wanted
	part "$each_part"
done
table_end "Linux $(cat "$kernel/release")"
