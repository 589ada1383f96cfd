# SPDX-License-Identifier: GPL-2.0-or-later
#
# io_uring(7) and libaio by system calls: submits reads and writes, returns
# completions. It contains no test.
import ctypes
import mmap
import os
import struct

from machine import call

READ, WRITE, POLL_ADD = 22, 23, 6
ASYNC = 1 << 4  # IOSQE_ASYNC
IOCB_CMD_PREAD, IOCB_CMD_PWRITE = 0, 1
_GETEVENTS = 1
_SQ_RING, _SQES = 0, 0x10000000
_ENTRY, _COMPLETION = 64, 16


class Ring:
    """with Ring() as ring: ring.submit(READ, fd, bytearray(100));
    ring.take()"""

    def __init__(self, entries=64):
        parameters = bytearray(120)
        buffer = (ctypes.c_char * 120).from_buffer(parameters)
        self.descriptor = call('io_uring_setup', entries, buffer)
        del buffer
        sq_entries, cq_entries = struct.unpack_from('II', parameters)
        sq = struct.unpack_from('8I', parameters, 40)
        cq = struct.unpack_from('8I', parameters, 80)
        self.mask = sq_entries - 1
        self.completions = cq_entries - 1
        size = max(sq[6] + sq_entries * 4, cq[5] + cq_entries * _COMPLETION)
        self.ring = mmap.mmap(self.descriptor, size, offset=_SQ_RING)
        self.entries = mmap.mmap(
            self.descriptor, sq_entries * _ENTRY, offset=_SQES
        )
        self.tail, self.array = sq[1], sq[6]
        self.cq_head, self.cq_tail, self.cqes = cq[0], cq[1], cq[5]
        self.kept = {}  # the kernel writes to these buffers

    def _get(self, offset):
        return struct.unpack_from('I', self.ring, offset)[0]

    def _put(self, offset, value):
        struct.pack_into('I', self.ring, offset, value & 0xFFFFFFFF)

    def submit(
        self,
        operation,
        descriptor,
        buffer=None,
        tag=0,
        offset=0,
        events=0,
        flags=0,
    ):
        """BUFFER is a bytearray; EVENTS are those of a poll."""
        tail = self._get(self.tail)
        address = size = 0
        if buffer is not None:
            view = (ctypes.c_char * len(buffer)).from_buffer(buffer)
            self.kept[tag] = view
            address, size = ctypes.addressof(view), len(buffer)
        struct.pack_into(
            '<BBHiQQIIQ',
            self.entries,
            (tail & self.mask) * _ENTRY,
            operation,
            flags,
            0,
            descriptor,
            offset & 0xFFFFFFFFFFFFFFFF,
            address,
            size,
            events,
            tag,
        )
        self._put(self.array + (tail & self.mask) * 4, tail & self.mask)
        self._put(self.tail, tail + 1)
        return call('io_uring_enter', self.descriptor, 1, 0, 0, None, 0)

    def take(self, wait=True):
        """Returns (tag, result) of the next completion, or None."""
        head = self._get(self.cq_head)
        if head == self._get(self.cq_tail):
            if not wait:
                return None
            call('io_uring_enter', self.descriptor, 0, 1, _GETEVENTS, None, 0)
        place = self.cqes + (head & self.completions) * _COMPLETION
        tag, result = struct.unpack_from('<Qi', self.ring, place)
        self._put(self.cq_head, head + 1)
        self.kept.pop(tag, None)
        return tag, result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ring.close()
        self.entries.close()
        os.close(self.descriptor)


class Submission:
    """Asynchronous I/O of libaio."""

    def __init__(self):
        self.context = ctypes.c_ulong(0)
        self.kept = []
        call('io_setup', 64, ctypes.byref(self.context))

    def submit(self, operation, descriptor, buffer):
        """Returns when the kernel accepted the request, perhaps at its
        completion."""
        view = (ctypes.c_char * len(buffer)).from_buffer(buffer)
        block = ctypes.create_string_buffer(
            struct.pack(
                '<QIIHhIQQqQII',
                0,
                0,
                0,
                operation,
                0,
                descriptor,
                ctypes.addressof(view),
                len(buffer),
                0,
                0,
                0,
                0,
            )
        )
        pointer = ctypes.c_void_p(ctypes.addressof(block))
        self.kept.append((view, block))
        return call(
            'io_submit', self.context, ctypes.c_long(1), ctypes.byref(pointer)
        )

    def take(self):
        """Waits for the result of one request."""
        event = ctypes.create_string_buffer(32)
        call(
            'io_getevents',
            self.context,
            ctypes.c_long(1),
            ctypes.c_long(1),
            event,
            None,
        )
        return struct.unpack_from('<QQqq', event)[2]
