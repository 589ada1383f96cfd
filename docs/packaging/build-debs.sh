#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian packages: copies the sources into a directory, adds debian/ with the version of
# meson.build, and starts dpkg-buildpackage there. It installs no build dependency.
#
#	sh docs/packaging/build-debs.sh DIRECTORY [OPTION...]
#
# The packages are in DIRECTORY, the sources in DIRECTORY/vmcfs-VERSION. Options are for
# dpkg-buildpackage; "-us -uc" is always given. SOURCE_DATE_EPOCH is the date of the
# packages; its default is the date of the last commit, or that of CHANGELOG.md.
set -eu
unset CDPATH
if [ $# -lt 1 ]; then
	echo "usage: $0 DIRECTORY [OPTION...]" >&2
	exit 2
fi
mkdir -p "$1"
output=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."

version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
sources=$output/vmcfs-$version
if [ -e "$sources" ]; then
	echo "$0: $sources exists: remove it, or choose another directory" >&2
	exit 1
fi

# list_sources: prints the names of the source files; without git, of all files, except
# those of builds.
list_sources() {
	git ls-files -co --exclude-standard 2>/dev/null ||
		find . -path './build*' -prune -o -type f -print
}

mkdir "$sources"
list_sources | while IFS= read -r file; do
	[ ! -f "$file" ] || echo "$file"
done | tar -c -T - | tar -x -C "$sources"
cp -R docs/packaging/debian "$sources/debian"

date=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null ||
	stat -c %Y CHANGELOG.md)}
maintainer=$(sed -n 's/^Maintainer: //p' docs/packaging/debian/control)
mkdir "$sources/debian/source"
echo '3.0 (native)' >"$sources/debian/source/format"
cat >"$sources/debian/changelog" <<END
vmcfs ($version) unstable; urgency=medium

  * Version $version. CHANGELOG.md of the package vmcfs-doc lists the changes.

 -- $maintainer  $(date --date="@$date" --rfc-email)
END

cd "$sources"
dpkg-buildpackage -us -uc "$@"
