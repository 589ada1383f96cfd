# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel headers, in addition to the installed ones: downloads and unpacks them below
# build-test/headers; to be sourced. It installs nothing.
# shellcheck shell=sh

# headers_series: prints the kernel series that the configured suites offer by name,
# such as 6.12; they are newer than the default of the suite.
headers_series() {
	architecture=$(dpkg --print-architecture)
	apt-cache pkgnames linux-headers- |
		sed -n "s/^linux-headers-\([0-9]*\.[0-9]*\)-$architecture\$/\1/p" |
		sort -V
}

# headers_packages PACKAGE: prints it, and the header packages that it depends on.
headers_packages() {
	echo "$1"
	apt-cache show --no-all-versions "$1" |
		sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed -n 's/^ *\(linux-\(headers\|kbuild\)-[^ ]*\).*/\1/p' |
		while IFS= read -r needed; do headers_packages "$needed"; done
}

# headers_unpack SERIES: unpacks them and prints the directory to build against.
headers_unpack() {
	directory=build-test/headers/$1
	metapackage=linux-headers-$1-$(dpkg --print-architecture)
	version=$(apt-cache show --no-all-versions "$metapackage" |
		sed -n 's/^Version: //p')
	if [ "$(cat "$directory/version" 2>/dev/null)" != "$version" ]; then
		rm -rf "$directory"
		mkdir -p "$directory"
		headers_packages "$metapackage" | sort -u >"$directory/packages"
		(cd "$directory" && xargs apt-get -o APT::Sandbox::User=root \
			download <packages >&2) || return 1
		for package in "$directory"/*.deb; do
			dpkg -x "$package" "$directory" || return 1
			rm "$package"
		done
		sed -i "s,^include /usr/,include $PWD/$directory/usr/," \
			"$directory"/usr/src/*/Makefile
		echo "$version" >"$directory/version"
	fi
	echo "$PWD/$directory"/usr/src/linux-headers-*-"$(dpkg --print-architecture)"
}
