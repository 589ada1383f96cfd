#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Growth: runs tests/bench/growth.py as root, on a daemon that run.sh builds. It makes
# no plot.
#
#	sh tests/bench/growth.sh [--messages=N] [--json=FILE] [SERIES...]
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
VMCFS_BENCH_SCRIPT=tests/bench/growth.py
export VMCFS_BENCH_SCRIPT
exec sh tests/bench/run.sh "$@"
