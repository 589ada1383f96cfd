# SPDX-License-Identifier: GPL-2.0-or-later
#
# Watched files: calls inotify(7), and finds the announcer, which makes the
# kernel report changes of the tree. It contains no test.
import ctypes
import os
import select
import struct

import left
from helpers import process_status, until

LIBC = ctypes.CDLL(None, use_errno=True)
MODIFY, ATTRIB, MOVED_FROM, MOVED_TO = 0x2, 0x4, 0x40, 0x80
CREATE, DELETE, DELETE_SELF, MOVE_SELF = 0x100, 0x200, 0x400, 0x800
UNMOUNT, ISDIR = 0x2000, 0x40000000
NAMES = {
    MODIFY: 'modify',
    MOVED_FROM: 'from',
    MOVED_TO: 'to',
    CREATE: 'create',
    MOVE_SELF: 'move self',
    UNMOUNT: 'unmount',
}
HEADER = struct.Struct('iIII')


class Watch:
    """An instance of inotify whose watches have names."""

    def __init__(self, **paths):
        self.fd = LIBC.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        assert self.fd >= 0, ctypes.get_errno()
        self.watched = {}
        self.got = []
        for name, path in paths.items():
            self.add(name, path)

    def add(self, name, path):
        mask = sum(NAMES)
        wd = LIBC.inotify_add_watch(self.fd, os.fsencode(path), mask)
        assert wd >= 0, ctypes.get_errno()
        self.watched[wd] = name

    def pending(self):
        """The events that have arrived: (watch, event, file, cookie)."""
        try:
            data = os.read(self.fd, 1 << 16)
        except BlockingIOError:
            return []
        found = []
        while data:
            wd, mask, cookie, size = HEADER.unpack_from(data)
            end = HEADER.size + size
            name = data[HEADER.size : end].rstrip(b'\0')
            data = data[end:]
            event = NAMES.get(mask & ~ISDIR)
            if event:
                found.append((self.watched[wd], event, name.decode(), cookie))
        self.got += found
        return found

    def wait(self, watch, event, file=''):
        """Waits for an event after the last one that was waited for, and drops
        those before it; returns its cookie."""
        while True:
            while self.got:
                found = self.got.pop(0)
                if found[:3] == (watch, event, file):
                    return found[3]
            select.select([self.fd], [], [])
            self.pending()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)


def announcer(tree):
    """Process ID of the announcer of a tree, or None."""
    for pid in left.processes():
        try:
            status = process_status(pid)
            parent = int(status['PPid'])
            if (
                left.name(pid) == 'vmcfs-announcer'
                and int(process_status(parent)['PPid']) == tree.pid
            ):
                return pid
        except (OSError, KeyError):
            pass
    return None


def await_announcer(tree):
    until(lambda: announcer(tree), 'the announcer')
    return announcer(tree)
