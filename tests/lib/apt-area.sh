# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packages of another architecture: downloads them from the mirror and the release
# that this machine uses; to be sourced. apt gets its own configuration, lists, cache
# and list of installed packages; of this machine it uses only the proxy settings. It
# installs nothing, and does not change the package state of this machine.
# shellcheck shell=sh

# apt_area_sources: prints the main suite of the release, as lines of a sources.list,
# each with the version after a "#". The suite of security updates is left out, because
# its lists are not consistent for every architecture.
apt_area_sources() {
	# shellcheck disable=SC1091 # of every system
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format \
		'$(LABEL)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)|$(VERSION)' \
		'Identifier: Packages' |
		awk -F '|' -v codename="$codename" -v keyring="$keyring" '
			$1 == "Debian" && $2 == codename && $3 == "main" {
				print "deb [signed-by=" keyring "] " $4 " " $5 \
					" main # " $6
			}' | sort -u
}

# apt_area DIRECTORY ARCHITECTURE SOURCES: makes the configuration, sets APT_CONFIG,
# and downloads the lists. Packages of this machine's architecture then need the suffix
# ":ARCHITECTURE".
apt_area() {
	own=$(dpkg --print-architecture)
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	area=$(cd "$1" && pwd)
	: >"$area/status"
	echo "$3" | sed 's/ #.*//' >"$area/sources.list"
	apt-config dump | grep '^Acquire::http' >"$area/apt.conf" || :
	cat >>"$area/apt.conf" <<-END
		#clear APT::Architectures;
		APT::Architecture "$2";
		APT::Architectures { "$2"; "$own"; };
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Dir::State "$area";
		Dir::State::lists "$area/lists";
		Dir::State::status "$area/status";
		Dir::Cache "$area/cache";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::sourcelist "$area/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
	END
	APT_CONFIG=$area/apt.conf
	export APT_CONFIG
	apt-get -q update
}

# apt_area_download DIRECTORY PACKAGE...: downloads these packages only.
apt_area_download() {
	mkdir -p "$1"
	(cd "$1" && shift && apt-get -q download "$@")
}

# apt_area_closure DIRECTORY PACKAGE...: downloads these packages and all their
# dependencies.
apt_area_closure() {
	mkdir -p "$1/partial"
	archives=$(cd "$1" && pwd)
	shift
	apt-get -q install --download-only --yes --no-install-recommends \
		-o "Dir::Cache::archives=$archives" "$@"
}

# apt_area_unpack DIRECTORY ROOT: unpacks all packages of the directory, without
# running their scripts. Symbolic links to directories in ROOT remain.
apt_area_unpack() {
	mkdir -p "$2"
	for package in "$1"/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -x --keep-directory-symlink -C "$2"
	done
}
