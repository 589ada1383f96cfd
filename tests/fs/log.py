# SPDX-License-Identifier: GPL-2.0-or-later
#
# Logs: tests message opened for reading only, a file that grows: offsets,
# seeking, several readers, and O_NONBLOCK, which has no effect. Channels are
# tested in channel.py.
import os

from helpers import until
from mounted import Tree
from tap import case, equal, run


def filled(tree, text):
    tree.send(text)
    until(lambda: tree.read(0, 'message').endswith(text), 'the echo')


@case('reads continue across messages and return 0 at the end')
def stream():
    with Tree() as tree:
        for message in b'ab', b'cdef', b'g':
            filled(tree, message)
        for flags in os.O_RDONLY, os.O_RDONLY | os.O_NONBLOCK:
            log = tree.open(flags, 0, 'message')
            for part in b'abc', b'def', b'g', b'', b'':
                equal(os.read(log, 3), part, 'the part')
            os.close(log)


@case('an open descriptor reads new messages')
def grows():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        size = 0
        for number in range(20):
            equal(os.read(log, 100), b'', 'the end')
            filled(tree, b'%d' % number)
            size += len(b'%d' % number)
            equal(os.fstat(log).st_size, size, 'the size')
            equal(os.read(log, 100), b'%d' % number, 'the data')
        os.close(log)


@case('lseek and pread work on a log')
def seek():
    with Tree() as tree:
        filled(tree, b'0123456789')
        log = tree.open(os.O_RDONLY, 0, 'message')
        equal(os.lseek(log, 0, os.SEEK_END), 10, 'the offset')
        equal(os.lseek(log, -3, os.SEEK_CUR), 7, 'the offset')
        equal(os.read(log, 100), b'789', 'the data')
        equal(os.pread(log, 2, 4), b'45', 'the data')
        equal(os.pread(log, 2, 400), b'', 'the data')
        equal(os.lseek(log, 1, os.SEEK_SET), 1, 'the offset')
        equal(os.read(log, 1), b'1', 'the data')
        os.close(log)


@case('the log of a closed session is kept')
def stays():
    with Tree() as tree:
        filled(tree, b'text')
        tree.control(0, 'close')
        equal(tree.read(0, 'message'), b'text', 'the log')


@case('several readers have independent offsets')
def several():
    with Tree() as tree:
        filled(tree, b'0123456789')
        logs = [tree.open(os.O_RDONLY, 0, 'message') for _ in range(5)]
        for part in b'0123', b'4567', b'89', b'':
            for log in logs:
                equal(os.read(log, 4), part, 'the part')
        for log in logs:
            os.close(log)


@case('an empty message does not change the log')
def nothing():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        tree.send(b'')
        filled(tree, b'x')
        equal(os.read(log, 100), b'x', 'the data')
        equal(
            tree.status(0)['received_messages'],
            '1',
            'the number of received messages',
        )
        os.close(log)


run()
