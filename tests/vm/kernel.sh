#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes a kernel that guests boot, of Debian's packages, which are downloaded and
# unpacked, never installed:
#
#	kernel.sh [SERIES]
#
# Without SERIES it is build-test/vm/debian: exactly the version whose headers
# are installed, since our modules are built against these. With one (6.12, say)
# it is build-test/vm/debian-SERIES, of the packages that carry the series in
# their name. What is there already, in that version, is kept. The guest's own
# busybox has to be the static one, which cannot be installed beside the other.
set -eu
. tests/lib/headers.sh
series=${1:-}
kernel=build-test/vm/debian${series:+-$series}
metapackage=linux-headers-${series:+$series-}$(dpkg --print-architecture)

fail() {
	echo "# $1" >&2
	exit 1
}

if [ -n "$series" ]; then
	headers=$(headers_unpack "$series")
	version=$(cat "build-test/headers/$series/version")
else
	headers=/usr/src/$(dpkg-query -W -f '${Depends}' "$metapackage" |
		sed 's/ .*//')
	version=$(dpkg-query -W -f '${Version}' "$metapackage") ||
		fail "$metapackage is not installed"
fi
release=${headers##*/linux-headers-}
if [ "$(cat "$kernel/version" 2>/dev/null)" = "$version" ]; then
	exit 0
fi

rm -rf "$kernel"
mkdir -p "$kernel/root"
# A series beside the suite's own comes without a signature.
for image in "linux-image-$release" "linux-image-$release-unsigned"; do
	! apt-cache show "$image=$version" >/dev/null 2>&1 || break
done
download() {
	(cd "$kernel" && apt-get -o APT::Sandbox::User=root download \
		"$image=$version" busybox-static >/dev/null)
}
# The lists may be older than what the mirror has.
download || { apt-get update >/dev/null && download; } ||
	fail "$image $version cannot be had: bring $metapackage up to date"
for package in "$kernel"/*.deb; do
	dpkg -x "$package" "$kernel/root"
	rm "$package"
done
depmod -b "$kernel/root" "$release"
cp "$kernel/root/bin/busybox" "$kernel/busybox"

# An emulated processor takes seconds to unpack a kernel.
python3 "$(dirname "$0")/unpack-kernel.py" \
	"$kernel/root/boot/vmlinuz-$release" "$kernel/image"
echo "$release" >"$kernel/release"
echo x86 >"$kernel/machine"
echo "$headers" >"$kernel/headers"
echo "$version" >"$kernel/version"
