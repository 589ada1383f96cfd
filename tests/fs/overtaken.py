# SPDX-License-Identifier: GPL-2.0-or-later
#
# Overtaken readers: tests that a reader of log that does not read for a while,
# over several rotations, gets each line or its number in a gap, once. It does
# not test where a gap stands in a file: hmclog.py and capture.py do.
import errno
import fcntl
import os
import re
import select
import signal

from client import Started
from helpers import exchange, overtake, until
from mounted import Tree
from tap import case, equal, run

LINE = re.compile(rb'\S+Z (\w+) (\d+) \d+ (?:\[[^]"]*\] )?"[ -~]*"')
MESSAGE = b'message ' * 25
PAGE = 4096


class Follower(Started):
    """vmcctl follow; its output is taken only when the case asks for it, from
    a pipe of one page."""

    def __init__(self, tree):
        super().__init__(tree, 'follow', '0')
        self.tree = tree
        self.got = b''
        self.pipe = self.process.stdout.fileno()
        fcntl.fcntl(self.pipe, fcntl.F_SETPIPE_SZ, PAGE)
        until(self._prints, 'a line')
        self._await_last()
        self.got = b''
        self.before = self._messages()

    def _prints(self):
        self.tree.send(b'probe')
        return select.select([self.pipe], [], [], 0.01)[0]

    def _messages(self):
        status = self.tree.status(0)
        return int(status['sent_messages']) + int(status['received_messages'])

    def take(self):
        self.got += os.read(self.pipe, PAGE)

    def _await_last(self):
        until(
            lambda: self.tree.status(0)['received_messages']
            == self.tree.status(0)['sent_messages'],
            'the echo',
        )
        status = self.tree.status(0)
        last = f"received {status['received_messages']} ".encode()
        while last not in self.got or not self.got.endswith(b'\n'):
            self.take()

    def expect_all(self):
        """Each message since the start is a line or counted by a gap."""
        self._await_last()
        numbers = {b'sent': [], b'received': []}
        gaps = []
        for line in filter(None, map(LINE.fullmatch, self.got.split(b'\n'))):
            numbers.get(line[1], gaps).append(int(line[2]))
        for each in numbers.values():
            equal(each, sorted(set(each)), 'the numbers')
        assert gaps, 'there is no gap'
        equal(
            sum(map(len, numbers.values())) + sum(gaps),
            self._messages() - self.before,
            f'the number of messages; gaps: {gaps}',
        )


def stopped(count):
    with Tree('log=64K') as tree, Follower(tree) as follower:
        follower.process.send_signal(signal.SIGSTOP)
        exchange(tree, *[MESSAGE] * count)
        follower.process.send_signal(signal.SIGCONT)
        follower.expect_all()


@case('a follower that was stopped over some rotations loses no line silently')
def stopped_shortly():
    stopped(180)


@case('a follower that was stopped over many rotations loses no line silently')
def stopped_long():
    stopped(2000)


@case('a follower whose output is blocked loses no line silently')
def blocked():
    for count in 180, 2000:
        with Tree('log=64K') as tree, Follower(tree) as follower:
            exchange(tree, *[MESSAGE] * count)
            follower.expect_all()


@case(
    'a follower that is overtaken while it catches up loses no line silently'
)
def catching_up():
    with Tree('log=64K') as tree, Follower(tree) as follower:
        follower.process.send_signal(signal.SIGSTOP)
        exchange(tree, *[MESSAGE] * 400)
        follower.process.send_signal(signal.SIGCONT)
        for _ in range(150):
            exchange(tree, *[MESSAGE] * 10)
            follower.take()
        follower.expect_all()


@case('a dropped file has POLLPRI until its gap is read, then POLLHUP')
def events():
    for name in 'log', 'log.json', 'capture':
        with Tree('log=512K,capture=512K') as tree:
            late = tree.open(os.O_RDONLY, 0, name)
            poll = select.poll()
            poll.register(late, select.POLLPRI)
            overtake(tree, late)
            for size in 10, 1 << 16:
                equal(poll.poll(), [(late, select.POLLPRI)], 'the events')
                assert os.read(late, size), 'the gap is missing'
            equal(poll.poll(), [(late, select.POLLHUP)], 'the events')
            equal(os.read(late, 1 << 16), b'', 'the end')
            equal(poll.poll(), [(late, select.POLLHUP)], 'the events')
            os.close(late)


@case('a dropped file that was read to its end has POLLHUP at once')
def read_before():
    with Tree('log=512K') as tree:
        exchange(tree, *[b'.' * 8000] * 4)
        late = tree.open(os.O_RDONLY, 0, 'log')
        poll = select.poll()
        poll.register(late, select.POLLPRI)
        while poll.poll(0) != [(late, select.POLLHUP)]:
            while os.read(late, 1 << 16):
                pass
            exchange(tree, b'.' * 8000)
        until(lambda: drops(tree, late), 'the end of the records')
        equal(poll.poll(), [(late, select.POLLHUP)], 'the events')
        equal(os.read(late, 1 << 16), b'', 'the end')
        os.close(late)


def drops(tree, file):
    """Sends more; returns whether the records of a file were dropped."""
    exchange(tree, *[b'.' * 8000] * 16)
    try:
        os.pread(file, 1, 0)
    except OSError as error:
        equal(error.errno, errno.ESTALE, 'the error')
        return True
    return False


run()
