#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Case on the debug kernel: runs check-vm.sh on the kernel that
# tests/vm/checked-kernel.sh has built, for defects that only its checkers find. It
# does not build the kernel.
#
#	sh check-checked.sh TREE checked/abi|checked/shown CASE
set -u
MUTANTS_KERNEL=$PWD/build-test/vm/checked
export MUTANTS_KERNEL
exec sh tests/mutants/check-vm.sh "$1" "vm/${2#checked/}" "$3"
