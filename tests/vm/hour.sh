#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# First hour in a guest: builds the packages, and those of a lower version from them,
# and boots a machine with systemd, in which tests/vm/hour.py uses them. Prints TAP.
set -u
debs=build-test/vm/debs
rm -rf "$debs"
DEB_BUILD_OPTIONS=nocheck DEB_BUILD_PROFILES=nocheck \
	sh docs/packaging/build-debs.sh "$debs/build" -b >"$debs.log" 2>&1 || {
	sed 's/^/# /' "$debs.log"
	exit 1
}
mkdir "$debs/older" "$debs/current"
for name in vmcfs vmcfs-doc; do
	mv "$debs/build/${name}_"*.deb "$debs/current" &&
		dpkg-deb -R "$debs/current/${name}_"*.deb "$debs/$name" &&
		sed -i 's/^Version: .*/Version: 0.0.1/' "$debs/$name/DEBIAN/control" &&
		dpkg-deb -Zgzip -z1 --root-owner-group -b "$debs/$name" "$debs/older" || exit
done >>"$debs.log"
exec sh tests/vm/guest.sh --name hour --limit 3000 --init systemd --before -- \
	python3 -P tests/vm/hour.py "$debs/older" "$debs/current"
