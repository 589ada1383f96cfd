#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guest: boots an emulated machine, runs one command in it, and ends with the exit
# status of the command. It does not depend on the tests. It needs no privilege, no
# mount and no hardware virtualisation.
#
#	guest.sh [--kernel DIR] [--name NAME] [--smp N] [--memory MB]
#		[--append WORDS] [--limit SECONDS] [--accept no-memory|left-mapped]
#		[--init busybox|systemd [--before]] -- COMMAND...
#
# The command runs as root, in this directory, with the variables PATH and VMCFS... of
# this environment. It can read all files of the host; its changes to them are lost
# with the guest. Its standard output and standard error are printed. With --init
# systemd it runs after basic.target, and process 1 is the systemd of the host. With
# --before it runs also before systemd starts, with BEFORE_BOOT=yes: its output and exit
# status are in /run/guest/before.log and before.status then.
#
# DIR describes the machine: "image" is the kernel, "release" its release, "machine"
# the name of a machine-*.sh, "busybox" a static busybox for it; root/lib/modules has
# the kernel's own modules. kernel.sh and power.sh make such a directory from packages
# of Debian. If it contains a directory "files", the guest has these files and this
# directory in place of the files of the host.
#
# Only one guest of a NAME runs at a time; a second one is refused.
#
# It also fails if the guest dies, exceeds the limit, or has a report in its kernel log
# (scan-log.sh). kernel.log, output and, after a failure, repeat.sh remain below
# build-test/vm/runs/NAME.
set -u
unset CDPATH
here=$(dirname "$0")
kernel=${VMCFS_TEST_KERNEL:-build-test/vm/debian}
name=guest
smp=${VMCFS_TEST_SMP:-1}
memory=1024
limit=600
accept=''
append=''
init=busybox

while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=$2 ;;
	--name) name=$2 ;;
	--smp) smp=$2 ;;
	--memory) memory=$2 ;;
	--limit) limit=$2 ;;
	--accept) accept=$2 ;;
	--append) append=$2 ;;
	--init) init=$2 ;;
	--before)
		append="$append guest.before"
		shift
		continue
		;;
	--)
		shift
		break
		;;
	*)
		echo "guest.sh: unknown option $1" >&2
		exit 64
		;;
	esac
	shift 2
done
if [ $# -eq 0 ]; then
	echo 'guest.sh: a command is missing' >&2
	exit 64
fi

# The emulator inherits the lock, so that its files are not removed after this script
# was killed.
run=build-test/vm/runs/$name
mkdir -p "${run%/*}"
exec 9>"$run.lock"
if ! flock -n 9; then
	echo "guest.sh: another guest called $name is running: choose another --name" >&2
	exit 1
fi
rm -rf "$run"
mkdir -p "$run"

# quote WORD...: prints the words, each after a blank and quoted for a shell.
quote() {
	for word; do
		printf " '%s'" "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
	done
}

# variables: prints commands that set the variables and the directory of the command.
variables() {
	for variable in $(env |
		sed -n 's/^\(PATH\|LC_ALL\|PYTHON[A-Z]*\|VMCFS[A-Z_]*\)=.*/\1/p'); do
		eval "value=\$$variable"
		# shellcheck disable=SC2154 # by eval
		echo "$variable=$(quote "$value" | cut -c 2-); export $variable"
	done
	echo "VMCFS_TEST_KERNEL=$(quote "$kernel" | cut -c 2-)"
	echo 'export VMCFS_TEST_KERNEL'
	echo "cd$(quote "$PWD") || exit"
}

{
	variables
	echo 'export HOME=/root TMPDIR=/run/guest/tmp'
	echo "exec$(quote "$@")"
} >"$run/command.sh"
{
	echo '#!/bin/sh'
	variables
	echo "exec sh$(quote "$0" --kernel "$kernel" --name "$name" \
		--smp "$smp" --memory "$memory" --limit "$limit" \
		--accept "$accept" --append "$append" --init "$init" -- "$@")"
} >"$run/again"

# fail SENTENCE [STATUS]: prints the logs of a failed run, and exits.
fail() {
	mv "$run/again" "$run/repeat.sh"
	{
		echo "# guest $name: $1"
		if [ -s "$run/kernel.log" ]; then
			echo '# last lines of the kernel log:'
			tail -n 20 "$run/kernel.log" | sed 's/^/#   /'
		fi
		if [ -s "$run/output" ]; then
			echo '# last lines of the output:'
			tail -n 10 "$run/output" | sed 's/^/#   /'
		fi
		echo "# repeat: sh $run/repeat.sh"
	} >&2
	exit "${2:-1}"
}

# shellcheck source=/dev/null # one for each machine
. "$here/machine-$(cat "$kernel/machine").sh" || exit 1
sh "$here/initramfs.sh" "$kernel" "$run/command.sh" "$run/initramfs" ||
	fail 'the initramfs cannot be made'

set --
files=/
if [ -d "$kernel/files" ]; then
	files=$kernel/files
	set -- -fsdev "local,id=checkout,path=$PWD,security_model=none,readonly=on,multidevs=remap" \
		-device virtio-9p-pci,fsdev=checkout,mount_tag=checkout
fi

# A pipe, so that the output is printed and kept.
mkfifo "$run/pipe"
tee "$run/output" <"$run/pipe" &
copier=$!
# shellcheck disable=SC2086,SC2154 # words wanted, of the machine
timeout -k 5 "$limit" "$machine_qemu" $machine_arguments -accel tcg \
	-smp "$smp" -m "$memory" -nodefaults -no-user-config -display none \
	-no-reboot -serial "file:$run/kernel.log" \
	-kernel "$kernel/image" -initrd "$run/initramfs" \
	-append "console=$machine_console $machine_append loglevel=5 panic=-1 oops=panic guest.init=$init $append" \
	-fsdev "local,id=root,path=$files,security_model=none,readonly=on,multidevs=remap" \
	-device virtio-9p-pci,fsdev=root,mount_tag=root "$@" \
	-device virtio-serial-pci \
	-chardev "file,id=output,path=$run/pipe" \
	-device virtserialport,chardev=output,name=output \
	-chardev "file,id=status,path=$run/status" \
	-device virtserialport,chardev=status,name=status \
	</dev/null >"$run/machine.log" 2>&1 &
machine=$!
trap 'kill $machine' INT TERM HUP
wait $machine
ended=$?
trap - INT TERM HUP
wait $copier
rm -f "$run/pipe" "$run/initramfs"

if [ $ended -eq 124 ] || [ $ended -eq 137 ]; then
	fail "the limit of $limit seconds expired" 124
elif [ $ended -ne 0 ]; then
	sed 's/^/# /' "$run/machine.log" >&2
	fail "the emulator ended with status $ended"
fi
sh "$here/scan-log.sh" "$run/kernel.log" "$accept" >&2 ||
	fail 'the kernel log has reports'
status=$(cat "$run/status" 2>/dev/null)
case $status in
0) rm -f "$run/again" ;;
[1-9]*) fail "the command ended with status $status" "$status" ;;
*) fail 'the guest ended without a status of the command' ;;
esac
