# SPDX-License-Identifier: GPL-2.0-or-later
#
# Buffered output: tests programs that buffer what they write to message. They
# use the block size as the size of their buffer, so the block size must not
# exceed the longest message. It does not test unbuffered writes.
import errno
import os

from helpers import shell, until
from mounted import Tree
from tap import case, equal, run

LINES = ''.join(f'line {number}\n' for number in range(5000))


def arrives(tree, text):
    until(lambda: tree.read(0, 'message') == text.encode(), 'the text')


@case(
    'the block size of message is at most the MTU, and 8192 where that allows'
)
def block_size():
    for mtu, expected in (
        (16384, 16384),
        (8192, 8192),
        (8191, 4096),
        (5000, 4096),
        (1024, 1024),
    ):
        with Tree(mtu=mtu) as tree:
            equal(
                os.stat(tree.path(0, 'message')).st_blksize,
                expected,
                f'the block size for an MTU of {mtu}',
            )
            for path in ('README',), ('status',), (0, 'control'):
                equal(os.stat(tree.path(*path)).st_blksize, 8192, path)


@case('Python: many buffered lines arrive in messages within the MTU')
def python_lines():
    for mtu, mode in (
        (16384, 'w'),
        (8192, 'w'),
        (16384, 'wb'),
        (8192, 'wb'),
        (5000, 'wb'),
        (1024, 'wb'),
    ):
        with Tree(mtu=mtu) as tree:
            with open(tree.path(0, 'message'), mode) as file:
                for line in LINES.splitlines(True):
                    file.write(line if mode == 'w' else line.encode())
            arrives(tree, LINES)


@case('Python: one write of a text longer than the MTU fails with EMSGSIZE')
def python_long():
    with Tree() as tree:
        for mode in 'w', 'wb':
            file = open(tree.path(0, 'message'), mode)
            try:
                file.write('x' * 100000 if mode == 'w' else bytes(100000))
                file.flush()
                raise AssertionError('the write succeeded')
            except OSError as error:
                equal(error.errno, errno.EMSGSIZE, 'the errno')
            finally:
                try:
                    file.close()
                except OSError as error:
                    equal(error.errno, errno.EMSGSIZE, 'the errno of close')
        equal(
            tree.status(0)['sent_messages'], '0', 'the number of sent messages'
        )


@case('C stdio: the output of seq and sed arrives in messages within the MTU')
def stdio():
    for mtu in 16384, 8192:
        with Tree(mtu=mtu) as tree:
            expected = shell('seq 10000').stdout.decode()
            shell('seq 10000 > "$1"', tree.path(0, 'message'))
            arrives(tree, expected)
            tree.control(0, 'rotate')
            shell('seq 10000 | sed p > "$1"', tree.path(0, 'message'))
            arrives(tree, shell('seq 10000 | sed p').stdout.decode())


run()
