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


@case('one descriptor: each read returns one message')
def one_descriptor():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        for message in b'a', b'two\nlines\n', bytes(range(256)), b'x' * MTU:
            equal(os.write(channel, message), len(message), 'the length')
            equal(os.read(channel, 1 << 20), message, 'the message')
        for number in range(5):
            os.write(channel, b'%d' % number)
        for number in range(5):
            equal(os.read(channel, 100), b'%d' % number, 'the message')
        os.close(channel)


@case('two descriptors: a waiting reader gets the messages of a writer')
def two_descriptors():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'one', 'the message')
            equal(os.read(channel, 100), b'two', 'the message')

        child = Child(reader)
        blocked(tree, 'readers', 1)
        writer = tree.open(os.O_WRONLY, 0, 'message')
        os.write(writer, b'one')
        os.write(writer, b'two')
        os.close(writer)
        child.done()


@case('a shared descriptor: a write succeeds while another process reads')
def shared_descriptor():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        child = Child(lambda: equal(os.read(channel, 9), b'x', 'the message'))
        blocked(tree, 'readers', 1)
        os.write(channel, b'x')
        child.done()
        os.close(channel)


@case('a channel begins at the end of the log')
def present_end():
    with Tree() as tree:
        tree.send(b'old')
        until(lambda: tree.read(0, 'message') == b'old', 'the echo')
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        raises(errno.EAGAIN, os.read, channel, 100)
        os.close(channel)


@case('O_NONBLOCK: a read without a message fails with EAGAIN')
def nonblocking():
    with Tree() as tree:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        raises(errno.EAGAIN, os.read, channel, 100)
        os.set_blocking(channel, True)
        os.write(channel, b'x')
        equal(os.read(channel, 100), b'x', 'the message')
        os.set_blocking(channel, False)
        raises(errno.EAGAIN, os.read, channel, 100)
        os.close(channel)


@case('short reads return the parts of one message, never of two')
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


@case('readv and writev transfer one message each')
def vectors():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        equal(os.writev(channel, [b'abc', b'de', b'fgh']), 8, 'the length')
        buffers = [bytearray(5), bytearray(50)]
        equal(os.readv(channel, buffers), 8, 'the length')
        equal(bytes(buffers[0] + buffers[1][:3]), b'abcdefgh', 'the message')
        os.close(channel)


@case('each of several channels reads every message')
def every_one():
    with Tree() as tree:
        channels = [tree.open(RDWR, 0, 'message') for _ in range(5)]
        for number, channel in enumerate(channels):
            os.write(channel, b'from %d' % number)
        for channel in channels:
            for number in range(5):
                equal(
                    os.read(channel, 100), b'from %d' % number, 'the message'
                )
            os.close(channel)


@case('all waiting readers are woken')
def all_woken():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'all', 'the message')

        children = [Child(reader) for _ in range(10)]
        blocked(tree, 'readers', 10)
        tree.send(b'all')
        for child in children:
            child.done()


@case('an empty write sends nothing')
def empty_write():
    with Tree() as tree:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        equal(os.write(channel, b''), 0, 'the length')
        raises(errno.EAGAIN, os.read, channel, 100)
        equal(
            tree.status(0)['sent_messages'], '0', 'the number of sent messages'
        )
        os.close(channel)


@case('an empty read consumes nothing')
def empty_read():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'x')
        equal(os.read(channel, 0), b'', 'the message')
        equal(os.read(channel, 100), b'x', 'the message')
        os.close(channel)


@case('lseek on a channel fails')
def unseekable():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        raises(errno.ESPIPE, os.lseek, channel, 0, os.SEEK_SET)
        raises(errno.ESPIPE, os.pread, channel, 1, 0)
        raises(errno.ESPIPE, os.pwrite, channel, b'x', 0)
        os.close(channel)


@case('messages before the end of the session are read before the end')
def end():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        os.write(channel, b'last')
        until(lambda: tree.read(0, 'message') == b'last', 'the echo')
        tree.control(0, 'close')
        equal(os.read(channel, 100), b'last', 'the message')
        equal(os.read(channel, 100), b'', 'the end')
        equal(os.read(channel, 100), b'', 'the end again')
        os.close(channel)


@case('a waiting reader returns 0 when the session is closed')
def close_while_waiting():
    with Tree() as tree:

        def reader():
            channel = tree.open(RDWR, 0, 'message')
            equal(os.read(channel, 100), b'', 'the end')

        child = Child(reader)
        blocked(tree, 'readers', 1)
        tree.control(0, 'close')
        child.done()


@case('without a session a log can be opened, but no channel')
def no_session():
    with Tree(sessions=0) as tree:
        raises(errno.ENXIO, tree.open, RDWR, 0, 'message')
        raises(errno.ENXIO, tree.open, RDWR | NONBLOCK, 0, 'message')
        equal(tree.read(0, 'message'), b'', 'the log')


run()
