# SPDX-License-Identifier: GPL-2.0-or-later
#
# Asynchronous I/O: tests libaio and io_uring on message. Waiting callers can
# be killed, no message is lost, closes by other processes succeed, and waiting
# takes bounded memory. It does not test synchronous calls.
import errno
import os
import select
import signal
import threading

import uring
from helpers import Child, blocked, state_of, until
from mounted import Tree
from tap import case, equal, note, run

RDWR, NONBLOCK, DIRECT = os.O_RDWR, os.O_NONBLOCK, os.O_DIRECT
LARGE = 4 << 20  # several requests of the kernel
LINUX = tuple(map(int, os.uname().release.split('.')[:2]))
# Before Linux 6.2 one waiting write of a file blocks all others.
PARALLEL = LINUX >= (6, 2)
# On Linux 6.1, io_uring_enter(2) waits for a read or write of a channel unless
# the request has IOSQE_ASYNC.
BACKGROUND = 0 if LINUX >= (6, 5) else uring.ASYNC


def received(tree, count):
    until(
        lambda: tree.status(0)['received_messages'] == str(count),
        'all messages',
    )


def numbered(tree, count):
    for number in range(count):
        tree.send(b'message %d' % number)
    received(tree, count)


def aio_read(tree, flags):
    """Waits, even though the kernel does not read an empty file with
    O_DIRECT."""
    channel = tree.open(RDWR | flags, 0, 'message')
    uring.Submission().submit(uring.IOCB_CMD_PREAD, channel, bytearray(LARGE))


@case('libaio: a process that waits in io_submit can be killed')
def aio_killed():
    with Tree() as tree:
        numbered(tree, 1)
        for flags in 0, DIRECT:
            for number in signal.SIGINT, signal.SIGKILL:
                child = Child(aio_read, tree, flags)
                blocked(tree, 'readers', 1)
                child.end(number)
                blocked(tree, 'readers', 0)
        until(lambda: tree.status(0)['channels'] == '0', 'the closes')


@case('libaio: a read of 4 MiB returns one message and loses none')
def aio_large():
    with Tree() as tree:
        for flags in 0, DIRECT:
            channel = tree.open(RDWR | flags, 0, 'message')
            sent = int(tree.status(0)['received_messages'])
            for number in range(4):
                tree.send(b'message %d' % number)
            received(tree, sent + 4)
            submission = uring.Submission()
            for number in range(4):
                buffer = bytearray(LARGE)
                submission.submit(uring.IOCB_CMD_PREAD, channel, buffer)
                equal(submission.take(), 9, 'the result')
                equal(buffer[:9], b'message %d' % number, 'the message')
            os.close(channel)


@case(
    'libaio: a write sends one message, and fails with EMSGSIZE '
    'above the MTU'
)
def aio_write():
    with Tree() as tree:
        channel = tree.open(RDWR | DIRECT, 0, 'message')
        submission = uring.Submission()
        for size, result in (
            (100, 100),
            (16384, 16384),
            (16385, -errno.EMSGSIZE),
        ):
            submission.submit(uring.IOCB_CMD_PWRITE, channel, bytearray(size))
            equal(submission.take(), result, 'the result')
        equal(len(os.read(channel, LARGE)), 100, 'the first message')
        equal(len(os.read(channel, LARGE)), 16384, 'the second message')
        os.close(channel)


@case('io_uring: a poll completes on a message, which read(2) returns')
def ring_poll():
    with Tree() as tree, uring.Ring() as ring:
        channel = tree.open(RDWR | NONBLOCK, 0, 'message')
        for number in range(4):
            ring.submit(uring.POLL_ADD, channel, events=select.POLLIN)
            tree.send(b'message %d' % number)
            equal(ring.take()[1] & select.POLLIN, select.POLLIN, 'the events')
            equal(
                os.read(channel, LARGE), b'message %d' % number, 'the messages'
            )
        os.close(channel)


@case('io_uring: reads of a blocking channel get every message, in order')
def ring_blocking():
    with Tree() as tree, uring.Ring() as ring:
        channel = tree.open(RDWR, 0, 'message')
        numbered(tree, 4)
        got = bytearray()
        for number in range(4, 8):
            buffer = bytearray(15)
            ring.submit(uring.READ, channel, buffer, flags=BACKGROUND)
            tree.send(b'message %d' % number)
            got += buffer[: ring.take()[1]]
        received(tree, 8)
        while len(got) < 8 * 9:
            got += os.read(channel, 100)
        equal(
            bytes(got),
            b''.join(b'message %d' % n for n in range(8)),
            'the messages',
        )
        buffer = bytearray(100)
        ring.submit(uring.READ, channel, buffer, flags=BACKGROUND)
        tree.control(0, 'close')
        equal(ring.take()[1], 0, 'the result at the end of the session')
        os.close(channel)


@case('io_uring: a read of a log returns the existing bytes, and 0 at its end')
def ring_log():
    with Tree() as tree, uring.Ring() as ring:
        log = tree.open(os.O_RDONLY, 0, 'message')
        ring.submit(uring.READ, log, bytearray(9))
        equal(ring.take()[1], 0, 'the result on an empty log')
        numbered(tree, 3)
        equal(os.pread(log, LARGE, 0), tree.read(0, 'message'), 'the log')
        for offset, expected in (
            (0, 27),
            (0, 27),
            (20, 7),
            (0, 27),
            (27, 0),
            (99, 0),
            (20, 7),
            (20, 7),
        ):
            buffer = bytearray(LARGE)
            ring.submit(uring.READ, log, buffer, offset=offset)
            equal(ring.take()[1], expected, f'the result at {offset}')
            equal(
                buffer[:expected],
                b'message 0message 1message 2'[offset:],
                'the data',
            )
        os.close(log)


def ring_wait(tree, ready):
    with uring.Ring() as ring:
        channel = tree.open(RDWR, 0, 'message')
        for tag in range(50):
            ring.submit(
                uring.READ,
                channel,
                bytearray(100),
                tag=tag,
                flags=uring.ASYNC if tag % 2 else BACKGROUND,
            )
        tree.control('sim stall on')
        for tag in range(50, 100):
            ring.submit(
                uring.WRITE,
                channel,
                bytearray(16000),
                tag=tag,
                flags=BACKGROUND,
            )
        os.write(ready, b'.')
        signal.pause()


@case('io_uring: a read of README or a status file returns the text once')
def ring_text():
    with Tree() as tree, uring.Ring() as ring:
        for path in ('README',), ('control',), ('status',), (0, 'status'):
            text = tree.open(os.O_RDONLY, *path)
            for size in LARGE, 1 << 16:
                buffer = bytearray(size)
                ring.submit(uring.READ, text, buffer)
                result = ring.take()[1]
                equal(buffer[:result], tree.read(*path), 'the text')
            os.close(text)


@case('io_uring: a large log is read once, by requests of any size')
def ring_large():
    with Tree('history=64M') as tree, uring.Ring() as ring:
        tree.control('sim flood 0 300 16000')
        received(tree, 300)
        expected = tree.read(0, 'message')
        for size in 8 << 20, 1 << 20, 1 << 16, 60000:
            log = tree.open(os.O_RDONLY, 0, 'message')
            got = bytearray()
            while True:
                buffer = bytearray(size)
                ring.submit(uring.READ, log, buffer, offset=len(got))
                result = ring.take()[1]
                if not result:
                    break
                got += buffer[:result]
            assert got == expected, f'{len(got)} bytes by {size}'
            os.close(log)


@case('io_uring: a process with reads and writes that wait can be killed')
def ring_killed():
    with Tree('send_timeout=600s') as tree:
        side, ready = os.pipe()
        child = Child(ring_wait, tree, ready)
        os.read(side, 1)
        tree.read(0, 'message')
        child.end(signal.SIGKILL)
        until(lambda: tree.status(0)['channels'] == '0', 'the close')
        blocked(tree, 'readers', 0)
        blocked(tree, 'writers', 0)
        tree.control('sim stall off')
        tree.send(b'still served')
        until(
            lambda: tree.read(0, 'message').endswith(b'still served'),
            'the message',
        )


def ring_read(tree):
    with uring.Ring() as ring:
        channel = tree.open(RDWR, 0, 'message')
        ring.submit(uring.READ, channel, bytearray(100))
        ring.take()


@case('io_uring: a process that waits in io_uring_enter can be killed')
def ring_caller():
    with Tree() as tree:
        for number in signal.SIGINT, signal.SIGKILL:
            child = Child(ring_read, tree)
            until(
                lambda: tree.status(0)['channels'] == '1'
                and state_of(child.pid) == 'S',
                'the wait',
            )
            child.end(number)
            until(lambda: tree.status(0)['channels'] == '0', 'the close')
            blocked(tree, 'readers', 0)


@case('many waiting reads do not delay a close')
def closes():
    with Tree() as tree:
        others = [tree.open(RDWR, 0, 'message') for _ in range(100)]
        waiting = tree.open(RDWR, 0, 'message')
        threads = [
            threading.Thread(target=os.read, args=(waiting, 9))
            for _ in range(200)
        ]
        for thread in threads:
            thread.start()
        blocked(tree, 'readers', 200)
        for descriptor in others:
            os.close(descriptor)
        until(lambda: tree.status(0)['channels'] == '1', 'the closes')
        tree.control(0, 'close')
        for thread in threads:
            thread.join()
        os.close(waiting)


@case(
    'waiting writes use bounded memory: ENOBUFS above the limit, '
    'others proceed'
)
def bounded():
    with Tree('send_timeout=600s', hmcs=2, sessions=2) as tree:
        size = 16384
        tree.send(bytes(size))  # the log is long enough for parallel writes
        received(tree, 1)
        tree.control('sim stall on')
        writer = tree.open(os.O_WRONLY, 0, 'message')
        limit = int(tree.status()['waiting_limit_bytes'])
        results = []

        def write():
            try:
                results.append(os.write(writer, bytes(size)))
            except OSError as error:
                results.append(error.errno)

        threading.stack_size(64 * 1024)
        threads = []
        while errno.ENOBUFS not in results and len(threads) < 1200:
            threads.append(threading.Thread(target=write))
            threads[-1].start()
        if PARALLEL:
            until(lambda: errno.ENOBUFS in results, 'a refused write')
            assert 'ENOBUFS' in tree.status(0)['last_error']
        waiting = int(tree.status()['waiting_bytes'])
        note(f'{len(threads)} writes, {waiting} bytes wait of {limit}')
        assert waiting <= limit, waiting
        equal(
            tree.status(1)['state'],
            'ready',
            'the result of a write to another session',
        )
        tree.control('sim stall off')
        for thread in threads:
            thread.join()
        equal(set(results) - {size, errno.ENOBUFS}, set(), 'the other results')
        until(
            lambda: tree.status()['waiting_bytes'] == '0',
            'the end of all waits',
        )
        sent = 1 + results.count(size)
        until(
            lambda: tree.status(0)['sent_messages'] == str(sent),
            'all messages',
        )
        os.close(writer)


run()
