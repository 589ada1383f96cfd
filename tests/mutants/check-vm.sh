#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Case in a guest: builds the modules in a copy of the tree and runs one case on them,
# for tests/mutants/run.sh. It applies no mutant, and does not make the kernel.
#
#	sh check-vm.sh TREE vm/abi|vm/shown|vm/pseries|vm/sleep CASE
#
# MUTANTS_KERNEL is the kernel, by default that of tests/vm/kernel.sh. Exit status 0:
# the case passes, and the kernel log has no report. 1: the case fails, or the kernel
# has a report, dies, or hangs. 2: there is no result, because the build fails or the
# case does not exist. The output of the case is on standard output.
set -u
tree=$1
test=$2
name=$3
kernel=${MUTANTS_KERNEL:-$PWD/build-test/vm/debian}
guest=$tree/build-mutants/${kernel##*/}
. tests/lib/kmod.sh
LIMIT=150

if ! [ -f "$kernel/image" ]; then
	echo "$kernel does not contain a kernel"
	exit 2
fi

# The kernel with the modules of the tree. A guest may have access to the tree only, so
# the files that it reads are copies, not links.
if ! [ -d "$guest" ]; then
	mkdir -p "$guest"
	for file in "$kernel"/*; do
		case ${file##*/} in
		channel | release | machine | arch | cross | headers) cp "$file" "$guest" ;;
		modules) ;;
		*) ln -s "$file" "$guest" ;;
		esac
	done
	ln -s "$tree/kmod" "$guest/modules"
fi
kmod_make "$kernel" -C "$tree/kmod" KDIR="$(cat "$kernel/headers")" \
	>"$tree/build-log" 2>&1 || {
	grep -iE 'error' "$tree/build-log" || tail -n 20 "$tree/build-log"
	exit 2
}

VMCFS_TEST_KERNEL=$guest
PYTHONPATH=$tree/tests/lib
PYTHONDONTWRITEBYTECODE=1
export VMCFS_TEST_KERNEL PYTHONPATH PYTHONDONTWRITEBYTECODE
case $test in
vm/abi)
	cross=$(cat "$kernel/cross" 2>/dev/null)
	program=${cross%%-*}
	make -s -C tests/abi CROSS_COMPILE="$cross" >"$tree/build-log" 2>&1 || {
		cat "$tree/build-log"
		exit 2
	}
	cp "build-test/abi/${program:-host}/ibmvmc-abi" "$guest"
	set -- "$guest/ibmvmc-abi" -c "$(cat "$guest/channel")" \
		-m "$guest/modules" "$name"
	;;
vm/sleep) set -- sh tests/vm/sleep.sh ;;
vm/shown | vm/pseries) set -- python3 -P "tests/$test.py" "$name" ;;
*)
	echo "check-vm.sh: unknown test $test"
	exit 2
	;;
esac
(cd "$tree" && sh tests/vm/guest.sh --kernel "$guest" --name mutant \
	--limit $LIMIT -- "$@") >"$tree/test-log" 2>&1 </dev/null
status=$?

cat "$tree/test-log"
[ $status -eq 0 ] || [ "$(grep -cE '^(not )?ok ' "$tree/test-log")" -gt 0 ] ||
	grep -qE '^# guest mutant: the (kernel log|limit of|guest ended)' \
		"$tree/test-log" || exit 2
[ $status -eq 0 ]
