# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# Machine x86-64: options of the emulator for tests/vm/guest.sh; to be sourced. It
# does not depend on the command that runs there.

machine_qemu=qemu-system-x86_64
machine_console=ttyS0

# An old processor: the emulation of vector instructions costs more than they
# save, and the C library uses them where it finds them.
machine_arguments='-machine q35 -cpu Nehalem,+rdrand'

# Nobody attacks this guest, and an emulated processor has no branches to
# predict; the time stamp counter is the host's.
machine_append='mitigations=off random.trust_cpu=on'

# The kernel's own modules that have to be there before the host's files are,
# where they are not built in.
machine_modules='virtio_pci virtio_console 9pnet_virtio 9p overlay fuse'
