#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Does one case pass on the kernel modules of this tree, in a guest? For
# tests/mutants/run.sh, which says what the answer means; it knows nothing of
# mutants.
#
#	sh check-vm.sh TREE vm/abi|vm/shown|vm/pseries|vm/sleep CASE
#
# Builds the modules in TREE, which is ours, for the kernel that
# tests/vm/kernel.sh has made ready, or MUTANTS_KERNEL, and boots it. Status 0:
# the case passes, and the kernel has nothing to complain about. 1: the case
# fails, the kernel complains, dies, or does not end. 2: unknown,
# since it does not build or there is no such case. What was seen is on standard
# output.
set -u
tree=$1
test=$2
name=$3
kernel=${MUTANTS_KERNEL:-$PWD/build-test/vm/debian}
guest=$tree/build-mutants/${kernel##*/}
. tests/lib/kmod.sh
LIMIT=150

if ! [ -f "$kernel/image" ]; then
	echo "there is no kernel in $kernel"
	exit 2
fi

# The kernel as it is, but for its modules, which are those of the tree. A guest
# may see nothing but the tree: what is read there is no link out of it.
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
	program=$(sed 's/-.*//' "$kernel/cross" 2>/dev/null || echo host)
	cp "build-test/abi/$program/ibmvmc-abi" "$guest"
	set -- "$guest/ibmvmc-abi" -c "$(cat "$guest/channel")" \
		-m "$guest/modules" "$name"
	;;
vm/sleep) set -- sh tests/vm/sleep.sh ;;
vm/shown | vm/pseries) set -- python3 -P "tests/$test.py" "$name" ;;
*)
	echo "what is $test?"
	exit 2
	;;
esac
(cd "$tree" && sh tests/vm/guest.sh --kernel "$guest" --name mutant \
	--limit $LIMIT -- "$@") >"$tree/test-log" 2>&1 </dev/null
status=$?

cat "$tree/test-log"
[ $status -eq 0 ] || [ "$(grep -cE '^(not )?ok ' "$tree/test-log")" -gt 0 ] ||
	grep -qE 'its kernel complained|it was not done|it ended without a word' \
		"$tree/test-log" || exit 2
[ $status -eq 0 ]
