# SPDX-License-Identifier: GPL-2.0-or-later
#
# Polling: tests by poll, select and epoll when message is readable, writable
# and hung up, for a channel and for a log. It does not test tools that poll;
# readers.py does.
import contextlib
import errno
import os
import select

import uring
from helpers import Child
from mounted import Tree
from tap import case, equal, raises, run

IN, OUT, HUP, ERR, PRI = (
    select.POLLIN,
    select.POLLOUT,
    select.POLLHUP,
    select.POLLERR,
    select.POLLPRI,
)
RDWR, NONBLOCK = os.O_RDWR, os.O_NONBLOCK


def events(descriptor, wanted=IN, wait=0):
    poll = select.poll()
    poll.register(descriptor, wanted)
    found = poll.poll(wait)
    return found[0][1] if found else 0


def later(action, *arguments):
    """Calls a function in another process while this one waits."""
    return Child(lambda: action(*arguments))


def write_until_full(channel):
    try:
        while True:
            os.write(channel, bytes(100))
    except BlockingIOError:
        pass


@case('poll: a channel is writable at once and readable with a message')
def poll_channel():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        equal(events(channel, IN | OUT), OUT, 'the events')
        child = later(tree.send, b'x')
        equal(events(channel, IN, None), IN, 'the events')
        child.done()
        equal(os.read(channel, 100), b'x', 'the message')
        equal(events(channel, IN), 0, 'the events')
        os.close(channel)


@case('select: a channel is writable at once and readable with a message')
def select_channel():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        equal(
            select.select([channel], [], [], 0)[0],
            [],
            'the readable descriptors',
        )
        equal(
            select.select([], [channel], [], 0)[1],
            [channel],
            'the writable descriptors',
        )
        child = later(tree.send, b'x')
        equal(
            select.select([channel], [], [])[0],
            [channel],
            'the readable descriptors',
        )
        child.done()
        equal(os.read(channel, 100), b'x', 'the message')
        equal(
            select.select([channel], [], [], 0)[0],
            [],
            'the readable descriptors',
        )
        os.close(channel)


@case('level-triggered epoll: an event is reported until all data is read')
def epoll_level():
    with Tree() as tree, select.epoll() as epoll:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        epoll.register(channel, select.EPOLLIN)
        equal(epoll.poll(0), [], 'the events')
        child = later(tree.send, b'ab')
        for part in b'a', b'b':
            equal(epoll.poll(), [(channel, select.EPOLLIN)], 'the events')
            equal(os.read(channel, 1), part, 'the part')
        child.done()
        equal(epoll.poll(0), [], 'the events')
        os.close(channel)


@case('edge-triggered epoll: a reader is woken again after EAGAIN')
def epoll_edge():
    with Tree() as tree, select.epoll() as epoll:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        epoll.register(channel, select.EPOLLIN | select.EPOLLET)
        for number in range(20):
            child = later(tree.send, b'%d' % number)
            got = []
            while not got:
                equal(epoll.poll(), [(channel, select.EPOLLIN)], 'the events')
                try:
                    while True:
                        got.append(os.read(channel, 100))
                except BlockingIOError:
                    pass
            equal(got, [b'%d' % number], 'the message')
            child.done()
        os.close(channel)


@case('edge-triggered epoll: a writer is woken again after EAGAIN')
def epoll_edge_output():
    with Tree('sendq=1K') as tree, select.epoll() as epoll:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        epoll.register(channel, select.EPOLLOUT | select.EPOLLET)
        for _ in range(5):
            tree.control('sim stall on')
            write_until_full(channel)
            # A message that was on its way may make room again.
            while epoll.poll(0):
                write_until_full(channel)
            child = later(tree.control, 'sim stall off')
            equal(epoll.poll(), [(channel, select.EPOLLOUT)], 'the events')
            child.done()
        os.close(channel)


@case(
    'edge-triggered epoll: a writer is woken after a message that '
    'did not fit'
)
def epoll_edge_too_long():
    with Tree('sendq=1K') as tree, select.epoll() as epoll:
        tree.control('sim stall on')
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        while int(tree.status(0)['send_queue_bytes']) < 500:
            os.write(channel, bytes(100))
        epoll.register(channel, select.EPOLLOUT | select.EPOLLET)
        while epoll.poll(0):
            pass
        raises(errno.EAGAIN, os.write, channel, bytes(1000))
        child = later(tree.control, 'sim stall off')
        equal(epoll.poll(), [(channel, select.EPOLLOUT)], 'the events')
        child.done()
        os.close(channel)


@case('several pollers of several channels are all woken')
def many():
    with Tree() as tree:

        def wait():
            channel = tree.open(RDWR, 0, 'message')
            os.write(ready, b'.')
            equal(events(channel, IN, None), IN, 'the events')
            equal(os.read(channel, 100), b'all', 'the message')

        side, ready = os.pipe()
        children = [Child(wait) for _ in range(10)]
        for _ in children:
            os.read(side, 1)
        tree.send(b'all')
        for child in children:
            child.done()


@case('a log is always readable, and has POLLPRI while there is unread data')
def poll_log():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        equal(events(log, IN | PRI | OUT), IN, 'the events')
        child = later(tree.send, b'abc')
        equal(events(log, PRI, None), PRI, 'the events')
        child.done()
        equal(events(log, IN | PRI), IN | PRI, 'the events')
        equal(os.read(log, 2), b'ab', 'the data')
        equal(events(log, PRI), PRI, 'the events')
        equal(os.read(log, 9), b'c', 'the data')
        equal(events(log, IN | PRI), IN, 'the events')
        equal(os.pread(log, 1, 0), b'a', 'the data at the start')
        equal(events(log, PRI), 0, 'the events')
        equal(os.read(log, 9), b'', 'the end')
        os.close(log)


@case('POLLPRI is reported for each descriptor separately')
def own_news():
    with Tree() as tree:
        logs = [tree.open(os.O_RDONLY, 0, 'message') for _ in range(2)]
        tree.send(b'abc')
        for log in logs:
            equal(events(log, PRI, None), PRI, 'the events')
        equal(os.read(logs[0], 9), b'abc', 'the data')
        equal([events(log, PRI) for log in logs], [0, PRI], 'the events')
        os.lseek(logs[1], 0, os.SEEK_END)
        equal(os.read(logs[1], 9), b'', 'the end')
        equal(events(logs[1], PRI), 0, 'the events after a read at the end')
        for log in logs:
            os.close(log)


@case('the log of an ended session reports POLLHUP once it is read')
def hang_up():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        tree.send(b'abc')
        equal(events(log, PRI, None), PRI, 'the events')
        tree.control(0, 'close')
        equal(events(log, IN | PRI), IN | PRI, 'the events')
        equal(os.read(log, 9), b'abc', 'the data')
        equal(events(log, IN | PRI), IN | HUP, 'the events')
        equal(os.read(log, 9), b'', 'the end')
        os.close(log)


@case('the end of a session wakes a poll for POLLPRI at the end of its log')
def session_end():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'message')
        child = later(tree.control, 0, 'close')
        equal(events(log, PRI, None), HUP, 'the events')
        child.done()
        os.close(log)


@case('a rotated segment reports POLLHUP, and the new one does not')
def rotated():
    with Tree() as tree:
        old = tree.open(os.O_RDONLY, 0, 'message')
        child = later(tree.control, 0, 'rotate')
        equal(events(old, PRI, None), HUP, 'the events')
        child.done()
        new = tree.open(os.O_RDONLY, 0, 'message')
        equal(events(new, IN | PRI), IN, 'the events')
        os.close(old)
        os.close(new)


@case('a dropped segment wakes its pollers')
def dropped():
    with Tree('history=64K', 'memory=256K') as tree:
        old = tree.open(os.O_RDONLY, 0, 'message')
        tree.send(b'abc')
        equal(events(old, PRI, None), PRI, 'the events')
        equal(os.read(old, 2), b'ab', 'the data')
        tree.control(0, 'rotate')
        with select.epoll() as epoll:
            epoll.register(old, select.EPOLLERR | select.EPOLLET)
            while epoll.poll(0):
                pass
            tree.control('sim flood 0 100 8192')
            equal(epoll.poll()[0][1] & (HUP | ERR), HUP | ERR, 'the events')
        raises(errno.ESTALE, os.read, old, 1)
        os.close(old)


def follow(tree, wait):
    """Reads 200 messages, after WAIT has returned for each read."""
    log = tree.open(os.O_RDONLY, 0, 'message')

    def writer():
        for number in range(200):
            tree.send(b'%d\n' % number)

    child = Child(writer)
    got = b''
    with wait(log) as ready:
        while got.count(b'\n') < 200:
            ready()
            while part := os.read(log, 64):
                got += part
    child.done()
    equal(got, b''.join(b'%d\n' % n for n in range(200)), 'the log')
    os.close(log)


@contextlib.contextmanager
def by_poll(log):
    yield lambda: equal(events(log, PRI, None), PRI, 'the events')


@contextlib.contextmanager
def by_epoll(log, flags=0):
    with select.epoll() as epoll:
        epoll.register(log, select.EPOLLPRI | flags)
        yield lambda: equal(
            epoll.poll(), [(log, select.EPOLLPRI)], 'the events'
        )


@contextlib.contextmanager
def by_ring(log):
    with uring.Ring() as ring:

        def ready():
            ring.submit(uring.POLL_ADD, log, events=PRI)
            equal(ring.take()[1], PRI, 'the events')

        yield ready


@case('a loop over POLLPRI and read follows the log: poll, epoll, io_uring')
def loop():
    with Tree() as tree:
        follow(tree, by_poll)
        for wait in (
            by_epoll,
            by_ring,
            lambda log: by_epoll(log, select.EPOLLET),
        ):
            tree.control(0, 'rotate')
            follow(tree, wait)


@case('a loop over POLLPRI follows the name across rotations')
def across():
    with Tree() as tree:

        def writer():
            for number in range(100):
                tree.send(b'%d\n' % number)
                if number % 10 == 9:
                    os.read(read_all, 1)
                    tree.control(0, 'rotate')

        read_all, go_on = os.pipe()
        log = tree.open(os.O_RDONLY, 0, 'message')
        child = Child(writer)
        got = []
        while len(got) < 100:
            found = events(log, PRI, None)
            while part := os.read(log, 1 << 16):
                got += part.split()
                if len(got) % 10 == 0:
                    os.write(go_on, b'.')
            if found & HUP:
                os.close(log)
                log = tree.open(os.O_RDONLY, 0, 'message')
        child.done()
        equal(got, [b'%d' % number for number in range(100)], 'the log')
        os.close(log)


@case('a channel reports POLLHUP when its session ends')
def channel_hang_up():
    with Tree() as tree:
        channel = tree.open(RDWR, 0, 'message')
        child = later(tree.control, 0, 'close')
        assert events(channel, IN, None) & HUP
        child.done()
        equal(os.read(channel, 9), b'', 'the end')
        raises(errno.ENXIO, os.write, channel, b'x')
        os.close(channel)


@case('POLLOUT is not reported while the send queue is full')
def writable():
    with Tree('sendq=1K') as tree:
        tree.control('sim stall on')
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        sent = 0
        try:
            while True:
                sent += os.write(channel, b'%04d' % sent) > 0
        except BlockingIOError:
            pass
        equal(events(channel, OUT), 0, 'the events')
        child = later(tree.control, 'sim stall off')
        equal(events(channel, OUT, None), OUT, 'the events')
        child.done()
        os.close(channel)


run()
