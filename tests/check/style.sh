#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Style of the sources: C agrees with .clang-format, which Meson's target
# clang-format-check tests; Python follows PEP 8. The style of kernel code beyond
# that is in check/checkpatch, that of shell scripts in check/shell. Prints TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# check SENTENCE COMMAND...: passes if the command succeeds.
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

# W503 and E203 contradict PEP 8: a line is broken before a binary operator, and
# a slice of expressions may have spaces around its colon.
pep8() {
	git ls-files -co --exclude-standard -- '*.py' |
		xargs flake8 --extend-ignore=E203,W503
}

check 'C sources are as clang-format prints them' clang_format_check
check 'Python follows PEP 8' pep8
echo "1..$number"
