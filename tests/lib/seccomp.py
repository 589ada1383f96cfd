# SPDX-License-Identifier: GPL-2.0-or-later
#
# Seccomp: makes some ioctls fail, in this process and its children, as an
# older driver would, which does not know them. It contains no test.
import ctypes
import errno
import os
import struct

# Audit architecture, and the number of ioctl(2).
MACHINES = {'x86_64': (0xC000003E, 16), 'ppc64le': (0xC0000015, 54)}

LOAD, EQUAL, RETURN = (
    0x20,
    0x15,
    0x06,
)  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
NUMBER, MACHINE, REQUEST = 0, 4, 24  # of struct seccomp_data; little endian
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_char_p)]


def hide_ioctls(*requests):
    """Each of REQUESTS fails with EINVAL from now on. Needs root."""
    machine, ioctl = MACHINES[os.uname().machine]
    count = len(requests)
    steps = [
        (LOAD, 0, 0, MACHINE),
        (EQUAL, 0, count + 3, machine),
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, count + 1, ioctl),
        (LOAD, 0, 0, REQUEST),
    ]
    steps += [
        (EQUAL, count - position, 0, request)
        for position, request in enumerate(requests)
    ]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERRNO | errno.EINVAL)]
    code = b''.join(struct.pack('HBBI', *step) for step in steps)
    program = Program(len(steps), code)
    if ctypes.CDLL(None, use_errno=True).prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        number = ctypes.get_errno()
        raise OSError(number, 'seccomp: ' + os.strerror(number))
