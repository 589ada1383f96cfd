#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel objects build against the distribution's headers with W=1 and
# without a warning. They are built from a copy of kmod and include, and not
# loaded. Speaks TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

git ls-files -co --exclude-standard kmod include |
	while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done |
	tar -cT - | tar -xC "$work"
if ! make -C "$work/kmod" W=1 >"$work/output" 2>&1; then
	verdict='not ok'
elif grep -i 'warning' "$work/output" |
	grep -v '^warning: the compiler differs'; then
	verdict='not ok'
elif [ -z "$(find "$work/kmod" -name '*.ko')" ]; then
	echo '# no kernel object was made'
	verdict='not ok'
else
	verdict='ok'
fi
cat "$work/output"
echo "$verdict 1 - the kernel objects build without a warning"
echo 1..1
