# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian tree: a directory with a minimal Debian of the release and mirror of this
# machine, in which packages are installed; to be sourced in a mount namespace of the
# caller, after tests/lib/apt-area.sh. It starts no service there.
# shellcheck shell=sh

# tree_make DIRECTORY: makes the tree: the essential packages and apt. The node of FUSE
# is its only device beside the usual ones.
tree_make() {
	tree=$1
	# shellcheck disable=SC1091 # of every system
	release=$(. /etc/os-release && echo "$VERSION_CODENAME")
	apt-config dump | grep '^Acquire::http' >"$tree.conf" || :
	cat >>"$tree.conf" <<-END
		Acquire::Languages "none";
		APT::Install-Recommends "false";
	END
	apt_area_sources | sed 's/ #.*//' |
		mmdebstrap --quiet --mode=root --variant=apt --skip=cleanup/apt \
			--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
			--dpkgopt=force-unsafe-io --aptopt="$tree.conf" \
			"$release" "$tree" - &&
		cp -L /etc/resolv.conf "$tree/etc/" &&
		mount -t proc proc "$tree/proc" &&
		mount -t sysfs -o ro sysfs "$tree/sys" &&
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$tree/dev/pts" &&
		mknod -m 666 "$tree/dev/fuse" c 10 229
}

# tree_end: unmounts what tree_make has mounted.
tree_end() {
	for each_mount in proc sys dev/pts; do
		! mountpoint -q "$tree/$each_mount" || umount "$tree/$each_mount"
	done
}

# tree_run COMMAND...: runs a command in the tree.
tree_run() {
	DEBIAN_FRONTEND=noninteractive chroot "$tree" "$@" </dev/null
}

# tree_copy PACKAGE...: copies package files to /tmp of the tree.
tree_copy() {
	cp "$@" "$tree/tmp/"
}

# tree_dependencies PACKAGE...: installs what these packages need, without those that
# are files.
tree_dependencies() {
	tree_run apt-get -s install "$@" >"$tree.simulated" || {
		cat "$tree.simulated"
		return 1
	}
	for each_package; do
		case $each_package in
		*/*) dpkg-deb -f "$tree/$each_package" Package ;;
		esac
	done >"$tree.files"
	# shellcheck disable=SC2046 # words wanted
	tree_run apt-get -q --yes install $(sed -n 's/^Inst \([^ ]*\).*/\1/p' \
		"$tree.simulated" | grep -vxF -f "$tree.files")
}

# tree_list: prints type, mode, owner, and name of each file; of links, the target; of
# configurations, a checksum. It leaves out records of apt, dpkg, mount(8) and systemd,
# logs, and the databases of users, in which groups of packages stay.
tree_list() (
	cd "$tree" || exit
	find . -xdev \( -path ./tmp -o -path ./run/mount -o -path ./run/systemd \
		-o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/apt -o -path ./var/lib/dpkg \) -prune -o \
		-printf '%y %m %u:%g %p %l\n' | sort
	find etc -type f ! -name 'g*shadow*' ! -name 'group*' ! -name ld.so.cache \
		-exec md5sum {} + | sort -k 2
)
