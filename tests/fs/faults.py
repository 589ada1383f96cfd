# SPDX-License-Identifier: GPL-2.0-or-later
#
# Faults: tests fault rules of the simulated hypervisor as a user of the tree
# sees them: lost, refused and late entries, and a tree that works after the
# end of a rule. It does not test every rule; tests/model/fault-matrix.c does.
import errno
import os
import select

from helpers import Child, state_of, until
from mounted import Tree
from tap import case, equal, lasting, raises, run


def exchange(tree, text):
    """Sends a message and waits for its echo."""
    channel = tree.open(os.O_RDWR, 0, 'message')
    try:
        os.write(channel, text)
        equal(os.read(channel, 100), text, 'the echo')
    finally:
        os.close(channel)


def opens(tree):
    tree.control(0, 'open me')
    exchange(tree, b'works')
    tree.control(0, 'close')


@case('one lost Open Response delays an open')
@lasting(2000)
def lost_once(ms):
    with Tree(f'open_timeout={ms}ms', sessions=0) as tree:
        tree.control('sim fault drop open-response')
        opens(tree)


@case('lost Open Responses end an open with ETIMEDOUT; the next open succeeds')
@lasting(300)
def lost_always(ms):
    with Tree(f'open_timeout={ms}ms', sessions=0) as tree:
        tree.control('sim fault drop open-response count 1000')
        raises(errno.ETIMEDOUT, tree.control, 0, 'open me')
        tree.control('sim fault clear')
        opens(tree)


@case('a refused Open fails with ECONNREFUSED; the next open succeeds')
def refused():
    with Tree(sessions=0) as tree:
        tree.control('sim fault refuse open')
        raises(errno.ECONNREFUSED, tree.control, 0, 'open me')
        opens(tree)


@case('duplicate and late entries of an open are handled')
def duplicates():
    with Tree(sessions=0) as tree:
        for message in (
            'open',
            'open-response',
            'add-buffer',
            'close',
            'close-response',
            'add-buffer-response',
        ):
            tree.control(f'sim fault duplicate {message}')
            opens(tree)
            tree.control(f'sim fault delay {message} ms 20')
            opens(tree)


@case('a full queue of the hypervisor delays messages and loses none')
def full():
    with Tree() as tree:
        tree.control('sim fault hcall send-crq dropped count 5')
        for number in range(10):
            exchange(tree, b'%d' % number)


@case(
    'a migration with a busy hypervisor ends the session; the next '
    'open succeeds'
)
def migration():
    with Tree() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim fault hcall enable-crq long-busy-10ms count 3')
        tree.control('sim reset migrated')
        try:
            equal(os.read(channel, 1), b'', 'the end of the session')
        except ConnectionResetError:
            pass  # the read was waiting when the session ended
        os.close(channel)
        opens(tree)


@case(
    'a poll for POLLOUT alone ends when there is room, without a '
    'received message'
)
def room():
    with Tree('sendq=1K') as tree:
        tree.control('sim stall on')
        channel = tree.open(os.O_RDWR | os.O_NONBLOCK, 0, 'message')
        try:
            while True:
                os.write(channel, bytes(100))
        except BlockingIOError:
            pass
        sent = int(tree.status(0)['sent_messages'])
        # The first echoes are lost and keep their buffers, the others
        # are dropped.
        tree.control(f'sim fault hcall copy-rdma hardware count {sent}')
        tree.control(
            f'sim fault drop signal from hypervisor skip {sent} count 1000'
        )
        poll = select.poll()
        poll.register(channel, select.POLLOUT)
        child = Child(poll.poll)
        until(lambda: state_of(child.pid) == 'S', 'the wait of the poll')
        tree.control('sim stall off')
        child.done()
        equal(tree.read(0, 'message'), b'', 'the log')
        os.close(channel)


@case('an invalid rule changes nothing')
def words():
    with Tree(sessions=0) as tree:
        for line in (
            'drop',
            'drop opens',
            'drop open count 0',
            'lose open',
            'corrupt open pool 1',
            'refuse signal',
            'hcall send-crq success',
            'drop open from hypervisor',
        ):
            raises(errno.EINVAL, tree.control, 'sim fault ' + line)
        opens(tree)


run()
