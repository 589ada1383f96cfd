#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Benchmarks: runs them as root, and prints one table of times and their baselines. It
# asserts no time.
#
#	sh tests/bench/run.sh [OPTION...] [CASE...]	(--help lists them)
#
# VMCFS is the daemon, by default one that this script builds in build-test/bench.
# VMCFS_BENCH_SCRIPT is the script that measures.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/environment.sh
. tests/lib/packages.sh

build() {
	[ -f build-test/bench/build.ninja ] || meson setup build-test/bench || return
	meson compile -C build-test/bench vmcfs bench-empty bench-client
}

[ "$(id -u)" -eq 0 ] || {
	echo "root is needed to mount file systems"
	exit 1
}
# shellcheck disable=SC2046 # words wanted
packages_need $(packages_bench) || exit 1
if [ -z "${VMCFS:-}" ]; then
	log=$(mktemp) || exit 1
	trap 'rm -f "$log"' EXIT
	build >"$log" 2>&1 || {
		cat "$log"
		exit 1
	}
	VMCFS=$PWD/build-test/bench/vmcfs/vmcfs
	VMCFS_BENCH=$PWD/build-test/bench/tests/bench
	export VMCFS VMCFS_BENCH
fi
python3 "${VMCFS_BENCH_SCRIPT:-tests/bench/bench.py}" "$@"
