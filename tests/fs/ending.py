# SPDX-License-Identifier: GPL-2.0-or-later
#
# End of the daemon: tests it by signals, by unmounting, and by an aborted
# connection. Accepted messages are sent first, or reported as lost. The start
# is tested in start.py.
import ctypes
import errno
import os
import re
import signal
import struct
import subprocess

import left
from helpers import Child, blocked, fill, until
from mounted import Foreground, Tree, is_mounted, scratch, wait_for
from tap import case, equal, raises, run

IOERR, OSERR = os.EX_IOERR, os.EX_OSERR
LIBC = ctypes.CDLL(None, use_errno=True)
FUSE_INIT = 26
LARGEST_REQUEST = 1 << 17


class Logged(Foreground):
    """Tree whose daemon runs in the foreground; ended() returns its log."""

    def __init__(self, *options, **named):
        self.log, writer = os.pipe()
        try:
            super().__init__(*options, stderr=writer, **named)
        finally:
            os.close(writer)

    def ended(self, status):
        """Requires the exit status, and that no mount is left."""
        pid, self.pid = self.pid, None
        equal(wait_for(pid), status, 'the exit status')
        assert not is_mounted(self.directory), 'the tree is still mounted'
        os.rmdir(self.directory)
        with open(self.log, encoding='utf-8') as log:
            return log.read()

    def end(self, number, status):
        os.kill(self.pid, number)
        return self.ended(status)


def lost(log):
    """Lost messages in the log: (index, ID, number), in order."""
    return sorted(
        (int(index), name, int(count))
        for index, name, count in re.findall(
            r'hmc(\d+): the session "(.*)" ended before (\d+) accepted', log
        )
    )


def queue(tree, count, index=0):
    """Stalls the hypervisor and sends; returns the number of queued
    messages."""
    tree.control('sim stall on')
    for number in range(count):
        tree.send(b'%d' % number, index)
    return int(tree.status(index)['send_queue_messages'])


def draining(tree):
    until(lambda: tree.status(0)['state'] == 'closing', 'the end')


@case(
    'messages left unsent by a stalled hypervisor lead to a warning '
    'and status 74'
)
def stalled():
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGQUIT:
        with Logged('send_timeout=300ms') as tree:
            waiting = queue(tree, 50)
            assert waiting, 'no message is queued'
            log = tree.end(number, IOERR)
            equal(lost(log), [(0, 'test-0', waiting)], 'the warning')


@case('the warnings name exactly the sessions with unsent messages')
def several():
    with Logged('send_timeout=300ms', hmcs=3, sessions=3) as tree:
        waiting = queue(tree, 50, 0), queue(tree, 60, 2)
        log = tree.end(signal.SIGTERM, IOERR)
        equal(
            lost(log),
            [(0, 'test-0', waiting[0]), (2, 'test-2', waiting[1])],
            'the warnings',
        )


@case('umount drains the send queue as SIGTERM does')
def unmounted():
    with Logged('send_timeout=300ms') as tree:
        waiting = queue(tree, 50)
        subprocess.run(['umount', tree.directory], check=True)
        equal(lost(tree.ended(IOERR)), [(0, 'test-0', waiting)], 'the warning')


@case('a hypervisor that resumes while the daemon ends gets every message')
def goes_on():
    with Logged('send_timeout=60s') as tree:
        assert queue(tree, 50), 'no message is queued'
        os.kill(tree.pid, signal.SIGTERM)
        draining(tree)
        tree.control('sim stall off')
        log = tree.ended(0)
        assert 'warning' not in log, log


@case('a slow hypervisor gets every message before the daemon ends')
def slow():
    for how in 'terminate', 'unmount':
        with Foreground('send_timeout=60s') as tree:
            assert queue(tree, 50), 'no message is queued'
            tree.control('sim delay 15')
            tree.control('sim stall off')
            tree.stop(how)


@case('a second signal ends the daemon without waiting, with the warning')
def second_signal():
    with Logged('send_timeout=3600s') as tree:
        waiting = queue(tree, 50)
        os.kill(tree.pid, signal.SIGTERM)
        draining(tree)
        log = tree.end(signal.SIGTERM, IOERR)
        equal(lost(log), [(0, 'test-0', waiting)], 'the warning')


@case('a writer that waits for room fails when the daemon ends')
def parked():
    with Logged('send_timeout=60s', 'sendq=1K') as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        waiting = int(tree.status(0)['send_queue_messages'])
        writer = Child(raises, errno.ECONNRESET, tree.send, b'x' * 100)
        blocked(tree, 'writers', 1)
        os.kill(tree.pid, signal.SIGTERM)
        writer.done()
        log = tree.end(signal.SIGTERM, IOERR)
        equal(lost(log), [(0, 'test-0', waiting)], 'the warning')


@case('opens and writes fail while the daemon ends')
def no_more():
    with Logged('send_timeout=60s', hmcs=2) as tree:
        queue(tree, 50)
        control = tree.open(os.O_WRONLY, 1, 'control')
        message = tree.open(os.O_WRONLY, 0, 'message')
        os.kill(tree.pid, signal.SIGTERM)
        draining(tree)
        raises(errno.ENXIO, os.write, message, b'x')
        raises(errno.ECONNRESET, os.write, control, b'open late')
        for descriptor in control, message:
            os.close(descriptor)
        tree.end(signal.SIGTERM, IOERR)


@case('waiting readers do not delay the end when the queue is empty')
def readers():
    with Foreground('send_timeout=3600s') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        reader = Child(
            lambda: equal(os.read(channel, 10), b'', 'the result of the read')
        )
        blocked(tree, 'readers', 1)
        os.kill(tree.pid, signal.SIGTERM)
        reader.done()
        os.close(channel)
        tree.stop(how='')


def abort(tree):
    """Aborts the connection of the kernel, as an administrator can."""
    minor = number(tree.directory)
    control = scratch()
    subprocess.run(['mount', '-t', 'fusectl', 'control', control], check=True)
    with open(f'{control}/{minor}/abort', 'w', encoding='utf-8') as file:
        file.write('1')
    subprocess.run(['umount', control], check=True)
    os.rmdir(control)


@case('an aborted connection is unmounted, with a warning and status 71')
def aborted():
    with Logged() as tree:
        abort(tree)
        log = tree.ended(OSERR)
        assert 'was aborted' in log, log


@case('messages left unsent by an aborted connection are reported')
def aborted_unsent():
    with Logged('send_timeout=300ms') as tree:
        waiting = queue(tree, 50)
        abort(tree)
        log = tree.ended(IOERR)
        assert 'was aborted' in log, log
        equal(lost(log), [(0, 'test-0', waiting)], 'the warning')


def read_until_unmounted(path):
    try:
        while True:
            with open(path, encoding='ascii') as status:
                status.read()
    except OSError:
        return


@case('the status can be read until the daemon ends')
def read_to_the_end():
    for _ in range(20):
        with Tree() as tree:
            reader = Child(read_until_unmounted, tree.path('status'))
            tree.status()
            tree.stop()
            reader.done()


def mount_bare():
    """Mounts a file system that nobody serves; returns its connection, which
    does not block, and its directory."""
    connection = os.open('/dev/fuse', os.O_RDWR | os.O_NONBLOCK)
    directory = scratch()
    words = f'fd={connection},rootmode=40000,user_id=0,group_id=0'
    arguments = b'bare', os.fsencode(directory), b'fuse.vmcfs'
    if LIBC.mount(*arguments, 0, words.encode()):
        raise OSError(ctypes.get_errno(), 'mount')
    return connection, directory


def remove_bare(connection, directory):
    os.close(connection)  # umount(8) would wait for a response
    subprocess.run(['umount', directory], check=True)


def requests(connection):
    """Operation numbers of all requests that wait in a connection."""
    found = []
    try:
        while True:
            header = os.read(connection, LARGEST_REQUEST)
            found.append(struct.unpack_from('=II', header)[1])
    except BlockingIOError:
        return found


def number(directory):
    found = dict(left.mounts(os.path.dirname(directory)))
    return found[directory]


def reuses_number(tree):
    """Unmounts; returns a bare mount that has the same device number, or
    None."""
    old = number(tree.directory)
    subprocess.run(['umount', '-l', tree.directory], check=True)
    connection, directory = mount_bare()
    if number(directory) == old:
        return connection, directory
    remove_bare(connection, directory)
    return None


@case('another mount with the device number of an ended one is not contacted')
def number_reused():
    other = None
    # Any other mount of the machine can get the number, and the announcer of
    # changes would keep it in use for a moment.
    while not other:
        with Logged('send_timeout=3600s', 'notify_ms=0') as tree:
            queue(tree, 50)
            other = reuses_number(tree)
            log = tree.end(signal.SIGTERM, IOERR)
            assert 'stays mounted' not in log, log
    connection, directory = other
    equal(requests(connection), [FUSE_INIT], 'the requests')
    assert is_mounted(directory), 'the other mount was removed'
    remove_bare(connection, directory)


run()
