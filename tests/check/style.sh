#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Style: expects that clang-format would not change C sources (Meson's target
# clang-format-check), and that Python follows PEP 8. It does not check other rules of
# the kernel (check/checkpatch) or shell scripts (check/shell). Prints TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# check SENTENCE COMMAND...: one test; the command must succeed.
check() {
	number=$((number + 1))
	sentence=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok $number - $sentence"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - $sentence"
	fi
}

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
