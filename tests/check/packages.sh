#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages: expects that the Debian packages and the RPM packages build, that both have
# the files of "meson install", and that the Debian packages can be installed, upgraded,
# tested, removed and purged in a tree that has only what they need. It runs as root,
# and starts no service. Prints TAP.
set -u
[ -n "${IN_NAMESPACE:-}" ] ||
	exec env IN_NAMESPACE=yes unshare --mount --propagation private sh "$0"
. tests/lib/check.sh
. tests/lib/packages.sh
. tests/lib/apt-area.sh
. tests/lib/debian-tree.sh
trap 'tree_end && rm -rf "$work"' EXIT
# The directory of this test does not exist in the tree.
unset TMPDIR

debs=$work/debs
names='vmcfs vmcfs-doc ibmvmc-dkms'
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
older=0.1.0
tree=$work/tree

# The unit tests of the packages run elsewhere.
DEB_BUILD_OPTIONS=nocheck
DEB_BUILD_PROFILES=nocheck
export DEB_BUILD_OPTIONS DEB_BUILD_PROFILES

# versions: other files that name the version agree with meson.build.
versions() {
	grep -x "PACKAGE_VERSION=\"$version\"" kmod/dkms.conf &&
		grep -x "Version: *$version" docs/packaging/vmcfs.spec
}

lints() {
	lintian --allow-root --display-info --pedantic \
		"$debs/vmcfs_${version}_"*.changes >"$work/complaints" 2>&1
	linted=$?
	cat "$work/complaints"
	[ $linted -eq 0 ] && [ ! -s "$work/complaints" ]
}

# rpms: builds the RPM packages from the sources of the Debian packages.
rpms() {
	mkdir -p "$work/rpm/SOURCES" &&
		tar -C "$debs" --exclude=debian --exclude='obj-*' -czf \
			"$work/rpm/SOURCES/vmcfs-$version.tar.gz" "vmcfs-$version" &&
		rpmspec --load=tests/lib/rhel.macros -P docs/packaging/vmcfs.spec &&
		rpmbuild --load=tests/lib/rhel.macros --define "_topdir $work/rpm" \
			--nodeps -bb docs/packaging/vmcfs.spec
}

# list_installed: prints the files that "meson install" installs.
list_installed() {
	DESTDIR=$work/installed meson install --no-rebuild --quiet \
		-C "$debs/vmcfs-$version/obj-$(dpkg-architecture -qDEB_HOST_MULTIARCH)" &&
		(cd "$work/installed" && find . ! -type d | sed 's,^\./,,' | sort)
}

# list_debs: prints the files of the Debian packages by their names before compression,
# without those of each Debian package.
list_debs() {
	for name in $names; do
		dpkg-deb --fsys-tarfile "$debs/$name"_*.deb | tar -t
	done | grep -v '/$' |
		sed 's,^\./,,; s,^\(usr/share/man/.*\)\.gz$,\1,' |
		grep -v -e '^usr/share/doc/[a-z-]*/\(changelog\.gz\|copyright\)$' \
			-e '^usr/share/lintian/' | sort
}

# list_rpms: prints the files of the RPM packages, without those of each RPM package.
list_rpms() {
	find "$work/rpm/RPMS" -name '*.rpm' -exec \
		rpm -qp --queryformat '[%{FILEMODES:perms} %{FILENAMES}\n]' {} + |
		sed -n 's,^[^d][^ ]* /,,p' |
		sed 's,^\(usr/share/man/.*\)\.gz$,\1,' |
		grep -v '^usr/lib/\.build-id/\|^usr/share/licenses/' | sort
}

# same_debs: the Debian packages have the files that meson installs.
same_debs() {
	list_installed >"$work/list-installed" && list_debs >"$work/list-debs" &&
		diff -u "$work/list-installed" "$work/list-debs"
}

# same_rpms: the same for the RPM packages. Debian has other directories for zsh and for
# libraries, and AppArmor.
same_rpms() {
	libraries=$(rpm --eval %_libdir)
	list_rpms >"$work/list-rpms" &&
		sed -e 's,/vendor-completions/,/site-functions/,' \
			-e "s,^usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/,${libraries#/}/," \
			-e '/^etc\/apparmor\.d\//d' "$work/list-installed" |
		sort | diff -u - "$work/list-rpms"
}

# make_older: makes packages of a lower version, which have a file more, and one module.
make_older() {
	for name in $names; do
		old=$work/older/$name
		mkdir -p "$work/older" &&
			dpkg-deb -R "$debs/$name"_*.deb "$old" &&
			sed -i "s/^Version: .*/Version: $older/" "$old/DEBIAN/control" &&
			touch "$old/usr/share/doc/$name/older" || return
	done
	old=$work/older/ibmvmc-dkms
	mv "$old/usr/src/ibmvmc-$version" "$old/usr/src/ibmvmc-$older" &&
		sed -i "s/$version/$older/" "$old/DEBIAN/postinst" "$old/DEBIAN/prerm" \
			"$old/usr/src/ibmvmc-$older/dkms.conf" &&
		sed -i '/\[[12]\]/d' "$old/usr/src/ibmvmc-$older/dkms.conf" &&
		sed -i 's/^obj-m := .*/obj-m := ibmvmc.o/' \
			"$old/usr/src/ibmvmc-$older/kmod/Kbuild" &&
		for name in $names; do
			dpkg-deb -Zgzip -z1 --root-owner-group -b "$work/older/$name" \
				"$tree/tmp/$name-older.deb" || return
		done
}

# in_tree SUFFIX: prints the names of the package files in the tree.
in_tree() {
	for name in $names; do
		echo "/tmp/$name-$1.deb"
	done
}

# prepare: makes the tree, with the headers of a kernel and what the packages need.
prepare() {
	tree_make "$tree" || return
	make_older || return
	for name in $names; do
		cp "$debs/$name"_*.deb "$tree/tmp/$name-new.deb" || return
	done
	# shellcheck disable=SC2046 # words wanted
	tree_dependencies $(in_tree new) "$(packages_headers)" &&
		kernel=$(ls "$tree/lib/modules") && tree_run depmod "$kernel" &&
		tree_list >"$work/before"
}

# modules: prints the modules that are installed in the tree.
modules() {
	(cd "$tree/lib/modules/$kernel" && find updates -name '*.ko*' 2>/dev/null |
		sed 's/\.ko.*//; s,.*/,,' | sort | tr '\n' ' ')
}

# install_older: installs the lower version, and configures and enables an instance.
install_older() {
	# shellcheck disable=SC2046 # words wanted
	tree_run apt-get --yes install $(in_tree older) &&
		[ "$(modules)" = 'ibmvmc ' ] &&
		[ -e "$tree/usr/share/doc/vmcfs/older" ] &&
		echo 'OPTIONS=history=64M' >"$tree/etc/vmcfs/sim.conf" &&
		tree_run systemctl enable vmcfs@sim
}

upgrade() {
	# shellcheck disable=SC2046 # words wanted
	tree_run apt-get --yes install $(in_tree new) &&
		[ "$(modules)" = 'ibmvmc ibmvmc-sim vmc-hv ' ] &&
		[ ! -e "$tree/usr/src/ibmvmc-$older" ] &&
		[ ! -e "$tree/usr/share/doc/vmcfs/older" ] &&
		[ -e "$tree/etc/vmcfs/sim.conf" ]
}

# tests_pass: all tests of debian/tests pass, and none is skipped.
tests_pass() {
	[ -c /dev/fuse ] || modprobe fuse
	autopkgtest -B "$debs/vmcfs-$version/" -- chroot "$tree" >"$work/tests" 2>&1
	tested=$?
	cat "$work/tests"
	[ "$tested" -eq 0 ]
}

# remove_keeps: the configuration of the administrator remains.
remove_keeps() {
	# shellcheck disable=SC2086 # words wanted
	tree_run apt-get --yes remove $names && [ "$(modules)" = '' ] &&
		[ ! -e "$tree/usr/bin/vmcfs" ] && [ -e "$tree/etc/vmcfs/sim.conf" ]
}

purge_leaves_nothing() {
	# shellcheck disable=SC2086 # words wanted
	tree_run apt-get --yes purge $names && tree_list >"$work/after" &&
		diff -u "$work/before" "$work/after"
}

check 'the versions of the packages are that of meson.build' versions
check 'the Debian packages build' sh docs/packaging/build-debs.sh "$debs"
check 'lintian has no complaint' lints
check 'the Debian packages have the files of meson install' same_debs
check 'the RPM packages build' rpms
check 'the RPM packages have the files of meson install' same_rpms
check 'a minimal Debian has what the packages need' prepare
check 'a lower version of the packages can be installed' install_older
check 'the packages upgrade it' upgrade
check 'the tests of the installed packages pass' tests_pass
check 'removed packages leave the configurations' remove_keeps
check 'purged packages leave nothing' purge_leaves_nothing
echo "1..$number"
