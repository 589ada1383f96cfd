# SPDX-License-Identifier: GPL-2.0-or-later
#
# Raw system calls, as a C program makes them: Python repeats a call that ends
# with EINTR, these functions do not. It contains no test.
import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.read.restype = _LIBC.write.restype = ctypes.c_ssize_t

PTRACE_ATTACH, PTRACE_DETACH = 16, 17


def _result(got):
    if got < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return got


def read(descriptor, size):
    buffer = ctypes.create_string_buffer(size)
    got = _result(_LIBC.read(descriptor, buffer, ctypes.c_size_t(size)))
    return buffer.raw[:got]


def write(descriptor, data):
    return _result(_LIBC.write(descriptor, data, ctypes.c_size_t(len(data))))


def write_to(path, data, flags=os.O_WRONLY):
    """One open and one write, which must write all of DATA."""
    descriptor = os.open(path, flags)
    try:
        got = write(descriptor, data)
        assert got == len(data), f'write(2) returned {got}, not {len(data)}'
    finally:
        os.close(descriptor)


def ptrace(request, pid):
    _result(_LIBC.ptrace(request, pid, None, None))


def unshare(flags):
    _result(_LIBC.unshare(flags))
