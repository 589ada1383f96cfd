# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Debian packages for building and testing, or those that are named; to be sourced.
# Installs the missing ones as root, and lists them for other users.

# The package of the headers has its own name for the architecture.
packages_headers() {
	case $(dpkg --print-architecture 2>/dev/null) in
	ppc64el) echo linux-headers-powerpc64le ;;
	*) echo "linux-headers-$(dpkg --print-architecture)" ;;
	esac
}

packages_list() {
	# the compiler and the build
	echo gcc libc6-dev make meson ninja-build pkg-config git
	# libraries
	echo libglib2.0-dev libfuse3-dev libseccomp-dev libcriterion-dev
	# the kernel modules
	packages_headers
	echo sparse kmod dkms pahole
	# emulated machines
	echo qemu-system-x86 seabios qemu-system-ppc cpio
	# the conformance program, for the other architectures it is run on
	echo g++ gcc-i686-linux-gnu libc6-dev-i386-cross
	echo gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross
	# mounting, and the tools that the tests try on the tree
	echo fuse3 python3 busybox less
	# static analysis
	echo clang-tidy codespell cppcheck shellcheck
	echo ed expect fish logrotate nodejs perl psmisc pv rsyslog socat tcl
	# suites of others that run on the node and the tree, in a guest
	echo fio stress-ng trinity
}

# Further packages for fuzzing with libFuzzer; no test needs them.
packages_fuzzing() {
	echo clang libclang-rt-14-dev
}

packages_missing() {
	for package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q '^install ok installed$' || echo "$package"
	done
}

# packages_need [PACKAGE...]: returns 0 if all are installed at its end.
packages_need() {
	# shellcheck disable=SC2046 # words wanted
	[ $# -gt 0 ] || set -- $(packages_list)
	if ! command -v dpkg-query >/dev/null 2>&1; then
		echo "This is not a Debian system. The equivalents of these packages are needed:"
		echo "$@"
		return 0
	fi
	# shellcheck disable=SC2046 # words wanted
	set -- $(packages_missing "$@")
	[ $# -eq 0 ] && return 0
	if [ "$(id -u)" -ne 0 ]; then
		echo "Missing packages; as root: apt-get install $*"
		return 1
	fi
	echo "Installing $*"
	log=$(mktemp)
	if apt-get update >"$log" 2>&1 &&
		DEBIAN_FRONTEND=noninteractive apt-get install --yes \
			--no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
		rm -f "$log"
		return 0
	fi
	cat "$log"
	rm -f "$log"
	echo "These packages cannot be installed: $*"
	return 1
}
