# SPDX-License-Identifier: GPL-2.0-or-later
#
# Stall: tests a hypervisor that stops taking messages. The send queue fills,
# one write waits and times out, further writes fail at once; when the
# hypervisor continues, exactly the accepted messages arrive, in order. Signals
# to the writers are tested in signals.py.
import errno
import os
import signal

from helpers import Child, blocked, fill, state_of, until
from mounted import Tree
from tap import case, equal, note, raises, run


def arrive(channel, count):
    for number in range(count):
        got = os.read(channel, 1 << 16)
        equal(int(got.split()[0]), number, 'the number in the message')


@case(
    'in a stall the queue fills, one write times out, and later '
    'ones fail at once'
)
def stall():
    with Tree('sendq=64K', 'send_timeout=2s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim stall on')
        count = fill(tree, 1000)
        queued = int(tree.status(0)['send_queue_messages'])
        note(f'{count} messages accepted, {queued} of them in the queue')
        assert 1 < queued <= 65, queued
        writer = tree.open(os.O_WRONLY, 0, 'message')
        raises(errno.ETIMEDOUT, os.write, writer, b'9999 lost')
        assert 'ETIMEDOUT' in tree.status(0)['last_error']
        # waits of two seconds each would exceed the guard of the case
        for _ in range(100):
            raises(errno.ETIMEDOUT, os.write, writer, b'9999 lost')
        equal(tree.status(0)['state'], 'ready', 'the state')
        tree.control('sim stall off')
        arrive(channel, count)
        equal(os.write(writer, b'alive'), 5, 'the result of write')
        equal(os.read(channel, 100), b'alive', 'the message')
        equal(
            tree.status(0)['unsent_messages'],
            '0',
            'the number of unsent messages',
        )
        os.close(writer)
        os.close(channel)


@case('a waiting write continues when the hypervisor resumes')
def parked():
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim stall on')
        count = fill(tree, 100)
        child = Child(tree.send, b'%d parked' % count)
        blocked(tree, 'writers', 1)
        tree.control('sim stall off')
        child.done()
        arrive(channel, count + 1)
        os.close(channel)


@case('an empty queue accepts one message of any length')
def one():
    with Tree('sendq=1', 'send_timeout=60s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim stall on')
        count = fill(tree, 16000)
        equal(
            tree.status(0)['send_queue_messages'],
            '1',
            'the number of queued messages',
        )
        tree.control('sim stall off')
        arrive(channel, count)
        os.close(channel)


def append(tree, number):
    descriptor = tree.open(os.O_WRONLY | os.O_APPEND, 0, 'message')
    os.write(descriptor, b'%d appended' % number)
    os.close(descriptor)


def appenders(tree):
    """Returns the number of queued messages, and twenty programs that append:
    one waits for room, the others for the inode lock that it holds."""
    tree.control('sim stall on')
    count = fill(tree, 100)
    children = []
    for number in range(20):
        children.append(Child(append, tree, count + number))
        blocked(tree, 'writers', 1)
    for child in children[1:]:
        until(lambda pid=child.pid: state_of(pid) == 'D', 'the wait')
    equal(
        tree.status(0)['waiting_writers'],
        '1',
        'the number of writers in the daemon',
    )
    return count, children


@case('programs that append take turns, and all are served')
def turns():
    with Tree('sendq=1K', 'send_timeout=600s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        count, children = appenders(tree)
        tree.control('sim stall off')
        for child in children:
            child.done()
        got = [
            int(os.read(channel, 1 << 16).split()[0])
            for _ in range(count + 20)
        ]
        equal(got[:count], list(range(count)), 'the earlier messages')
        equal(
            sorted(got[count:]),
            list(range(count, count + 20)),
            'the rest of the text',
        )
        os.close(channel)


@case('killed programs that append end before any of them can send')
def killed_turns():
    with Tree('sendq=1K', 'send_timeout=600s') as tree:
        _, children = appenders(tree)
        for child in children:
            os.kill(child.pid, signal.SIGKILL)
        for child in children:
            equal(child.join(), 128 + signal.SIGKILL, 'the status')
        blocked(tree, 'writers', 0)


@case('poll, reads and status work during a waiting write')
def others():
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        child = Child(tree.send, b'parked')
        blocked(tree, 'writers', 1)
        equal(tree.read(0, 'message'), b'', 'the log')
        os.stat(tree.path(0, 'message'))
        tree.control(0, 'rotate')
        tree.control('sim stall off')
        child.done()


@case('a slow hypervisor loses no message')
def slow():
    with Tree('sim.delay_ms=1', 'sendq=16K') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        count = 200
        child = Child(
            lambda: [
                tree.send(b'%d ' % number + b'.' * 500)
                for number in range(count)
            ]
        )
        arrive(channel, count)
        child.done()
        os.close(channel)


@case('a close drains the send queue first')
def close():
    with Tree('send_timeout=60s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim stall on')
        fill(tree, 1000)
        sent = int(tree.status(0)['sent_messages'])
        queued = int(tree.status(0)['send_queue_messages'])
        child = Child(tree.control, 0, 'close')
        until(
            lambda: tree.status(0)['state'] == 'closing', 'the state closing'
        )
        tree.control('sim stall off')
        child.done()
        status = tree.status(0)
        equal(status['state'], 'none', 'the state')
        equal(
            int(status['sent_messages']),
            sent + queued,
            'the number of sent messages',
        )
        equal(status['unsent_messages'], '0', 'the number of unsent messages')
        os.close(channel)


run()
