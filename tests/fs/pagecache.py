# SPDX-License-Identifier: GPL-2.0-or-later
#
# Page cache: tests reads by sendfile, splice and mmap instead of read(2). On a
# channel they must not wait with a locked page, which would block every other
# open of the file. Before Linux 6.5 they read such a file as read(2) does
# (docs/kernels.md). It does not test read(2).
import ctypes
import errno
import mmap
import os
import signal

from helpers import Child, blocked, shell, until
from missing import libc
from mounted import Tree
from tap import case, equal, raises, run

RDWR = os.O_RDWR
LIKE_READ = tuple(map(int, os.uname().release.split('.')[:2])) < (6, 5)


def waiting(tree, channel, pipe):
    """Calls sendfile. Before Linux 6.5 it waits, as read(2) does, with the
    pipe locked; a signal ends the wait."""
    child = Child(
        lambda: equal(
            os.sendfile(pipe, channel, None, 4096), 5, 'the result of sendfile'
        )
    )
    blocked(tree, 'readers', 1)
    other = Child(os.sendfile, os.pipe()[1], channel, None, 4096)
    blocked(tree, 'readers', 2)
    other.end(signal.SIGINT)
    blocked(tree, 'readers', 1)
    equal(tree.read(0, 'message'), b'first\n', 'the log')
    tree.send(b'third')
    child.done()


@case(
    'sendfile from a channel acts like read(2) or is refused, and '
    'blocks no other user'
)
def refused():
    with Tree() as tree:
        tree.send(b'first\n')
        until(lambda: tree.read(0, 'message') == b'first\n', 'the echo')
        channel = tree.open(RDWR, 0, 'message')
        end, pipe = os.pipe()
        if LIKE_READ:
            waiting(tree, channel, pipe)
            equal(os.read(end, 99), b'third', 'the data from the pipe')
        else:
            raises(errno.EINVAL, os.sendfile, pipe, channel, None, 4096)
        assert tree.read(0, 'message').startswith(b'first\n')
        os.write(channel, b'second\n')
        equal(os.read(channel, 99), b'second\n', 'the message')
        for descriptor in (channel, end, pipe):
            os.close(descriptor)


@case('busybox cat, which tries sendfile first, reads a channel')
def busybox():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'answer\n')
        until(
            lambda: tree.status(0)['received_messages'] == '1', 'the answer'
        )
        tree.control(0, 'close')
        got = shell(f'busybox cat <&{channel}', pass_fds=[channel])
        equal(got.stdout, b'answer\n', 'the output')
        os.close(channel)


@case('sendfile and read return the same bytes of a log')
def log():
    with Tree() as tree:
        tree.send(b'0123456789' * 1000)
        until(lambda: len(tree.read(0, 'message')) == 10000, 'the echo')
        for _ in range(2):
            got = shell('busybox cat "$1"', tree.path(0, 'message'))
            equal(got.stdout, tree.read(0, 'message'), 'the output')
            tree.send(b'more')
            until(lambda: tree.read(0, 'message')[-4:] == b'more', 'the log')


def touch(descriptor, offset):
    """Maps four pages privately in a child, for any file size."""

    def look():
        address = libc.mmap(
            None,
            4 * mmap.PAGESIZE,
            mmap.PROT_READ,
            mmap.MAP_PRIVATE,
            descriptor,
            0,
        )
        equal(ctypes.string_at(address + offset, 1), b'.', 'the byte')

    return Child(look)


@case(
    'mmap of a log: private mappings show it to its end, shared '
    'ones fail with ENODEV'
)
def mapped_log():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        for length in 1000, 4000, 12000:
            have = len(tree.read(0, 'message'))
            tree.send(b'.' * (length - have))
            until(
                lambda n=length: len(tree.read(0, 'message')) == n, 'the log'
            )
            with mmap.mmap(
                log, length, mmap.MAP_PRIVATE, mmap.PROT_READ
            ) as mapped:
                equal(mapped[:], b'.' * length, 'the mapping')
            touch(log, length - 1).done()
            if length <= mmap.PAGESIZE:
                equal(
                    touch(log, mmap.PAGESIZE).join(),
                    128 + signal.SIGBUS,
                    'the status of a child that reads past the end',
                )
        raises(
            errno.ENODEV, mmap.mmap, log, 1000, mmap.MAP_SHARED, mmap.PROT_READ
        )
        os.close(log)


@case('mmap of a channel: an access raises SIGBUS and blocks no other user')
def mapped_channel():
    with Tree() as tree:
        tree.send(b'.' * 1000)
        until(lambda: tree.read(0, 'message'), 'the echo')
        channel = tree.open(RDWR, 0, 'message')
        equal(
            touch(channel, 0).join(),
            128 + signal.SIGBUS,
            'the status of the child',
        )
        raises(
            errno.ENODEV,
            mmap.mmap,
            channel,
            1000,
            mmap.MAP_SHARED,
            mmap.PROT_READ,
        )
        os.write(channel, b'alive')
        equal(os.read(channel, 99), b'alive', 'the message')
        os.close(channel)


run()
