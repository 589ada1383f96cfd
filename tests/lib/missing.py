# SPDX-License-Identifier: GPL-2.0-or-later
#
# Missing page: memory whose first access waits in the kernel until the test
# provides the page (userfaultfd(2)), to find accesses of a driver to user
# memory under a lock. It contains no test.
import ctypes
import fcntl
import mmap
import os
import select
import struct
import threading

from machine import call

UFFDIO_API, UFFDIO_REGISTER, UFFDIO_COPY = 0xC018AA3F, 0xC020AA00, 0xC028AA03
MISSING = 1
PAGE = mmap.PAGESIZE

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = (
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
)
libc.munmap.argtypes = ctypes.c_void_p, ctypes.c_size_t
for each in libc.read, libc.write:
    each.restype = ctypes.c_ssize_t
    each.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t


class Missing:
    """with Missing() as page: page.start(page.read, node, 64) ..."""

    def __init__(self):
        self.faults = call('userfaultfd', os.O_CLOEXEC)
        fcntl.ioctl(
            self.faults, UFFDIO_API, bytearray(struct.pack('QQQ', 0xAA, 0, 0))
        )
        self.address = libc.mmap(None, PAGE, 3, 0x22, -1, 0)
        fcntl.ioctl(
            self.faults,
            UFFDIO_REGISTER,
            bytearray(struct.pack('QQQQ', self.address, PAGE, MISSING, 0)),
        )
        self.result = None

    def _transfer(self, function, node, size):
        got = function(node, self.address, size)
        self.result = got if got >= 0 else -ctypes.get_errno()

    def start(self, name, node, size):
        """read(2) or write(2) between NODE and the page, in a thread."""
        thread = threading.Thread(
            target=self._transfer,
            args=(getattr(libc, name), node, size),
            daemon=True,
        )
        thread.start()
        return thread

    def await_fault(self):
        """Waits for an access to the page."""
        poll = select.poll()
        poll.register(self.faults, select.POLLIN)
        poll.poll()
        os.read(self.faults, 32)

    def provide(self, filler=b'.'):
        """Provides the page; a waiting access continues."""
        source = ctypes.create_string_buffer(filler * PAGE, PAGE)
        fcntl.ioctl(
            self.faults,
            UFFDIO_COPY,
            bytearray(
                struct.pack(
                    'QQQQq', self.address, ctypes.addressof(source), PAGE, 0, 0
                )
            ),
        )

    def bytes(self, size):
        return ctypes.string_at(self.address, size)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.faults)  # a waiting access continues
        libc.munmap(self.address, PAGE)
