# SPDX-License-Identifier: GPL-2.0-or-later
#
# Channels: tests message opened for reading and writing. Each read returns one
# message, from the end of the log at the open, on any number of descriptors.
# Logs are tested in log.py.
import errno
import os

from helpers import Child, blocked, until
from mounted import MTU, Tree
from tap import case, equal, raises, run

RDWR, NONBLOCK = os.O_RDWR, os.O_NONBLOCK


@case('one descriptor: each answer is one read')
def one_descriptor():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        for message in b'a', b'two\nlines\n', bytes(range(256)), b'x' * MTU:
            equal(os.write(channel, message), len(message), 'the count')
            equal(os.read(channel, 1 << 20), message, 'the answer')
        for number in range(5):
            os.write(channel, b'%d' % number)
        for number in range(5):
            equal(os.read(channel, 100), b'%d' % number, 'the answer')
        os.close(channel)


@case('two descriptors: a writer beside a reader that waits')
def two_descriptors():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'one', 'the answer')
            equal(os.read(channel, 100), b'two', 'the answer')

        child = Child(reader)
        blocked(tree, 'readers', 1)
        writer = tree.open(os.O_WRONLY, 0, 'message')
        os.write(writer, b'one')
        os.write(writer, b'two')
        os.close(writer)
        child.done()


@case('one descriptor shared: a write while another process reads it')
def shared_descriptor():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        child = Child(lambda: equal(os.read(channel, 9), b'x', 'it'))
        blocked(tree, 'readers', 1)
        os.write(channel, b'x')
        child.done()
        os.close(channel)


@case('a channel begins at the present end')
def present_end():
    with Tree() as tree:
        tree.send(b'old')
        until(lambda: tree.read(0, 'message') == b'old', 'the answer')
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        raises(errno.EAGAIN, os.read, channel, 100)
        os.close(channel)


@case('O_NONBLOCK: EAGAIN while there is none')
def nonblocking():
    with Tree() as tree:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        raises(errno.EAGAIN, os.read, channel, 100)
        os.set_blocking(channel, True)
        os.write(channel, b'x')
        equal(os.read(channel, 100), b'x', 'the answer')
        os.set_blocking(channel, False)
        raises(errno.EAGAIN, os.read, channel, 100)
        os.close(channel)


@case('a short buffer gets part after part, never of two messages')
def parts():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'abcdefg')
        os.write(channel, b'hij')
        for part in b'abc', b'def', b'g', b'hij':
            equal(os.read(channel, 3), part, 'the part')
        os.write(channel, b'k')
        equal(os.read(channel, 3), b'k', 'the part')
        os.close(channel)


@case('readv and writev: one message each')
def vectors():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        equal(os.writev(channel, [b'abc', b'de', b'fgh']), 8, 'the count')
        buffers = [bytearray(5), bytearray(50)]
        equal(os.readv(channel, buffers), 8, 'the count')
        equal(bytes(buffers[0] + buffers[1][:3]), b'abcdefgh', 'it')
        os.close(channel)


@case('each of several channels sees every message')
def every_one():
    with Tree() as tree:
        channels = [tree.open(RDWR, 0, 'message') for _ in range(5)]
        for number, channel in enumerate(channels):
            os.write(channel, b'from %d' % number)
        for channel in channels:
            for number in range(5):
                equal(os.read(channel, 100), b'from %d' % number, 'it')
            os.close(channel)


@case('all of several waiting readers are woken')
def all_woken():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'all', 'the answer')

        children = [Child(reader) for _ in range(10)]
        blocked(tree, 'readers', 10)
        tree.send(b'all')
        for child in children:
            child.done()


@case('a write of nothing sends nothing')
def empty_write():
    with Tree() as tree:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        equal(os.write(channel, b''), 0, 'the count')
        raises(errno.EAGAIN, os.read, channel, 100)
        equal(tree.status(0)['sent_messages'], '0', 'messages sent')
        os.close(channel)


@case('a read of nothing takes nothing')
def empty_read():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'x')
        equal(os.read(channel, 0), b'', 'the answer')
        equal(os.read(channel, 100), b'x', 'the answer')
        os.close(channel)


@case('a channel cannot be sought in')
def unseekable():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        raises(errno.ESPIPE, os.lseek, channel, 0, os.SEEK_SET)
        raises(errno.ESPIPE, os.pread, channel, 1, 0)
        raises(errno.ESPIPE, os.pwrite, channel, b'x', 0)
        os.close(channel)


@case('what was there when the session ended is read, then the end')
def end():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'last')
        until(lambda: tree.read(0, 'message') == b'last', 'the answer')
        tree.control(0, 'close')
        equal(os.read(channel, 100), b'last', 'the answer')
        equal(os.read(channel, 100), b'', 'the end')
        equal(os.read(channel, 100), b'', 'the end again')
        os.close(channel)


@case('a waiting reader gets the end when the session is closed')
def close_while_waiting():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'', 'the end')

        child = Child(reader)
        blocked(tree, 'readers', 1)
        tree.control(0, 'close')
        child.done()


@case('without a session a channel cannot be opened, a log can')
def no_session():
    with Tree(sessions=0) as tree:
        raises(errno.ENXIO, tree.open, RDWR, 0, 'message')
        raises(errno.ENXIO, tree.open, RDWR | NONBLOCK, 0, 'message')
        equal(tree.read(0, 'message'), b'', 'the log')


run()
