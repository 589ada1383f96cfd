#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# POWER partition: makes build-test/vm/power, a directory for tests/vm/guest.sh, from
# Debian's packages for ppc64el: the kernel and its headers, the files of a small
# system, and the libraries of the daemon. It installs nothing, and does not change
# the package configuration of this machine.
#
# All packages are of the release of this machine. meson.ini is the cross file for
# Meson. An existing partition of the same release is kept.
set -eu
here=$(dirname "$0")
kernel=build-test/vm/power
. tests/lib/apt-area.sh

fail() {
	echo "# $1" >&2
	exit 1
}

sources=$(apt_area_sources)
if [ -z "$sources" ]; then
	apt-get -q update >/dev/null
	sources=$(apt_area_sources)
fi
[ -n "$sources" ] || fail 'apt has no main suite of this release of Debian'
version=$(grep -hv '^#' "$0" "$here/power-files.sh" tests/lib/apt-area.sh |
	sha256sum | cut -c 1-16)
version="$version $sources"
if [ "$(cat "$kernel/version" 2>/dev/null)" = "$version" ]; then
	exit 0
fi
rm -rf "$kernel"
mkdir -p "$kernel"
apt_area "$kernel/apt" ppc64el "$sources" >"$kernel/apt.log"

# depends PACKAGE: prints the first package that it depends on, as NAME=VERSION.
depends() {
	apt-cache show --no-all-versions "$1" |
		sed -n 's/^Depends: \([^ ]*\) (= \([^)]*\)).*/\1=\2/p'
}

image=$(depends linux-image-powerpc64le)
headers=$(depends linux-headers-powerpc64le)
release=${image%%=*}
release=${release#linux-image-}
[ "${headers%%=*}" = "linux-headers-$release" ] ||
	fail "the headers ${headers%%=*} do not match Linux $release"
number=${image#*=}
series=$(echo "$number" | cut -d . -f 1-2)

# The build tools of the headers are for this machine, not for ppc64el.
apt_area_download "$kernel/kernel" "$image" "$headers" "$(depends \
	"linux-headers-$release")" \
	"linux-kbuild-$series:$(dpkg --print-architecture)=$number" \
	>>"$kernel/apt.log"
apt_area_unpack "$kernel/kernel" "$kernel/root"
apt_area_download "$kernel/static" busybox-static >>"$kernel/apt.log"
apt_area_unpack "$kernel/static" "$kernel/static"
cp "$kernel/static/bin/busybox" "$kernel/busybox"
root=$(cd "$kernel/root" && pwd)
# Keeps the modules of the kernel that a partition without hardware can use.
find "$root/lib/modules/$release/kernel" -name '*.ko' |
	grep -vE '/kernel/(crypto|fs|lib|net/9p|drivers/(char|virtio))/' |
	xargs rm
depmod -b "$root" "$release"
mv "$root/boot/vmlinux-$release" "$kernel/image"
sed -i "s,^include /usr/,include $root/usr/," "$root"/usr/src/*/Makefile

sh "$here/power-files.sh" "$kernel" >>"$kernel/apt.log"

# Static libraries of the daemon, except for the C library, which comes with the
# compiler.
apt_area_download "$kernel/libraries" libfuse3-dev libglib2.0-dev \
	libpcre2-dev libseccomp-dev >>"$kernel/apt.log"
apt_area_unpack "$kernel/libraries" "$kernel/sysroot"
sysroot=$(cd "$kernel/sysroot" && pwd)
cat >"$kernel/meson.ini" <<END
[host_machine]
system = 'linux'
cpu_family = 'ppc64'
cpu = 'ppc64le'
endian = 'little'

[binaries]
c = 'powerpc64le-linux-gnu-gcc'
ar = 'powerpc64le-linux-gnu-ar'
strip = 'powerpc64le-linux-gnu-strip'
pkgconfig = 'pkg-config'

[properties]
sys_root = '$sysroot'
pkg_config_libdir = '$sysroot/usr/lib/powerpc64le-linux-gnu/pkgconfig'
END
rm -rf "$kernel/root/boot" "$kernel/kernel" "$kernel/static" \
	"$kernel/libraries" "$kernel/apt"

echo "$release" >"$kernel/release"
echo power >"$kernel/machine"
echo powerpc >"$kernel/arch"
echo powerpc64le-linux-gnu- >"$kernel/cross"
echo "$root/usr/src/linux-headers-$release" >"$kernel/headers"
echo "$version" >"$kernel/version"
