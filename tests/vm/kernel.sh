#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel of the guests: downloads and unpacks Debian's packages of it. It installs
# nothing.
#
#	kernel.sh [SERIES]
#
# Without SERIES the result is build-test/vm/debian, in exactly the version of the
# installed headers, for which our modules are built. With a SERIES, such as 6.12, it
# is build-test/vm/debian-SERIES, from the packages that have the series in their name.
# An existing kernel of the same version is kept. The busybox of the guest is the
# static one, which cannot be installed beside the other.
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
# The images of series other than the default one are not signed.
for image in "linux-image-$release" "linux-image-$release-unsigned"; do
	! apt-cache show "$image=$version" >/dev/null 2>&1 || break
done
download() {
	(cd "$kernel" && apt-get -o APT::Sandbox::User=root download \
		"$image=$version" busybox-static >/dev/null)
}
# The mirror may have removed the versions of old package lists.
download || { apt-get update >/dev/null && download; } ||
	fail "$image $version cannot be downloaded: upgrade $metapackage"
for package in "$kernel"/*.deb; do
	dpkg -x "$package" "$kernel/root"
	rm "$package"
done
depmod -b "$kernel/root" "$release"
cp "$kernel/root/bin/busybox" "$kernel/busybox"

# Unpacked here, because an emulated processor takes seconds for it.
python3 "$(dirname "$0")/unpack-kernel.py" \
	"$kernel/root/boot/vmlinuz-$release" "$kernel/image"
echo "$release" >"$kernel/release"
echo x86 >"$kernel/machine"
echo "$headers" >"$kernel/headers"
echo "$version" >"$kernel/version"
