#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Service: expects that systemd accepts the installed units of each instance, that their
# exposure is low, that each group of directives has a reason, that the documented
# configuration has the documented values, and that AppArmor accepts the profile. It
# starts none of them; tests/vm/service.sh does. Prints TAP.
set -u
. tests/lib/check.sh

# Exposure in tenths, on the scale of systemd-analyze(1) from 0 to 10.
limit=6

# install_units: installs the files for systemd, and a program in place of vmcfs.
install_units() {
	meson setup "$work/build" . --prefix="$work/usr" \
		--sysconfdir="$work/etc" -Dapparmor=enabled \
		-Dmount_helper_dir="$work/usr/sbin" -Dtests=disabled &&
		meson install -C "$work/build" --no-rebuild --tags systemd,apparmor &&
		mkdir -p "$work/usr/bin" && cp /bin/true "$work/usr/bin/vmcfs"
}

# verify INSTANCE: systemd accepts the unit with its drop-in. All output is a
# complaint.
verify() {
	SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no \
		"vmcfs@$1.service" >"$work/complaints" 2>&1
	verified=$?
	cat "$work/complaints"
	[ $verified -eq 0 ] && [ ! -s "$work/complaints" ]
}

# exposure INSTANCE: the exposure of the service with the drop-in of the instance.
exposure() {
	mkdir -p "$work/$1" &&
		cp "$units/vmcfs@.service" "$work/$1/vmcfs@$1.service" &&
		sed -n '/^\[Service\]/,/^\[Install\]/p' \
			"$units/vmcfs@$1.service.d/instance.conf" |
		sed '/^\[Install\]/d' >>"$work/$1/vmcfs@$1.service" &&
		systemd-analyze security --offline=yes --threshold=$limit \
			"$work/$1/vmcfs@$1.service"
}

# reasons: each group of directives after the identity begins with a comment.
reasons() {
	awk '/^# Identity/ { body = 1 }
		/^\[Install\]/ { body = 0 }
		!body { next }
		before == "" && !/^#/ && NF { print "no reason: " $0; bad = 1 }
		{ before = $0 }
		END { exit bad }' "$units/vmcfs@.service"
}

# limited: the interval of the start limit has room for as many of the longest attempts as
# the limit permits.
limited() {
	awk -F= '/^(StartLimit|TimeoutSt|RestartSec)/ { value[$1] = $2 }
		END {
			attempt = value["TimeoutStartSec"] + \
				value["TimeoutStopSec"] + value["RestartSec"]
			needed = value["StartLimitBurst"] * attempt
			print needed " s of " value["StartLimitIntervalSec"] " s"
			exit !attempt || needed > value["StartLimitIntervalSec"]
		}' "$units/vmcfs@.service"
}

# configuration: systemd reads these values from the block of the page, whose parser of
# environment files this generator has as well.
configuration() {
	mkdir -p "$work/config/environment.d" &&
		sed -n '/^    # .etc.vmcfs.NAME.conf/,/^$/s/^    //p' docs/service.md \
			>"$work/config/environment.d/vmcfs.conf" &&
		XDG_CONFIG_HOME=$work/config \
			/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator |
		grep -E '^(SOURCE|DIR|OPTIONS)=' | sort >"$work/values" &&
		printf '%s\n' DIR=/srv/vmc OPTIONS=history=64M,open=0:me \
			SOURCE=/dev/ibmvmc | diff - "$work/values"
}

# uncommented: no assignment of the pages, the units and the examples has a comment after
# its value, which systemd and fstab take as part of the value.
uncommented() {
	! grep -nE '^ *[A-Za-z]+=[^"'\''`(]*[[:space:]]#|^ *(/dev/|sim )[^ ]* .*[[:space:]]#' \
		README.md docs/*.md docs/man/*.scd docs/packaging/*.md \
		vmcfs/data/vmcfs* examples/*/*.service examples/*/*.path
}

units=$work/usr/lib/systemd/system
check 'the units are installed' install_units
for instance in sim ibmvmc; do
	check "systemd accepts vmcfs@$instance.service" verify "$instance"
	check "the exposure of vmcfs@$instance.service is at most 0.$limit" \
		exposure "$instance"
done
check 'each group of directives has a reason' reasons
check 'a service whose starts and stops time out reaches the start limit' limited
check 'systemd reads the documented values from the documented configuration' \
	configuration
check 'no documented setting has a comment after its value' uncommented
check 'systemd-sysusers accepts the group' \
	systemd-sysusers --root="$work" --dry-run "$work/usr/lib/sysusers.d/vmcfs.conf"
check 'systemd-tmpfiles accepts the directory' \
	systemd-tmpfiles --root="$work" --create "$work/usr/lib/tmpfiles.d/vmcfs.conf"
check 'AppArmor accepts the profile' \
	apparmor_parser --quiet --skip-kernel-load --skip-cache \
	"$work/etc/apparmor.d/"*.vmcfs
echo "1..$number"
