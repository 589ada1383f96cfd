# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bounded logs: tests that a channel reader with few messages in transit loses
# nothing while a log of small segments is rotated many times, and that the
# memory of the logs stays within memory=. Memory of the whole daemon is tested
# in resident.py.
import errno
import itertools
import os
import select

from helpers import VOLUME, Numbered, until
from mounted import Tree
from tap import case, equal, note, raises, run

COUNT = VOLUME * 3 // 10
FLOOD = min(VOLUME // 5, 2000)  # messages of 8 KiB
WINDOW = 16


def within(tree):
    status = tree.status()
    used, limit = (
        int(status[key]) for key in ('memory_bytes', 'memory_limit_bytes')
    )
    assert used <= limit, f'{used} bytes of {limit} are in use'
    return used


@case(f'history=64K and {WINDOW} messages in transit lose no message')
def window():
    with Tree('history=64K', 'memory=2M') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        asked, most = [], 0
        numbered = Numbered(2, 1, 16384)
        for number, message in enumerate(itertools.islice(numbered, COUNT)):
            os.write(channel, message)
            asked.append(message)
            if len(asked) == WINDOW:
                equal(os.read(channel, 1 << 16), asked.pop(0), 'the echo')
            if number % 100 == 0:
                most = max(most, within(tree))
        for message in asked:
            equal(os.read(channel, 1 << 16), message, 'the message')
        status = tree.status(0)
        equal(status['overruns'], '0', 'overruns')
        assert int(status['rotations']) > 10, status['rotations']
        note(f"{status['rotations']} rotations, at most {most} bytes")
        os.close(channel)


@case('memory stays within its limit without readers')
def without_readers():
    with Tree('history=64K', 'memory=1M', hmcs=2, sessions=2) as tree:
        for index in 0, 1:
            tree.control(f'sim flood {index} {FLOOD} 8192')
        for index in 0, 1:
            until(
                lambda i=index: within(tree) >= 0
                and tree.status(i)['received_messages'] == str(FLOOD),
                'all messages',
            )
        within(tree)


@case('the smallest memory= with a larger history= stays within its limit')
def least():
    with Tree('history=16M', 'memory=64K', hmcs=8, sessions=8) as tree:
        for index in range(8):
            tree.control(f'sim flood {index} 200 16384')
        for index in range(8):
            until(
                lambda i=index: within(tree) >= 0
                and tree.status(i)['received_messages'] == '200',
                'all messages',
            )
        tree.send(b'still there')
        until(
            lambda: tree.read(0, 'message').endswith(b'still there'),
            'the message',
        )
        within(tree)


@case('a channel reader whose segment was dropped: EPIPE once, then messages')
def overrun():
    with Tree('history=64K', 'memory=1M') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim flood 0 2000 4096')
        until(
            lambda: tree.status(0)['received_messages'] == '2000',
            'all messages',
        )
        within(tree)
        raises(errno.EPIPE, os.read, channel, 1 << 16)
        first = int(os.read(channel, 1 << 16).split()[0])
        assert 1 < first < 2000, first
        for number in range(first + 1, 2001):
            got = os.read(channel, 1 << 16)
            equal((len(got), int(got.split()[0])), (4096, number), 'the echo')
        equal(tree.status(0)['overruns'], '1', 'overruns')
        os.close(channel)


def resumes_after_empty_segments(history, memory, count, size):
    with Tree(f'history={history}', f'memory={memory}') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim emit 0 one')
        until(
            lambda: tree.status(0)['received_messages'] == '1',
            'the first message',
        )
        tree.control(0, 'rotate')
        tree.control(0, 'rotate')
        tree.control(f'sim flood 0 {count} {size}')
        until(
            lambda: tree.status(0)['received_messages'] == str(1 + count),
            'the flood',
        )
        raises(errno.EPIPE, os.read, channel, 10)
        first = int(os.read(channel, 10).split()[0])
        assert 1 <= first <= count, first
        os.close(channel)


@case(
    'two rotations without a message, then memory pressure: EPIPE '
    'once, then messages'
)
def empty_segments():
    resumes_after_empty_segments('4K', '64K', 20, 16000)
    resumes_after_empty_segments('16M', '16M', 1200, 16000)


def read_while_flooded(tree, count, size):
    """Reads the status after each read, so that the flood is faster."""
    channel = tree.open(os.O_RDWR | os.O_NONBLOCK, 0, 'message')
    tree.control(f'sim flood 0 {count} {size}')
    numbers, losses, lost_now = [], 0, False
    while True:
        done = tree.status(0)['received_messages'] == str(count)
        try:
            numbers.append(int(os.read(channel, 16384).split()[0]))
            lost_now = False
        except OSError as error:
            if error.errno == errno.EAGAIN:
                if done:
                    break
                continue
            equal(error.errno, errno.EPIPE, 'the error')
            assert not lost_now, 'EPIPE twice without a message in between'
            losses += 1
            lost_now = True
    os.close(channel)
    return numbers, losses


@case(
    'a channel reader slower than a flood gets few EPIPE, each followed by '
    'messages'
)
def slower():
    for memory, count, size in (
        (64 << 10, VOLUME // 20, 16000),
        (1 << 20, VOLUME * 3 // 10, 4096),
    ):
        with Tree('history=16K', f'memory={memory}') as tree:
            numbers, losses = read_while_flooded(tree, count, size)
            equal(numbers, sorted(set(numbers)), 'the order')
            equal(numbers[-1], count, 'the last message')
            assert losses <= len(numbers), f'{losses} losses are reported'
            # A segment of 16 KiB uses at least one page.
            pages = max(1, os.sysconf('SC_PAGESIZE') >> 14)
            most = 4 + pages * count * size // (memory // 2)
            assert losses <= most, f'{losses} losses, not {most}'
            equal(tree.status(0)['overruns'], str(losses), 'overruns')
            note(f'{len(numbers)} messages of {count}, {losses} EPIPE')


@case('a log reader of a dropped segment gets ESTALE and POLLHUP')
def dropped():
    with Tree('history=64K', 'memory=1M') as tree:
        logs = []
        for number in range(1, 13):  # each flood fills more than a segment
            logs.append(tree.open(os.O_RDONLY, 0, 'message'))
            tree.control('sim flood 0 100 4096')
            until(
                lambda n=number: tree.status(0)['received_messages']
                == str(100 * n),
                'all messages',
            )
            within(tree)
        assert int(tree.status()['segments_dropped']) > 0
        raises(errno.ESTALE, os.read, logs[0], 100)
        poll = select.poll()
        poll.register(logs[0], select.POLLIN)
        got = poll.poll(0)[0][1]
        assert got & select.POLLHUP and got & select.POLLERR, got
        equal(len(os.read(logs[-1], 100)), 100, 'the kept messages')
        for log in logs:
            os.close(log)


run()
