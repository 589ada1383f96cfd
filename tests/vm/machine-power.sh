# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machine POWER: options of the emulator for tests/vm/guest.sh; to be sourced.
# VMCFS_TEST_CPU is the processor: POWER8, POWER9 or POWER10. It does not depend on the
# command that runs there.
# shellcheck shell=sh disable=SC2034

machine_qemu=qemu-system-ppc64
machine_console=hvc0

# The firmware "vof" starts faster than the default one. The capabilities are
# mitigations that the emulation does not implement. Any -prom-env gives the firmware
# an NVRAM that Linux can read.
machine_arguments="-machine pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,\
cap-ibs=broken,cap-ccf-assist=off -cpu ${VMCFS_TEST_CPU:-POWER9} -vga none \
-prom-env auto-boot?=true"

machine_append='mitigations=off'

# Modules of the kernel that mount the root, unless they are built in.
machine_modules='virtio_pci virtio_console 9pnet_virtio 9p overlay fuse'
