# SPDX-License-Identifier: GPL-2.0-or-later
#
# Resets: tests every way in which the channel can break during traffic.
# Waiting calls return the right error, the status shows the reason, a new open
# works, and an old descriptor does not reach the new session. Fault rules are
# tested in faults.py.
import errno
import os
import select

from helpers import Child, blocked, fill, until
from mounted import Tree
from tap import case, equal, raises, run

KINDS = 'partner-failed', 'deregistered', 'terminated', 'migrated', 'self'


def open_again(tree, index=0):
    """Opens a session; open waits until the channel is ready again."""
    tree.control(index, 'open again')


def idle_traffic(kind):
    with Tree('send_timeout=60s', hmcs=2, sessions=2) as tree:
        old = [tree.open(os.O_RDWR, index, 'message') for index in (0, 1)]
        log = tree.open(os.O_RDONLY, 0, 'message')
        os.write(old[0], b'read before')
        equal(os.read(old[0], 100), b'read before', 'the message')
        waiting = Child(raises, errno.ECONNRESET, os.read, old[1], 100)
        blocked(tree, 'readers', 1, index=1)
        tree.control('sim reset ' + kind)
        waiting.done()
        until(lambda: tree.status(0)['state'] == 'none', 'the end')
        assert 'ECONNRESET' in tree.status(0)['last_error']
        assert tree.status(0)['last_error_time'][:1].isdigit()
        raises(errno.ENXIO, os.write, old[0], b'late')
        equal(os.read(log, 100), b'read before', 'the log')

        open_again(tree)
        channel = tree.open(os.O_RDWR, 0, 'message')
        os.write(channel, b'new')
        equal(os.read(channel, 100), b'new', 'the message')
        raises(errno.ENXIO, os.write, old[0], b'late')
        equal(os.read(old[0], 100), b'', 'the end of the old session')
        equal(os.read(log, 100), b'', 'the end of the old log')
        poll = select.poll()
        poll.register(old[0], select.POLLIN)
        assert poll.poll(0)[0][1] & select.POLLHUP
        equal(tree.read(0, 'message'), b'new', 'the new log')
        equal(
            tree.status(0)['sent_messages'], '2', 'the number of sent messages'
        )
        for descriptor in *old, log, channel:
            os.close(descriptor)


def stalled_writer(kind):
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        writer = Child(raises, errno.ECONNRESET, tree.send, b'parked')
        blocked(tree, 'writers', 1)
        tree.control('sim reset ' + kind)
        writer.done()
        tree.control('sim stall off')
        equal(
            tree.status(0)['send_queue_messages'],
            '0',
            'the number of queued messages',
        )
        assert int(tree.status(0)['unsent_messages']) > 0
        open_again(tree)
        channel = tree.open(os.O_RDWR, 0, 'message')
        os.write(channel, b'new')
        equal(os.read(channel, 100), b'new', 'the message')
        os.close(channel)


def busy_traffic(kind):
    """Writes without a pause; every message read must have been sent, in
    order."""
    with Tree() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')

        def writer():
            number = 0
            try:
                while True:
                    os.write(channel, b'%d' % number)
                    number += 1
            except OSError as error:
                assert error.errno in (errno.ECONNRESET, errno.ENXIO), error

        child = Child(writer)
        for number in range(300):
            equal(os.read(channel, 100), b'%d' % number, 'the message')
        tree.control('sim reset ' + kind)
        child.done()
        try:
            while got := os.read(channel, 100):
                number += 1
                equal(got, b'%d' % number, 'the message')
        except ConnectionResetError:
            pass
        os.close(channel)
        open_again(tree)


def add(kind):
    case(f'{kind}: waiting readers end, and a new session can be opened')(
        lambda: idle_traffic(kind)
    )
    case(f'{kind}: a waiting writer fails')(lambda: stalled_writer(kind))
    case(f'{kind}: messages read in traffic are in order, without a gap')(
        lambda: busy_traffic(kind)
    )


for each in KINDS:
    add(each)


@case(
    'an old descriptor does not reach a session that was opened '
    'after a close'
)
def reopened():
    with Tree() as tree:
        old = tree.open(os.O_RDWR, 0, 'message')
        writer = tree.open(os.O_WRONLY, 0, 'message')
        tree.control(0, 'close')
        tree.control(0, 'open again')
        tree.send(b'new')
        until(lambda: tree.read(0, 'message') == b'new', 'the echo')
        equal(os.read(old, 100), b'', 'the end')
        raises(errno.ENXIO, os.write, old, b'late')
        os.close(old)
        os.close(writer)


@case('the status names the cause of a reset')
def named():
    with Tree() as tree:
        said = set()
        for kind in KINDS:
            tree.control('sim reset ' + kind)
            until(lambda: tree.status(0)['state'] == 'none', 'the end')
            reason = tree.status()['last_reset']
            equal(tree.status(0)['ended'], reason, 'the reason')
            assert reason.strip('"') in tree.status(0)['last_error']
            said.add(reason)
            open_again(tree)
        equal(len(said), len(KINDS), 'the number of reasons')


@case('messages are echoed after each of many resets')
def many():
    with Tree() as tree:
        for number in range(20):
            tree.control('sim reset ' + KINDS[number % len(KINDS)])
            until(lambda: tree.status(0)['state'] == 'none', 'the end')
            open_again(tree)
            channel = tree.open(os.O_RDWR, 0, 'message')
            os.write(channel, b'%d' % number)
            equal(os.read(channel, 100), b'%d' % number, 'the message')
            os.close(channel)


run()
