# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# The emulated POWER partition of tests/vm/guest.sh; to be sourced.
# VMCFS_TEST_CPU is its processor: POWER8, POWER9 or POWER10. It knows nothing of
# what is run there.

machine_qemu=qemu-system-ppc64
machine_console=hvc0

# The small firmware starts in no time. Those capabilities are about mitigations
# that the emulation has not got, and refuses to promise. A variable of the
# firmware, whichever, makes its memory for such one that Linux can read.
machine_arguments="-machine pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,\
cap-ibs=broken,cap-ccf-assist=off -cpu ${VMCFS_TEST_CPU:-POWER9} -vga none \
-prom-env auto-boot?=true"

machine_append='mitigations=off'

# The kernel's own modules that have to be there before the guest's files are,
# where they are not built in.
machine_modules='virtio_pci virtio_console 9pnet_virtio 9p overlay fuse'
