#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sizes: expects that no file except the texts of licences and docs/layout.md is above
# 32 KB, and that at most 25 source files of the product are below 2 KB, each for a
# reason that is listed here. It does not measure functions. Prints TAP.
set -u
limit=32000
small=2048
small_files=25

# reasons: prints each small file and its reason.
reasons() {
	cat <<'END'
kmod/compat.h interfaces that differ between kernels
kmod/engine/host-ops.h calls of the engine to its host
kmod/hv/main.c entry of vmc-hv.ko
kmod/hv/params.h module parameters that two modules share
kmod/hv/router.c payload router, the only user of payload headers
kmod/hv/words.c parser that knobs and faults share
kmod/ibmvmc/names.c words that sysfs promises
kmod/phyp/hotplug.c device of the hypervisor below real hcalls
kmod/phyp/phyp.c ground of vmc-phyp.ko
kmod/sim/internal.h private header of the folder
kmod/sim/link.h public header of the folder
kmod/sim/main.c entry of ibmvmc-sim.ko
kmod/engine/event.h events of the engine, which its hosts include
vmcfs/marks.c memory that the daemon and its announcer share
vmcfs/clock.c clock of the machine, which tests replace
vmcfs/clock.h clock as an object
vmcfs/device/chardev/chardev.h public header of the folder
vmcfs/privilege/capability.c capget(2) and capset(2)
vmcfs/privilege/child.c status of a child, for five files of the folder
vmcfs/privilege/descriptor.c SCM_RIGHTS, for the helper and fusermount3
vmcfs/privilege/fusermount.c fusermount3
vmcfs/text.h public header of text.c
vmcfs/thread.c threads, for the logger and the requests
vmcfs/logging-limit.h public header of logging-limit.c
vmcfs/thread.h public header of thread.c
vmcfs/tree/proc.h public header of proc.c
vmcfs/tree/serve.h public header of the folder
vmcfs/tree/turns.h public header of turns.c
vmcfs/verbs.h header of the actions of the helper
END
}

# sizes PATTERN...: prints size and name of each existing file that matches.
sizes() {
	git ls-files -co --exclude-standard -z -- "$@" |
		xargs -0 wc -c 2>/dev/null | grep -v ' total$'
}

# nothing NUMBER SENTENCE TEXT: one test; the text must be empty.
nothing() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		printf '%s\n' "$3" | sed 's/^/# /'
		echo "not ok $1 - $2"
	fi
}

found=$(sizes . ':!LICENSES' ':!docs/layout.md' |
	awk -v limit=$limit '$1 > limit { print $2 " has " $1 " bytes" }')
nothing 1 'no file is above 32 KB' "$found"

below=$(sizes 'kmod/*.[ch]' 'vmcfs/*.[ch]' 'vmcctl/*.[ch]' |
	awk -v small=$small '$1 < small { print $2 }')
found=$(echo "$below" | while IFS= read -r file; do
	[ -z "$file" ] || reasons | grep -q "^$file ." ||
		echo "$file is below 2 KB: merge it, or give it a reason in $0"
done)
nothing 2 'each file below 2 KB has a reason' "$found"

found=''
[ "$(echo "$below" | grep -c .)" -le $small_files ] || found=$below
nothing 3 "at most $small_files files are below 2 KB" "$found"
echo 1..3
