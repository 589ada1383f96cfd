# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages: installs missing Debian packages as root, and lists them for other users;
# to be sourced. It installs nothing on other distributions.
# shellcheck shell=sh

# packages_headers: prints the package of the kernel headers, whose name does not
# always contain the architecture of dpkg.
packages_headers() {
	case $(dpkg --print-architecture 2>/dev/null) in
	ppc64el) echo linux-headers-powerpc64le ;;
	*) echo "linux-headers-$(dpkg --print-architecture)" ;;
	esac
}

# packages_list: prints the packages for the build and for all tests.
packages_list() {
	# compiler and build
	echo gcc libc6-dev make meson ninja-build pkg-config git
	# libraries
	echo libglib2.0-dev libfuse3-dev libseccomp-dev libcriterion-dev
	# kernel modules
	packages_headers
	echo sparse kmod dkms pahole
	# emulated machines
	echo qemu-system-x86 seabios qemu-system-ppc cpio
	# conformance program, for its other architectures
	echo g++ gcc-i686-linux-gnu libc6-dev-i386-cross
	echo gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross
	# static analysis
	echo clang-format clang-tidy codespell cppcheck flake8 shellcheck
	# manual pages
	echo scdoc man-db mandoc bsdextrautils
	# probes of the daemon
	echo systemtap-sdt-dev bpftrace
	# counts of instructions
	echo valgrind
	# mounting, and tools that the tests run on the tree
	echo fuse3 python3 busybox less systemd udev apparmor
	echo ed expect fish jq lnav logrotate nodejs openssh-server perl psmisc pv
	echo rsyslog socat tcl zsh
	# programs that use inotify
	echo inotify-tools python3-watchdog
	# packages of Debian and RPM, and a tree to install them in
	echo autopkgtest debhelper dh-apparmor dh-dkms lintian mmdebstrap rpm
	# promtool, which checks the metrics; the fleet
	echo iproute2 prometheus prometheus-node-exporter
	# a reader of captures
	echo tshark
	# third-party suites that run on the node and the tree, in a guest
	echo fio stress-ng trinity
}

# packages_bench: prints the packages for the benchmarks.
packages_bench() {
	echo gcc libc6-dev meson ninja-build pkg-config
	echo libglib2.0-dev libfuse3-dev libseccomp-dev fuse3 python3 strace
}

# packages_fuzzing: prints the packages for libFuzzer, which no test needs.
packages_fuzzing() {
	echo clang libclang-rt-14-dev
}

# packages_missing PACKAGE...: prints those that are not installed.
packages_missing() {
	for package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q '^install ok installed$' || echo "$package"
	done
}

# packages_need [PACKAGE...]: installs the missing ones, by default of packages_list;
# fails if any package is still missing.
packages_need() {
	# shellcheck disable=SC2046 # words wanted
	[ $# -gt 0 ] || set -- $(packages_list)
	if ! command -v dpkg-query >/dev/null 2>&1; then
		echo "This system is not Debian: install the equivalents of these packages:"
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
			-o DPkg::Lock::Timeout=300 --no-install-recommends \
			"$@" >>"$log" 2>&1 </dev/null; then
		rm -f "$log"
		return 0
	fi
	cat "$log"
	rm -f "$log"
	echo "These packages cannot be installed: $*"
	return 1
}
