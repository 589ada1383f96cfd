#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Files of the POWER partition: unpacks a small Debian system, for the architecture of
# APT_CONFIG (tests/lib/apt-area.sh), into KERNEL/files. It runs no scripts of the
# packages, and itself makes the files and links of these scripts that the tests need.
#
#	power-files.sh KERNEL
set -eu
kernel=$1
files=$kernel/files
. tests/lib/apt-area.sh

apt_area_closure "$kernel/archives" base-files base-passwd usr-is-merged \
	bash coreutils dash diffutils findutils grep gzip hostname mawk \
	ncurses-base procps sed tar util-linux mount kmod login passwd \
	busybox fuse3 less libc-bin python3
mkdir -p "$files/usr"
for directory in bin lib lib64 sbin; do
	mkdir "$files/usr/$directory"
	ln -s "usr/$directory" "$files/$directory"
done
apt_area_unpack "$kernel/archives" "$files"
rm -rf "$kernel/archives"

cp "$files/usr/share/base-passwd/passwd.master" "$files/etc/passwd"
cp "$files/usr/share/base-passwd/group.master" "$files/etc/group"
ln -s mawk "$files/usr/bin/awk"
ln -s ../proc/self/mounts "$files/etc/mtab"
chmod u+s "$files/usr/bin/fusermount3"
rm -rf "$files/usr/share/doc" "$files/usr/share/man" \
	"$files/usr/share/locale" "$files/usr/share/i18n"
