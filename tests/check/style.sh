#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Style: expects that clang-format would not change C sources (Meson's target
# clang-format-check), and that Python follows PEP 8. It does not check other rules of
# the kernel (check/checkpatch) or shell scripts (check/shell). Prints TAP.
set -u
. tests/lib/check.sh

clang_format_check() {
	meson setup "$work/build" -Dtests=disabled &&
		ninja -C "$work/build" clang-format-check
}

# pep8: ignores W503 and E203, which contradict PEP 8: a line may be broken before a
# binary operator, and a slice may have spaces around its colon.
pep8() {
	git ls-files -co --exclude-standard -- '*.py' |
		xargs flake8 --extend-ignore=E203,W503
}

check 'clang-format would change no C source' clang_format_check
check 'Python follows PEP 8' pep8
echo "1..$number"
