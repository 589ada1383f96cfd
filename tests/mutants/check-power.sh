#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Case on POWER: runs check-vm.sh on the emulated partition that
# tests/vm/check-kernel.sh has made, for defects of its transport. It does not make the
# partition.
#
#	sh check-power.sh TREE power/abi|power/shown|power/pseries|power/sleep CASE
set -u
MUTANTS_KERNEL=$PWD/build-test/vm/power
export MUTANTS_KERNEL
exec sh tests/mutants/check-vm.sh "$1" "vm/${2#power/}" "$3"
