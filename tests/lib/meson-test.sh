#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Test of Meson: runs one test program under the supervisor and prints its TAP. It
# does not choose the program.
#
#	sh meson-test.sh root|user COMMAND...
#
# A program of "root" is skipped for other users. The exit status is not 0 if a case
# failed, or if the supervisor found a process, a mount or a report that remained.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/environment.sh
LIMIT=600

if [ "$1" = root ] && [ "$(id -u)" -ne 0 ]; then
	echo '1..0 # SKIP root is needed to mount file systems'
	exit 0
fi
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 tests/lib/supervise.py --log "$work/log" --work "$work/run" \
	--limit "$LIMIT" -- "$@" >"$work/result"
status=$?
sed -E '/^(ok|not ok|1\.\.|#)/!s/^/# /' "$work/log"
sed -n 's/^!/# failed:/p' "$work/result"
exit "$status"
