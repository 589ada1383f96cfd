#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Quickstart: builds the daemon, mounts a simulated channel in a temporary directory,
# opens a session, sends a line, shows the reply, follows the messages, and unmounts.
# It needs no POWER hardware, and no kernel module except fuse.
#
#	sh examples/quickstart.sh
#
# On Debian it installs missing packages as root, and lists them for other users. The
# build remains in the directory build, so that the second run takes seconds.
set -eu
cd "$(dirname "$0")/.."
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

fail() {
	echo "quickstart: $*" >&2
	exit 1
}

say() {
	printf '\n# %s\n' "$*"
}

install_packages() {
	command -v dpkg-query >/dev/null || return 0
	missing=
	for package in gcc libc6-dev meson ninja-build pkg-config \
		libglib2.0-dev libfuse3-dev libseccomp-dev fuse3; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q '^install ok installed$' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	[ "$(id -u)" -eq 0 ] ||
		fail "packages are missing; as root: apt-get install$missing"
	say "installing$missing"
	log=$(mktemp)
	# shellcheck disable=SC2086 # words wanted
	if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install \
		--yes --no-install-recommends -o DPkg::Lock::Timeout=300 \
		$missing; } >"$log" 2>&1 </dev/null
	then
		cat "$log" >&2
		rm -f "$log"
		fail "apt-get cannot install them: check the network"
	fi
	rm -f "$log"
}

build() {
	log=$(mktemp)
	if ! { [ -f build/build.ninja ] || meson setup build; } >"$log" 2>&1 ||
		! meson compile -C build vmcfs/vmcfs >>"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		fail "the build failed: remove the directory build and try again"
	fi
	rm -f "$log"
}

cleanup() {
	status=$?
	trap - EXIT INT TERM HUP
	[ -z "${follower-}" ] || kill "$follower" 2>/dev/null || :
	exec 3<&- 4<&-
	if mountpoint -q "$directory/vmc"; then
		umount "$directory/vmc" || umount -l "$directory/vmc" || :
	fi
	rm -rf --one-file-system "$directory"
	exit "$status"
}

install_packages
[ "$(id -u)" -eq 0 ] || fail "root is needed to mount a file system"
[ -c /dev/fuse ] || modprobe fuse 2>/dev/null || :
[ -c /dev/fuse ] || fail "/dev/fuse does not exist: load the kernel module fuse"
build

directory=$(mktemp -d)
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir "$directory/vmc"
# cleanup closes these descriptors, which later commands replace.
exec 3</dev/null 4</dev/null

say "vmcfs sim DIR"
build/vmcfs/vmcfs sim "$directory/vmc" ||
	fail "vmcfs cannot mount $directory/vmc"
cd "$directory/vmc"
ls -l . hmc0

say "echo open quickstart > hmc0/control"
echo open quickstart >hmc0/control || fail "$(grep last_error hmc0/status)"

say "tail -n +1 -f hmc0/message &"
mkfifo "$directory/followed"
tail -n +1 -f hmc0/message >"$directory/followed" &
follower=$!
exec 4<"$directory/followed"

say "exec 3<>hmc0/message; echo hello, hypervisor >&3; read -r answer <&3"
exec 3<>hmc0/message
echo "hello, hypervisor" >&3 || fail "$(grep last_error hmc0/status)"
read -r answer <&3 || fail "no reply arrived: $(grep last_error hmc0/status)"
echo "$answer"

say "output of tail:"
line=$(timeout 60 head -n 1 <&4) || fail "tail printed nothing for 60 seconds"
echo "$line"

say "cat hmc0/status"
cat hmc0/status

say "umount DIR"
exec 3<&-
kill "$follower"
wait "$follower" 2>/dev/null || :
follower=
cd /
umount "$directory/vmc" || fail "umount cannot unmount $directory/vmc"
if [ "$answer" != "hello, hypervisor" ] || [ "$line" != "$answer" ]; then
	fail "the simulated hypervisor did not return the line"
fi
say "done; the simulated hypervisor returned:"
echo "$answer"
