#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Soak: uses one mount for hours, in rounds of traffic, resets, kills, rotations and
# opens by a second user, and checks the history after each round. It is not part of
# tests/run.sh.
#
#	sh tests/soak.sh HOURS [DIRECTORY]
#
# DIRECTORY, by default build-test/soak, gets samples.csv and soak.svg: resident
# memory, descriptors, buffers and latency over time. VMCFS is the daemon, by default
# that of the plain build. The exit status is 0 if each round passed its checks.
set -u
unset CDPATH
cd "$(dirname "$0")/.." || exit 1

case ${1:-} in
'' | *[!0-9.]*)
	echo "usage: sh tests/soak.sh HOURS [DIRECTORY]" >&2
	exit 64
	;;
esac
directory=${2:-build-test/soak}
VMCFS=${VMCFS:-$PWD/build-test/plain/vmcfs/vmcfs}
PYTHONPATH=$PWD/tests/lib
export VMCFS PYTHONPATH
if ! [ -x "$VMCFS" ]; then
	sh tests/run.sh plain/build || exit 1
fi
mkdir -p "$directory" || exit 1
python3 -P tests/fuzz/soak/soak.py "$1" "$directory"
status=$?
python3 -P tests/fuzz/soak/plot.py "$directory/samples.csv" \
	"$directory/soak.svg" || exit 1
exit $status
