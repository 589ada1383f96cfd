#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes build-test/vm/debian, the kernel that guests boot: Debian's own, of
# exactly the version whose headers are installed, since our modules are built
# against these. Its package is downloaded and unpacked, never installed. What
# is there already, in that version, is kept. The guest's own busybox has to be
the static one, which cannot be installed beside the other.
set -eu
kernel=build-test/vm/debian
metapackage=linux-headers-$(dpkg --print-architecture)

fail() {
	echo "# $1" >&2
	exit 1
}

headers=$(dpkg-query -W -f '${Depends}' "$metapackage" | sed 's/ .*//')
release=${headers#linux-headers-}
version=$(dpkg-query -W -f '${Version}' "$headers") ||
	fail "$metapackage is not installed"
if [ "$(cat "$kernel/version" 2>/dev/null)" = "$version" ]; then
	exit 0
fi

rm -rf "$kernel"
mkdir -p "$kernel/root"
download() {
	(cd "$kernel" && apt-get -o APT::Sandbox::User=root download \
		"linux-image-$release=$version" busybox-static >/dev/null)
}
# The lists may be older than what the mirror has.
download || { apt-get update >/dev/null && download; } ||
	fail "Linux $version cannot be had: bring $metapackage up to date"
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
echo "/usr/src/$headers" >"$kernel/headers"
echo "$version" >"$kernel/version"
