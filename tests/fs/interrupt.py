# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interrupts: tests that SIGINT and SIGKILL end every wait, and that SIGTERM
# ends the daemon while requests wait. Signals that do not end their process
# are tested in signals.py.
import errno
import os
import signal
import time

import mounted
from helpers import Child, blocked, fill, shell, until
from mounted import Tree
from tap import case, equal, note, raises, run


def read(tree):
    channel = tree.open(os.O_RDWR, 0, 'message')
    os.read(channel, 100)


def interrupted(number):
    with Tree('sendq=1K', 'send_timeout=600s') as tree:
        child = Child(read, tree)
        blocked(tree, 'readers', 1)
        child.end(number)
        blocked(tree, 'readers', 0)
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim stall on')
        count = fill(tree, 100)
        child = Child(tree.send, b'9999 interrupted')
        blocked(tree, 'writers', 1)
        child.end(number)
        blocked(tree, 'writers', 0)
        tree.control('sim stall off')
        tree.send(b'%d the next' % count)
        for expected in range(count + 1):
            equal(
                int(os.read(channel, 1 << 16).split()[0]),
                expected,
                'the number in the message',
            )
        os.close(channel)


@case('SIGINT ends a reader and a parked writer; nothing was sent')
def interrupt():
    interrupted(signal.SIGINT)


@case('SIGKILL ends a reader and a parked writer; nothing was sent')
def kill():
    interrupted(signal.SIGKILL)


class Caught(Exception):
    pass


def catch(_number, _frame):
    raise Caught


@case('a handled signal interrupts the call, and the descriptor stays usable')
def handled():
    with Tree() as tree:

        def reader():
            signal.signal(signal.SIGUSR1, catch)
            channel = tree.open(os.O_RDWR, 0, 'message')
            try:
                os.read(channel, 100)
                raise AssertionError('not interrupted')
            except Caught:
                pass
            os.write(channel, b'x')
            equal(os.read(channel, 100), b'x', 'the message')

        child = Child(reader)
        blocked(tree, 'readers', 1)
        os.kill(child.pid, signal.SIGUSR1)
        child.done()


@case('a waiting open command can be interrupted')
def open_command():
    with Tree('open_timeout=600s', sessions=0) as tree:
        tree.control('sim stall on')
        child = Child(tree.control, 0, 'open me')
        until(
            lambda: tree.status(0)['state'] == 'opening', 'the state opening'
        )
        child.end(signal.SIGKILL)
        tree.control('sim stall off')
        until(
            lambda: tree.status(0)['state'] != 'opening', 'the end of the open'
        )


def ending(number):
    """Ten blocked readers, a parked writer, and a stalled hypervisor."""
    with Tree('sendq=1K', 'send_timeout=600s') as tree:

        def reader():
            os.read(tree.open(os.O_RDWR, 0, 'message'), 100)

        children = [Child(reader) for _ in range(10)]
        blocked(tree, 'readers', 10)
        tree.control('sim stall on')
        fill(tree, 100)
        writer = Child(raises, errno.ECONNRESET, tree.send, b'x')
        blocked(tree, 'writers', 1)
        pid, tree.pid = tree.pid, None
        started = time.monotonic()
        os.kill(pid, number)
        writer.done()
        tree.control('sim stall off')
        equal(mounted.wait_for(pid), 0, "the daemon's exit status")
        note(
            f'ended {time.monotonic() - started:.3f} seconds after the signal'
        )
        assert not mounted.is_mounted(
            tree.directory
        ), 'the tree is still mounted'
        for child in children:
            child.done()
        os.rmdir(tree.directory)


@case('SIGTERM ends a blocked writer, drains the queue, then ends ten readers')
def terminate():
    ending(signal.SIGTERM)


@case('SIGINT ends a blocked writer, drains the queue, then ends ten readers')
def interrupt_daemon():
    ending(signal.SIGINT)


@case('umount ends the daemon with status 0')
def unmount():
    with Tree() as tree:
        tree.stop('unmount')


@case('umount with a blocked reader fails with EBUSY and changes nothing')
def busy():
    with Tree() as tree:
        child = Child(read, tree)
        blocked(tree, 'readers', 1)
        shell('umount "$1"', tree.directory, status=32)
        tree.send(b'x')
        child.done()


run()
