#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes build-test/vm/checked, a kernel with checkers (checked.config), built of
# Debian's source of the version whose headers are installed. That takes ten
# minutes and 5 GB; what is there already, of that version and configuration, is
# kept. It installs nothing and boots nothing.
set -eu
here=$(dirname "$0")
kernel="build-test/vm/checked"
sh "$here/kernel.sh"
version=$(cat build-test/vm/debian/version)
series=$(echo "$version" | cut -d . -f 1-2)
mkdir -p "$kernel"
cp "$here/checked.config" "$kernel/wanted.config"
wanted=$(sha256sum "$kernel/wanted.config" | cut -c 1-16)
if [ "$(cat "$kernel/version" 2>/dev/null)" = "$version $wanted" ]; then
	exit 0
fi

rm -rf "$kernel/version" "$kernel/copy" # modules for another are of no use
if [ "$(cat "$kernel/source.version" 2>/dev/null)" != "$version" ]; then
	rm -rf "$kernel/source" "$kernel/build" "$kernel/root"
	mkdir -p "$kernel/source" "$kernel/package"
	(cd "$kernel/package" && apt-get -o APT::Sandbox::User=root download \
		"linux-source-$series=$version" >/dev/null)
	dpkg -x "$kernel"/package/*.deb "$kernel/package"
	tar -xJf "$kernel/package/usr/src/linux-source-$series.tar.xz" \
		--strip-components=1 -C "$kernel/source"
	rm -rf "$kernel/package"
	echo "$version" >"$kernel/source.version"
fi

mkdir -p "$kernel/build"
build=$(cd "$kernel/build" && pwd)
config=$(cd "$kernel" && pwd)/wanted.config
make -s -C "$kernel/source" O="$build" KCONFIG_ALLCONFIG="$config" allnoconfig
# An option that does not exist, or lacks what it depends on, is left out
# silently: then this would be another kernel than was asked for.
if grep '^CONFIG_.*=' "$config" | grep -v '=n$' |
	grep -vxFf "$build/.config"; then
	echo 'these options of checked.config are not in effect' >&2
	exit 1
fi
make -s -C "$kernel/source" O="$build" -j "$(nproc)" bzImage modules
make -s -C "$kernel/source" O="$build" INSTALL_MOD_PATH="$build/../root" \
	modules_install

# The unpacked one does not boot: its first instructions are checked, too.
ln -sf build/arch/x86/boot/bzImage "$kernel/image"
cp build-test/vm/debian/busybox "$kernel/busybox"
cp "$build/include/config/kernel.release" "$kernel/release"
echo x86 >"$kernel/machine"
echo "$build" >"$kernel/headers"
echo "$version $wanted" >"$kernel/version"
