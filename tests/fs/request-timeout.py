# SPDX-License-Identifier: GPL-2.0-or-later
#
# Request timeout: tests kernels that abort the connection of a file system
# because of an old request (Linux 6.15 and newer, fs.fuse.*_request_timeout).
# The daemon answers waiting requests before. VMCFS_TEST_WAITS is the number of
# answers that a waiting reader gets: 4 take 40 seconds, 30 take five minutes.
# The sysctls are set only during the mount. It tests no timeout of the
# daemon's own.
import contextlib
import errno
import os

import raw
from helpers import Child, blocked, fill
from mounted import Tree
from tap import case, equal, note, raises, run

SYSCTLS = '/proc/sys/fs/fuse/{}_request_timeout'
TIMEOUT = 15  # smallest value that the kernel accepts
WAITS = int(os.environ.get('VMCFS_TEST_WAITS', '4'))
GUARD = 60 + 20 * WAITS


def sysctl(name, value):
    """Sets the sysctl; returns its previous value."""
    with open(SYSCTLS.format(name), encoding='ascii') as file:
        before = file.read().strip()
    with open(SYSCTLS.format(name), 'w', encoding='ascii') as file:
        file.write(str(value))
    return before


@contextlib.contextmanager
def timeouts(default=0, most=0):
    """Sets the request timeouts of mounts made inside, in seconds."""
    before = [
        (name, sysctl(name, value))
        for name, value in (('default', default), ('max', most))
    ]
    try:
        yield
    finally:
        for name, value in before:
            sysctl(name, value)


@contextlib.contextmanager
def limited(*options, **named):
    """Tree whose requests may become TIMEOUT seconds old."""
    with timeouts(default=TIMEOUT):
        tree = Tree(*options, **named)
        tree.status()  # the kernel has read the sysctls
    with tree:
        yield tree


def read_on(tree, done):
    """Reader that waits for a message during WAITS answers without one."""
    channel = tree.open(os.O_RDWR, 0, 'message')
    for _ in range(WAITS):
        raises(errno.EINTR, raw.read, channel, 100)
    os.write(done, b'.')
    equal(os.read(channel, 100), b'at last', 'the message')
    os.close(channel)


def python_reads(tree):
    """Reader that does not see EINTR, since Python repeats the read."""
    channel = tree.open(os.O_RDWR, 0, 'message')
    equal(os.read(channel, 100), b'at last', 'the message')
    os.close(channel)


def on_new_kernels(name, **named):
    """Test case for kernels that have the sysctls."""
    if os.path.exists(SYSCTLS.format('default')):
        return case(name, **named)
    note(f'left out on this kernel: request-timeout: {name} (no sysctl)')
    return lambda function: function


@on_new_kernels(
    'waiting readers do not exceed the request timeout', guard=GUARD
)
def readers():
    with limited() as tree:
        status = tree.status()
        equal(status['request_timeout_seconds'], str(TIMEOUT), 'the timeout')
        waits, done = os.pipe()
        children = [Child(read_on, tree, done)]
        children += [Child(python_reads, tree) for _ in range(20)]
        os.close(done)
        equal(os.read(waits, 1), b'.', 'the byte from the reader')
        blocked(tree, 'readers', 21)
        tree.send(b'at last')
        for child in children:
            child.done()
        os.close(waits)


@on_new_kernels(
    'a write and an open that wait longer fail with EINTR', guard=GUARD
)
def bounded():
    with limited(
        'sendq=1K', 'send_timeout=600s', 'open_timeout=600s', hmcs=2
    ) as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        children = [
            Child(
                raises,
                errno.EINTR,
                raw.write_to,
                tree.path(0, 'message'),
                b'waiting',
            ),
            Child(
                raises,
                errno.EINTR,
                raw.write_to,
                tree.path(1, 'control'),
                b'open me',
            ),
        ]
        for child in children:
            child.done()
        for index, words in (0, 'nothing was sent'), (1, 'joins it'):
            said = tree.status(index)['last_error']
            assert (
                'request timeout of the kernel' in said and words in said
            ), said
        child = Child(tree.control, 1, 'open me')
        tree.control('sim stall off')
        child.done()
        equal(tree.status(1)['sessions'], '1', 'the sessions')


@on_new_kernels('a shorter timeout of the daemon expires first')
def shorter():
    with limited('sendq=1K', 'send_timeout=100ms') as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        raises(errno.ETIMEDOUT, raw.write_to, tree.path(0, 'message'), b'x')


@on_new_kernels('the status shows the request timeout of the kernel')
def effective():
    for default, most, expected in (
        (600, 30, '30'),
        (20, 0, '20'),
        (0, 40, '40'),
        (3, 0, '15'),
    ):
        with timeouts(default, most):
            tree = Tree(sessions=0)
            tree.status()
        with tree:
            equal(
                tree.status()['request_timeout_seconds'],
                expected,
                'request_timeout_seconds',
            )


@case('without a request timeout of the kernel the status shows 0')
def none():
    with Tree(sessions=0) as tree:
        equal(tree.status()['request_timeout_seconds'], '0', 'the timeout')


run()
