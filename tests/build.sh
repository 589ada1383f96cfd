#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Configures and compiles one build of the tests, plain or sanitized, below
# build-test; speaks TAP. It runs nothing that it built.
set -u
build=$1
directory=build-test/$build
. tests/lib/sanitize.sh

options='-Dwerror=true -Dwarning_level=3 -Dtests=enabled'
if [ "$build" = sanitized ]; then
	options="$options -Db_sanitize=address,undefined -Db_lundef=false"
	options="$options -Dc_args=$sanitize_compile"
	options="$options -Dc_link_args=$sanitize_link"
fi

# A directory that was configured otherwise, or only half, is made anew.
if [ "$(cat "$directory/configured" 2>/dev/null)" != "$options" ]; then
	rm -rf "$directory"
	# shellcheck disable=SC2086 # words wanted
	if ! meson setup "$directory" $options; then
		printf 'not ok 1 - the %s build is configured\n1..1\n' "$build"
		exit 1
	fi
	echo "$options" >"$directory/configured"
fi
if meson compile -C "$directory"; then
	printf 'ok 1 - the %s build compiles\n1..1\n' "$build"
else
	printf 'not ok 1 - the %s build compiles\n1..1\n' "$build"
	exit 1
fi
