#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debug kernel: compiles Debian's source of Linux, in the version whose headers are
# installed, with the checkers of checked.config. It installs and boots nothing.
#
#	checked-kernel.sh [power]
#
# The result is build-test/vm/checked, for x86-64, or checked-power, for the emulated
# POWER partition (power.sh), whose files it uses. Each takes ten minutes and 5 GB; an
# existing kernel of the same version and configuration is kept.
set -eu
here=$(dirname "$0")
machine=${1:-x86}
sh "$here/kernel.sh"
version=$(cat build-test/vm/debian/version)
series=$(echo "$version" | cut -d . -f 1-2)
source="build-test/vm/checked-source"
case $machine in
x86)
	kernel="build-test/vm/checked"
	others="build-test/vm/debian"
	# vmlinux itself does not boot: KASAN also checks its first instructions.
	image=arch/x86/boot/bzImage
	target=bzImage
	set --
	;;
power)
	kernel="build-test/vm/checked-power"
	others="build-test/vm/power"
	image=vmlinux
	target=vmlinux
	sh "$here/power.sh"
	set -- ARCH="$(cat $others/arch)" CROSS_COMPILE="$(cat $others/cross)"
	;;
*)
	echo "checked-kernel.sh: unknown machine $machine" >&2
	exit 64
	;;
esac
mkdir -p "$kernel"
cat "$here/checked.config" "$here/checked-$machine.config" \
	>"$kernel/wanted.config"
wanted=$(grep -v '^#' "$kernel/wanted.config" | sha256sum | cut -c 1-16)
if [ "$(cat "$kernel/version" 2>/dev/null)" = "$version $wanted" ]; then
	exit 0
fi

rm -rf "$kernel/version" "$kernel/copy" # modules of the previous kernel
if [ "$(cat "$source.version" 2>/dev/null)" != "$version" ]; then
	rm -rf "$source" "$source.package"
	mkdir -p "$source" "$source.package"
	(cd "$source.package" && apt-get -o APT::Sandbox::User=root download \
		"linux-source-$series=$version" >/dev/null)
	dpkg -x "$source.package"/*.deb "$source.package"
	tar -xJf "$source.package/usr/src/linux-source-$series.tar.xz" \
		--strip-components=1 -C "$source"
	rm -rf "$source.package"
	echo "$version" >"$source.version"
fi
if [ "$(cat "$kernel/build.version" 2>/dev/null)" != "$version" ]; then
	rm -rf "$kernel/build" "$kernel/root"
	mkdir -p "$kernel/build"
	echo "$version" >"$kernel/build.version"
fi

build=$(cd "$kernel/build" && pwd)
config=$(cd "$kernel" && pwd)/wanted.config
make -s -C "$source" "$@" O="$build" KCONFIG_ALLCONFIG="$config" allnoconfig
# Kconfig silently leaves out an option that does not exist, or whose dependencies
# are not met.
if grep '^CONFIG_.*=' "$config" | grep -v '=n$' |
	grep -vxFf "$build/.config"; then
	echo 'checked-kernel.sh: Kconfig left out these options' >&2
	exit 1
fi
nice make -s -C "$source" "$@" O="$build" -j "$(nproc)" "$target" modules
make -s -C "$source" "$@" O="$build" INSTALL_MOD_PATH="$build/../root" \
	modules_install

ln -sf "build/$image" "$kernel/image"
for each in busybox machine arch cross files; do
	rm -f "$kernel/$each"
	if [ -e "$others/$each" ]; then
		ln -s "../${others##*/}/$each" "$kernel/$each"
	fi
done
cp "$build/include/config/kernel.release" "$kernel/release"
echo "$build" >"$kernel/headers"
echo "$version $wanted" >"$kernel/version"
