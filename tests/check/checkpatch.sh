#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# checkpatch: expects that the kernel's checkpatch.pl --strict reports nothing for the
# modules. It takes the script from Debian's package of the kernel source, and keeps
# nothing else of it. Prints TAP.
set -u
directory=build-test/checkpatch
script=$directory/checkpatch.pl
series=$(apt-cache pkgnames linux-source-6 | sed -n 's/^linux-source-//p' |
	sort -V | head -n 1)

# fetch: downloads the script and its two lists.
fetch() {
	rm -rf "$directory"
	mkdir -p "$directory"
	(cd "$directory" && apt-get -q -o APT::Sandbox::User=root \
		download "linux-source-$series" >&2) || return
	dpkg-deb --fsys-tarfile "$directory"/*.deb |
		tar -xO "./usr/src/linux-source-$series.tar.xz" |
		tar -xJC "$directory" --strip-components=2 --wildcards \
			'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch'
	rm -f "$directory"/*.deb
	[ -s "$script" ]
}

# check TYPES FILE...: runs checkpatch without messages of these types.
check() {
	types=$1
	shift
	perl "$script" --no-tree --strict --terse --show-types --no-summary \
		${types:+--ignore "$types"} -f "$@"
}

# Compares kernel versions, which files in the tree of Linux never do.
versions=kmod/compat.h
# Macros of tracepoints have a layout of their own.
tracepoints=kmod/ibmvmc/trace.h

# all: prints the files to check with all messages.
all() {
	git ls-files -co --exclude-standard 'kmod/*.[ch]' 'include/*.h' \
		':!include/shims' |
		while IFS= read -r file; do
			case $file in
			"$versions" | "$tracepoints") ;;
			*) [ ! -f "$file" ] || echo "$file" ;;
			esac
		done
}

if [ ! -s "$script" ] && ! fetch; then
	echo 'not ok 1 - checkpatch.pl can be downloaded'
	echo 1..1
	exit 1
fi
# shellcheck disable=SC2046 # words wanted
found=$(check '' $(all)
	check LINUX_VERSION_CODE,CONSTANT_COMPARISON "$versions"
	check OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT "$tracepoints")
if [ -z "$found" ]; then
	echo 'ok 1 - checkpatch --strict reports nothing'
else
	printf '%s\n' "$found" | sed 's/^/# /'
	echo 'not ok 1 - checkpatch --strict reports nothing'
fi
echo 1..1
