#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel modules: expects that the modules build with W=1 without a warning of the
# compiler or of sparse, for the kernel of the distribution and every newer one that it
# offers; that make install installs them; and that DKMS builds them. It uses copies,
# and loads and installs nothing on this machine. Prints TAP.
set -u
. tests/lib/headers.sh
. tests/lib/kmod.sh
. tests/lib/packages.sh
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# verdict STATUS SENTENCE: prints the result of one test.
verdict() {
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		sed 's/^/# /' "$work/output"
		echo "not ok $number - $2"
	fi
}

# build HEADERS: two tests for one kernel.
build() {
	release=$(basename "$1" | sed 's/^linux-headers-//')
	rm -rf "$work/source"
	kmod_copy "$work/source"
	kmod_clean "$work/output" make -C "$work/source/kmod" KDIR="$1" modules &&
		[ "$(find "$work/source/kmod" -name '*.ko' | wc -l)" -eq 3 ]
	verdict $? "the modules build for Linux $release without a warning"
	kmod_clean "$work/output" make -C "$work/source/kmod" KDIR="$1" check
	verdict $? "sparse reports nothing for Linux $release"
}

installed=$(dpkg-query -W -f '${Depends}' "$(packages_headers)" |
	sed 's/ .*//')
for series in $(headers_series); do
	if headers=$(headers_unpack "$series" 2>"$work/output"); then
		build "$headers"
	else
		verdict 1 "the headers of Linux $series can be downloaded"
	fi
done
build "/usr/src/$installed"

make -C "$work/source/kmod" KDIR="/usr/src/$installed" \
	INSTALL_MOD_PATH="$work/installed" install >"$work/output" 2>&1 &&
	find "$work/installed" -path '*/updates/*' -name 'ibmvmc.ko*' |
	grep -q .
verdict $? 'make install installs the modules below updates/'

release=${installed#linux-headers-}
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' kmod/dkms.conf)
make -C kmod DKMS_ROOT="$work/dkms-source" dkms-source >"$work/output" 2>&1 &&
	mkdir "$work/dkms" &&
	dkms build --dkmstree "$work/dkms" --sourcetree "$work/dkms-source" \
		-m ibmvmc -v "$version" -k "$release" --kernelsourcedir "/usr/src/$installed" \
		--no-depmod >>"$work/output" 2>&1 &&
	find "$work/dkms" -name 'ibmvmc.ko*' | grep -q .
verdict $? 'DKMS builds the modules'
echo "1..$number"
