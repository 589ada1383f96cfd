#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Manual: expects that each page of docs/man is built and installed, that scdoc, man and
# mandoc report nothing, and that the links of the installed documents lead to installed
# files. It does not run the examples (tests/fs/manual.py). Prints
# TAP.
set -u
. tests/lib/check.sh

# convert PAGE: makes the page from its source.
convert() {
	scdoc <"docs/man/$1.scd" >"$work/$1"
}

# Warnings of groff; man succeeds with them. A page on a terminal has no end.
man_is_silent() {
	MANWIDTH=80 man --warnings --encoding=UTF-8 --local-file "$work/$1" \
		2>&1 >/dev/null | grep -v 'will not fit on one page' >"$work/said"
	cat "$work/said"
	! [ -s "$work/said" ]
}

# scdoc writes paragraph macros that have no effect.
mandoc_is_silent() {
	mandoc -T lint -W warning "$work/$1" |
		grep -v 'skipping paragraph macro' >"$work/said"
	cat "$work/said"
	! [ -s "$work/said" ]
}

# narrow PAGE: expects that literal text fits a terminal of 80 columns.
narrow() {
	! MANWIDTH=80 man --encoding=UTF-8 --local-file "$work/$1" 2>/dev/null |
		col -bx | grep -E '^.{81}'
}

installed() {
	meson setup "$work/build" -Dtests=disabled -Dman=enabled &&
		meson compile -C "$work/build" "$@" &&
		for page; do
			meson introspect --installed "$work/build" |
				grep -qF "/man${page##*.}/$page\"" || return 1
		done
}

# links: prints each link of an installed document that leads nowhere.
links() {
	meson install -C "$work/build" --no-rebuild --quiet --tags doc \
		--destdir "$work/root" || return
	find "$work/root" -name '*.md' | while IFS= read -r page; do
		grep -o ']([^)]*)' "$page" | sed -e 's/^](//' -e 's/[#)].*//' |
			grep -v -e '^$' -e '://' | while IFS= read -r link; do
			[ -e "${page%/*}/$link" ] || echo "$page: $link"
		done
	done >"$work/broken"
	cat "$work/broken"
	! [ -s "$work/broken" ]
}

set --
for source in docs/man/*.scd; do
	page=${source##*/}
	set -- "$@" "${page%.scd}"
done
for page; do
	check "scdoc converts $page" convert "$page"
	check "man reports nothing for $page" man_is_silent "$page"
	check "mandoc reports nothing for $page" mandoc_is_silent "$page"
	check "$page fits 80 columns" narrow "$page"
done
check 'the build makes and installs each page' installed "$@"
check 'each link of the installed documents leads to an installed file' links
echo "1..$number"
