#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Build: configures and compiles one build of the tests below build-test. It runs none
# of the programs that it builds. Prints TAP.
#
#	build.sh plain|sanitized|power
#
# "power" is the daemon alone, for the partition that tests/vm/power.sh has made.
set -u
build=$1
directory=build-test/$build
. tests/lib/sanitize.sh

options='-Dwerror=true -Dwarning_level=3'
case $build in
plain)
	options="$options -Dtests=enabled -Dprobes=enabled -Dapparmor=enabled"
	options="$options -Dseccomp_action=kill"
	;;
sanitized)
	options="$options -Dtests=enabled -Dprobes=enabled"
	options="$options -Dseccomp_action=kill"
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

# A directory with other options, or an incomplete one, is configured from scratch.
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
