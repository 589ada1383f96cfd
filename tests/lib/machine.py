# SPDX-License-Identifier: GPL-2.0-or-later
#
# Machine: numbers of ioctls and of the system calls that Python lacks, which
# differ between architectures. It contains no test.
import ctypes
import os

_NUMBERS = {
    'x86_64': {
        'delete_module': 176,
        'finit_module': 313,
        'io_setup': 206,
        'io_getevents': 208,
        'io_submit': 209,
        'io_uring_setup': 425,
        'io_uring_enter': 426,
        'userfaultfd': 323,
    },
    'ppc64le': {
        'delete_module': 129,
        'finit_module': 353,
        'io_setup': 227,
        'io_getevents': 229,
        'io_submit': 230,
        'io_uring_setup': 425,
        'io_uring_enter': 426,
        'userfaultfd': 364,
    },
}
_LIBC = ctypes.CDLL(None, use_errno=True)

# Direction bits of an ioctl without a direction; 0 on most architectures.
_IOC_NONE = {'ppc64le': 1 << 29}.get(os.uname().machine, 0)


def call(name, *arguments):
    """Result of a system call. Modules are loaded for each mount, and running
    a program for that would take too long."""
    number = _NUMBERS[os.uname().machine][name]
    got = _LIBC.syscall(number, *arguments)
    if got < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), arguments)
    return got


def ioctl_number(kind, number):
    """Number of an ioctl without a size and a direction."""
    return _IOC_NONE | kind << 8 | number
