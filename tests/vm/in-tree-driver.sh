#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# In-tree driver: makes KERNEL-in-tree, a partition with the driver of Linux in place
# of ours. The driver is compiled unchanged, and its source is not shown: only the
# exit status of the compiler is printed.
#
#	in-tree-driver.sh [KERNEL]
#
# KERNEL is a directory for tests/vm/guest.sh with our modules (modules.sh), by default
# build-test/vm/power. The driver is "ibmvmc" of Debian's source of Linux, which
# Debian's own kernel omits; the other modules are ours.
#
# The source has the version of the packages of build-test/vm/power or, if that one is
# no longer offered, the offered one; KERNEL-in-tree/driver contains the version. A
# driver that was compiled for the same kernel is kept.
set -eu
base=build-test/vm/power
kernel=${1:-$base}
in_tree=$kernel-in-tree
. tests/lib/kmod.sh
headers=$(cat "$kernel/headers")
version=$(sed -n 's/^#define LINUX_PACKAGE_ID.* \([0-9][^ "]*\)".*/\1/p' \
	"$(cat "$base/headers")/include/generated/package.h")
package=linux-source-$(echo "$version" | cut -d . -f 1-2)
wanted="$version $(cat "$kernel/version")"

# unpack PACKAGE: downloads the package of the source and extracts the driver.
unpack() {
	rm -rf "$in_tree"
	mkdir -p "$in_tree/package" "$in_tree/source"
	(cd "$in_tree/package" &&
		apt-get -q -o APT::Sandbox::User=root download "$1") || return
	dpkg-deb -f "$in_tree"/package/*.deb Version >"$in_tree/driver"
	dpkg-deb --fsys-tarfile "$in_tree"/package/*.deb |
		tar -xO --wildcards "./usr/src/$package.tar.xz" |
		tar -xJC "$in_tree/source" --strip-components=3 \
			"$package/drivers/misc/ibmvmc.c" \
			"$package/drivers/misc/ibmvmc.h"
	rm -rf "$in_tree/package"
	echo 'obj-m := ibmvmc.o' >"$in_tree/source/Kbuild"
}

if [ "$(cat "$in_tree/version" 2>/dev/null)" != "$wanted" ]; then
	unpack "$package=$version" >"$kernel/source.log" 2>&1 ||
		unpack "$package" >"$kernel/source.log" 2>&1 || {
		cat "$kernel/source.log"
		exit 1
	}
	kmod_make "$kernel" -C "$headers" \
		M="$(cd "$in_tree/source" && pwd)" modules \
		>"$in_tree/compiler.log" 2>&1 || {
		echo "# the in-tree driver does not compile (status $?)" >&2
		exit 1
	}
	for file in image release machine arch cross headers busybox root files; do
		ln -s "../${kernel##*/}/$file" "$in_tree/$file"
	done
	echo "$wanted" >"$in_tree/version"
fi

rm -rf "$in_tree/modules"
mkdir "$in_tree/modules"
cp "$kernel/modules/vmc-hv.ko" "$kernel/modules/vmc-phyp.ko" \
	"$in_tree/source/ibmvmc.ko" "$in_tree/modules/"
"$(cat "$kernel/cross")strip" --strip-debug "$in_tree/modules/ibmvmc.ko"
cp "$kernel/channel" "$in_tree/channel"
