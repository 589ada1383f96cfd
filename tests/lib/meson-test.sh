#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One test program for `meson test`: runs it under the supervisor and prints its
# TAP. It does not know the tests.
#
#	sh meson-test.sh root|user COMMAND...
#
# "root": the test needs root; for other users the program is skipped. The exit
# status is not 0 if anything failed, or if the supervisor found something left.
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
