#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Does one case pass on the kernel modules of this tree, on an emulated POWER
# partition? As check-vm.sh, for what only the transport there can do wrong;
# sh tests/vm/check-kernel.sh power has to have made it.
#
#	sh check-power.sh TREE power/abi|power/shown|power/pseries CASE
set -u
MUTANTS_KERNEL=$PWD/build-test/vm/power
export MUTANTS_KERNEL
exec sh tests/mutants/check-vm.sh "$1" "vm/${2#power/}" "$3"
