# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machine x86-64: options of the emulator for tests/vm/guest.sh; to be sourced. It
# does not depend on the command that runs there.
# shellcheck shell=sh disable=SC2034

machine_qemu=qemu-system-x86_64
machine_console=ttyS0

# An old processor: the C library uses vector instructions where they exist, and their
# emulation is slow.
machine_arguments='-machine q35 -cpu Nehalem,+rdrand'

# Mitigations cost time, and an emulated processor does not speculate. With
# random.trust_cpu the boot does not wait for entropy.
machine_append='mitigations=off random.trust_cpu=on'

# Modules of the kernel that mount the root, unless they are built in.
machine_modules='virtio_pci virtio_console 9pnet_virtio 9p overlay fuse'
