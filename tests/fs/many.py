# SPDX-License-Identifier: GPL-2.0-or-later
#
# Many files: tests that opens, rotations, messages and closes proceed while
# many files are open and many segments exist. On the host there are 10,000
# channels; a walk over all of them at each event would exceed the time of a
# case. It measures no time.
import os
import resource
import select
import signal

from helpers import VOLUME, Child, until
from mounted import Tree
from tap import case, equal, run

COUNT = VOLUME // 10
SEGMENTS = max(50, COUNT // 50)


def hold(tree, ready, flags, polls=False):
    """Opens message COUNT times and waits to be killed."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with select.epoll() as epoll:
        for _ in range(COUNT):
            descriptor = tree.open(flags, 0, 'message')
            if polls:
                epoll.register(descriptor, select.EPOLLIN | select.EPOLLPRI)
        os.write(ready, b'.')
        signal.pause()


def held(tree, flags, polls=False):
    side, ready = os.pipe()
    child = Child(hold, tree, ready, flags, polls)
    os.close(ready)
    assert os.read(side, 1), 'the files were not opened'
    os.close(side)
    return child


def use(tree):
    """Performs one round trip and one rotation."""
    channel = tree.open(os.O_RDWR, 0, 'message')
    os.write(channel, b'.')
    equal(os.read(channel, 9), b'.', 'the message')
    os.close(channel)
    tree.control(0, 'rotate')


def many(flags, polls=False):
    with Tree('memory=64M') as tree:
        child = held(tree, flags, polls)
        for _ in range(SEGMENTS):
            use(tree)
        tree.control(0, 'close')
        tree.control(0, 'open again')
        child.end(signal.SIGKILL)
        for _ in range(10):
            use(tree)
        until(lambda: tree.status()['handles'] == '0', 'the closes')
        use(tree)


@case(f'{COUNT} channels of an ended session are closed during other calls')
def channels():
    many(os.O_RDWR)


@case(f'{COUNT} polled channels do not block rotations')
def polled_channels():
    many(os.O_RDWR, True)


@case(f'{COUNT} polled logs do not block rotations')
def polled_logs():
    many(os.O_RDONLY, True)


@case(f'{COUNT} open writers do not block rotations')
def writers():
    many(os.O_WRONLY)


run()
