#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Configures and compiles one build of the tests, plain or sanitized, below
# build-test, or the daemon alone for the POWER partition of tests/vm/power.sh,
# which has to be there; speaks TAP. It runs nothing that it built.
set -u
build=$1
directory=build-test/$build
. tests/lib/sanitize.sh

options='-Dwerror=true -Dwarning_level=3'
case $build in
plain)
	options="$options -Dtests=enabled -Dseccomp_action=kill"
	;;
sanitized)
	options="$options -Dtests=enabled -Dseccomp_action=kill"
	options="$options -Db_sanitize=address,undefined -Db_lundef=false"
	options="$options -Doptimization=1"
	options="$options -Dc_args=$sanitize_compile"
	options="$options -Dc_link_args=$sanitize_link"
	;;
power)
	options="$options -Dtests=disabled -Dprefer_static=true"
	options="$options -Dc_link_args=-static"
	options="$options --cross-file=build-test/vm/power/meson.ini"
	;;
esac

# A directory that was configured otherwise, or only half, is made again.
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
