# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stale attributes: tests that stat(2) never returns attributes from before a
# change that somebody has seen, although the kernel caches them. It does not
# test how often the kernel asks; requests.py does.
import errno
import os
import select
import signal

from helpers import VOLUME, Child, blocked, until
from mounted import Tree
from tap import case, equal, note, raises, run

RDWR = os.O_RDWR
MESSAGES = max(VOLUME // 50, 100)
ROTATIONS = max(VOLUME // 1000, 5)
SESSIONS = max(VOLUME // 8000, 2)


class Looks:
    """Several ways to ask for the size of the log of index 0."""

    def __init__(self, tree):
        self.path = tree.path(0, 'message')
        self.log = os.open(self.path, os.O_RDONLY)
        self.bare = os.open(self.path, os.O_PATH)

    def sizes(self):
        return (
            os.fstat(self.log).st_size,
            os.fstat(self.bare).st_size,
            os.stat(self.path).st_size,
            os.lseek(self.log, 0, os.SEEK_END),
        )

    def close(self):
        os.close(self.log)
        os.close(self.bare)


def look_until_killed(tree):
    """In a child: fills the cache of the kernel; sizes only grow."""
    looks, last = Looks(tree), (0, 0, 0, 0)
    while True:
        sizes = looks.sizes()
        for before, size in zip(last, sizes):
            assert size >= before, (last, sizes)
        assert list(sizes) == sorted(sizes), sizes
        last = sizes


@case('the size after a message was read includes the message')
def received():
    with Tree() as tree:
        lookers = [Child(look_until_killed, tree) for _ in range(2)]
        channel = tree.open(RDWR, 0, 'message')
        looks = Looks(tree)
        for number in range(1, MESSAGES + 1):
            os.write(channel, b'0123456789')
            equal(len(os.read(channel, 99)), 10, 'the message')
            equal(looks.sizes(), (number * 10,) * 4, 'the sizes')
        note(f'{MESSAGES * 4} looks')
        for looker in lookers:
            looker.end(signal.SIGKILL)
        looks.close()
        os.close(channel)


@case('the size after poll(2) reported a message includes it')
def polled():
    with Tree() as tree:
        looker = Child(look_until_killed, tree)
        looks = Looks(tree)
        path = tree.path(0, 'message')

        def write():
            channel = os.open(path, RDWR)
            for _ in range(MESSAGES):
                os.write(channel, b'0123456789')
                os.read(channel, 99)

        writer = Child(write)
        poll = select.epoll()
        poll.register(looks.log, select.EPOLLPRI)
        seen = 0
        while seen < MESSAGES * 10:
            poll.poll()
            size = os.stat(path).st_size
            assert size > seen, (size, seen)
            assert os.fstat(looks.bare).st_size >= size, size
            seen += len(os.pread(looks.log, 1 << 20, seen))
            assert min(looks.sizes()) >= seen, seen
        writer.done()
        looker.end(signal.SIGKILL)
        poll.close()
        looks.close()


@case('attributes are invalidated while a parked write holds the inode lock')
def parked():
    with Tree('sendq=1K', 'send_timeout=30s', 'sim.delay_ms=30') as tree:
        looks = Looks(tree)

        def write():
            writer = os.open(looks.path, os.O_WRONLY)
            for _ in range(100):
                os.write(writer, b'.' * 100)

        tree.control('sim stall on')
        child = Child(write)
        blocked(tree, 'writers', 1)
        tree.control('sim stall off')
        size = 0
        while size < 100 * 100:
            for look in lambda: os.fstat(looks.bare), lambda: os.stat(
                looks.path
            ):
                before, size = size, look().st_size
                assert size >= before, (size, before)
        child.done()
        looks.close()


TEXTS = (
    ('status',),
    ('control',),
    ('README',),
    (0, 'status'),
    (0, 'control'),
)


class Stats:
    """Processes that fill the cache of the kernel with attributes of
    directories and text files, while a block runs."""

    def __init__(self, tree):
        self.paths = [tree.path(*parts) for parts in ((), (0,), *TEXTS)]

    def look(self):
        while True:
            for path in self.paths:
                os.stat(path)

    def __enter__(self):
        self.children = [Child(self.look) for _ in range(2)]

    def __exit__(self, *_):
        for child in self.children:
            child.end(signal.SIGKILL)


def identity(found):
    return found.st_ino, found.st_size, found.st_nlink


@case('names, links and times after a rotation are those of the new segment')
def rotated():
    with Tree() as tree, Stats(tree):
        message, older = tree.path(0, 'message'), tree.path(0, 'message.1')
        for number in range(ROTATIONS):
            log = os.open(message, os.O_RDONLY)
            tree.send(b'hello')
            until(lambda f=log: os.fstat(f).st_size == 5, 'the answer')
            before = os.stat(message)
            directory = os.stat(tree.path(0))
            equal(identity(os.fstat(log)), (before.st_ino, 5, 1), number)
            tree.control(0, 'rotate')
            equal(identity(os.stat(older)), (before.st_ino, 5, 1), number)
            equal(identity(os.fstat(log)), (before.st_ino, 5, 1), number)
            now = os.stat(message)
            equal((now.st_size, now.st_nlink), (0, 1), 'the new segment')
            assert now.st_ino != before.st_ino, number
            assert os.stat(tree.path(0)).st_mtime_ns >= now.st_mtime_ns
            assert os.stat(tree.path(0)).st_mtime_ns > directory.st_mtime_ns
            tree.send(b'more')
            until(lambda: os.stat(message).st_size == 4, 'the answer')
            tree.control(0, 'rotate')
            equal(identity(os.fstat(log)), (before.st_ino, 5, 0), number)
            os.close(log)


def check_texts(tree, what):
    """Looks twice, so that the second look may be from the cache."""
    for parts in TEXTS:
        path = tree.path(*parts)
        size = os.stat(path).st_size
        equal(os.stat(path).st_size, size, f'{path} {what}')
        file = os.open(path, os.O_RDONLY)
        equal(os.fstat(file).st_size, size, f'{path} {what}')
        equal(len(os.read(file, 1 << 16)), size, f'{path} {what}')
        os.close(file)
    for parts in TEXTS:
        os.stat(tree.path(*parts))


@case('the size of a text is what a read gives, whatever happened before')
def texts():
    with Tree(sessions=0) as tree, Stats(tree):
        message = tree.path(0, 'message')

        def emit():
            before = os.stat(message).st_size
            tree.control('sim emit 0 a')
            until(lambda: os.stat(message).st_size == before + 2, 'it')

        def exchange(length):
            channel = tree.open(RDWR, 0, 'message')
            check_texts(tree, 'with an open channel')
            os.write(channel, b'.' * length)
            check_texts(tree, 'after a write')
            equal(len(os.read(channel, 1 << 16)), length, 'the message')
            check_texts(tree, 'after a read')
            os.set_blocking(channel, False)
            raises(errno.EAGAIN, os.read, channel, 9)
            os.close(channel)

        def fail():
            writer = tree.open(os.O_WRONLY, 0, 'message')
            raises(errno.EMSGSIZE, os.write, writer, b'.' * 20000)
            check_texts(tree, 'after a write that failed')
            os.close(writer)
            raises(errno.EINVAL, tree.control, 0, 'nonsense')
            check_texts(tree, 'after a command that failed')
            raises(errno.EINVAL, tree.control, 'nonsense')

        for number in range(SESSIONS):
            check_texts(tree, 'without a session')
            tree.control(0, f'open {"me" * (number + 1)}')
            check_texts(tree, 'after an open')
            for length in 1, 20, 3000:
                exchange(length)
                check_texts(tree, 'after an exchange')
            for _ in range(5):
                emit()
                check_texts(tree, 'after a message')
            fail()
            check_texts(tree, 'after failures')
            tree.control(0, 'rotate')
            check_texts(tree, 'after a rotation')
            tree.control(f'log-level {("info", "warning")[number % 2]}')
            check_texts(tree, 'after another log level')
            tree.control(0, 'close')


@case('state and time of a status after the loss of a session are current')
def lost():
    with Tree() as tree, Stats(tree):
        path = tree.path(0, 'status')
        for _ in range(SESSIONS):
            channel = tree.open(RDWR, 0, 'message')
            before = os.stat(path)
            reader = Child(raises, errno.ECONNRESET, os.read, channel, 99)
            blocked(tree, 'readers', 1)
            before = os.stat(path)
            tree.control('sim reset partner-failed')
            reader.done()
            after = os.stat(path)
            assert after.st_mtime_ns > before.st_mtime_ns
            equal(len(tree.read(0, 'status')), after.st_size, 'the size')
            os.close(channel)
            until(lambda: tree.status()['channel'] == 'ready', 'the channel')
            tree.control(0, 'open again')


run()
