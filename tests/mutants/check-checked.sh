#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Does one case pass on the kernel modules of this tree, in a guest whose kernel
# checks itself? As check-vm.sh, for what only such a kernel sees; tests/vm/
# checked-kernel.sh has to have built it.
#
#	sh check-checked.sh TREE checked/abi|checked/shown CASE
set -u
MUTANTS_KERNEL=$PWD/build-test/vm/checked
export MUTANTS_KERNEL
exec sh tests/mutants/check-vm.sh "$1" "vm/${2#checked/}" "$3"
