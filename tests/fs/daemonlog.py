# SPDX-License-Identifier: GPL-2.0-or-later
#
# Daemon log: tests that a reader that hangs, disappears or has no room delays
# nothing, and that missed lines are counted. Readers are a pipe, a terminal, a
# file, the log of the system, and the journal. The lines themselves are tested
# in lifecycle.py and journal.py, the message logs in log.py.
import errno
import fcntl
import os
import pty
import re
import resource
import shutil
import socket
import subprocess
import termios

import mounted
from helpers import Child, full_pipe, state_of, until
from mounted import MTU, Foreground, Tree
from namespace import private
from tap import case, equal, raises, run

# More lines than the daemon keeps and a pipe, a socket or a terminal holds.
MANY = 3000
DROPPED = re.compile(rb'(\d+) log lines? (?:was|were) dropped')


def say(tree, count):
    """Makes the daemon log COUNT lines, one for each request."""
    tree.control('log-level info')
    control = tree.open(os.O_WRONLY, 'control')
    for number in range(count):
        raises(errno.EINVAL, os.write, control, b'nonsense %d' % number)
    os.close(control)


def await_written(tree):
    """Waits until the logger thread sleeps: each line wakes it."""
    tasks = f'{tree.pid}/task'
    threads = [
        name for name in os.listdir(f'/proc/{tasks}') if int(name) != tree.pid
    ]
    assert threads, 'the daemon has no logger thread'
    until(
        lambda: all(state_of(f'{tasks}/{name}') == 'S' for name in threads),
        'the last line',
    )


def accounted(lines):
    """Number of lines that are in the log or reported as dropped."""
    return sum(b'nonsense' in line for line in lines) + sum(
        int(match[1]) for match in map(DROPPED.search, lines) if match
    )


class Reader:
    """Collects lines from a descriptor; a datagram is a line."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.data = b''

    def lines(self):
        return self.data.replace(b'\r\n', b'\n').split(b'\n')

    def until_accounted(self, count, after=b''):
        """Reads until COUNT lines have arrived or are reported as dropped."""
        while accounted(self.lines()) < count:
            got = os.read(self.descriptor, 1 << 16)
            assert got, 'the log ends early'
            self.data += got + after
        equal(accounted(self.lines()), count, 'lines and reported drops')
        assert DROPPED.search(self.data), 'no line was reported as dropped'


@case(
    'a pipe without a reader delays neither requests nor the end of '
    'the daemon'
)
def hanging_pipe():
    reader, writer = os.pipe()
    with Foreground(
        stderr=writer, arguments=['-d'], sessions=2, hmcs=2
    ) as tree:
        say(tree, MANY)
        channel = tree.open(os.O_RDWR, 1, 'message')
        for number in range(100):
            os.write(channel, b'%d' % number)
            equal(os.read(channel, 10), b'%d' % number, 'the message')
        os.close(channel)
    os.close(reader)
    os.close(writer)


@case('no start waits for a pipe that nobody reads')
def full_at_start():
    for arguments in [], ['-d'], ['-o', 'log_level=debug']:
        reader, writer = full_pipe()
        with Foreground(stderr=writer, arguments=arguments) as tree:
            tree.send(b'served')
        os.close(reader)
        os.close(writer)


@case('lines of the start are written when the reader resumes')
def start_is_read():
    reader, writer = full_pipe()
    with Foreground(stderr=writer, arguments=['-d']) as tree:
        tree.send(b'served')
        log = Reader(reader)
        while b'vmcfs: debug: FUSE library version' not in log.data:
            log.data += os.read(reader, 1 << 16)
        os.close(reader)
    os.close(writer)


@case(
    'at debug the log has each errno of an answer, and the process that got it'
)
def answered():
    reader, writer = os.pipe()
    log = Reader(reader)
    with Foreground('log_level=debug', stderr=writer) as tree:
        channel = tree.open(os.O_RDWR | os.O_NONBLOCK, 0, 'message')
        for error, call in (
            (errno.EAGAIN, lambda: os.read(channel, 100)),
            (errno.EINVAL, lambda: tree.control('nonsense')),
            (errno.EMSGSIZE, lambda: os.write(channel, bytes(MTU + 1))),
        ):
            raises(error, call)
            line = (
                f'vmcfs: debug: a request of process {os.getpid()} was '
                f'answered with {errno.errorcode[error]}\n'
            ).encode()
            while line not in log.data:
                log.data += os.read(reader, 1 << 16)
        os.close(channel)
    os.close(reader)
    os.close(writer)


@case('a reader that resumes gets the number of dropped lines')
def reader_returns():
    reader, writer = os.pipe()
    with Foreground(stderr=writer) as tree:
        say(tree, MANY)
        log = Reader(reader)
        log.until_accounted(MANY)
        say(tree, 10)
        log.until_accounted(MANY + 10)
    os.close(reader)
    os.close(writer)


@case('a reader that ended does not end the daemon')
def broken_pipe():
    reader, writer = os.pipe()
    with Foreground(stderr=writer) as tree:
        os.close(reader)
        say(tree, 100)
        tree.send(b'alive')
    os.close(writer)


@case(
    'a non-blocking descriptor stays non-blocking, and a slow '
    'reader loses no line'
)
def non_blocking():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with Foreground(stderr=writer) as tree:
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        log = Reader(reader)
        for done in range(200, 2200, 200):
            say(tree, 200)
            while accounted(log.lines()) < done:
                log.data += os.read(reader, 100)
        assert not DROPPED.search(log.data), 'lines were lost'
        assert not os.get_blocking(writer), 'the pipe became blocking'
    os.close(reader)
    os.close(writer)


@case('a blocking descriptor that others use stays blocking')
def blocking():
    reader, writer = os.pipe()
    with Foreground(stderr=writer) as tree:
        say(tree, 1)
        assert os.get_blocking(writer), 'the pipe became non-blocking'
    os.close(reader)
    os.close(writer)


@case('neither a stopped terminal nor its end affects the daemon')
def terminal():
    master, slave = pty.openpty()
    with Foreground(stderr=slave) as tree:
        termios.tcflow(slave, termios.TCOOFF)
        say(tree, MANY)
        termios.tcflow(slave, termios.TCOON)
        Reader(master).until_accounted(MANY)
        os.close(master)
        say(tree, 100)
        tree.send(b'alive')
    os.close(slave)


@case(
    'a log file at its size limit does not end the daemon; drops '
    'are reported later'
)
def size_limit():
    path = os.path.join(mounted.scratch(), 'log')
    with open(path, 'ab') as file, Foreground(stderr=file) as tree:
        resource.prlimit(tree.pid, resource.RLIMIT_FSIZE, (4096, -1))
        say(tree, 1000)
        await_written(tree)
        resource.prlimit(tree.pid, resource.RLIMIT_FSIZE, (-1, -1))
        say(tree, 1)
        await_written(tree)
        with open(path, 'rb') as log:
            # the line at the limit may be incomplete
            assert accounted(log.readlines()) in (
                1001,
                1002,
            ), 'a line is missing'
    shutil.rmtree(os.path.dirname(path))


@case(
    'a full disk does not end the daemon; drops are reported when '
    'there is room'
)
def full_disk():
    directory = mounted.scratch()
    subprocess.run(
        ['mount', '-t', 'tmpfs', '-o', 'size=64k', 'log', directory],
        check=True,
    )
    path = os.path.join(directory, 'log')
    with open(path, 'ab') as file, Foreground(stderr=file) as tree:
        say(tree, 2000)
        await_written(tree)
        os.truncate(path, 0)
        say(tree, 1)
        await_written(tree)
        with open(path, 'rb') as log:
            assert DROPPED.search(log.read()), 'no drop is reported'
    subprocess.run(['umount', directory], check=True)
    os.rmdir(directory)


def system_log():
    private('/dev', '/run')
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind('/dev/log')
    with Tree() as tree:
        say(tree, MANY)
        reader = Reader(log.fileno())
        reader.until_accounted(MANY, b'\n')
        pattern = (
            rb'<\d\d>\w{3} [ \d]\d \d\d:\d\d:\d\d vmcfs\[%d\]: .*' % tree.pid
        )
        for line in reader.lines()[:-1]:
            assert re.fullmatch(pattern, line), line
        assert reader.lines()[0].startswith(b'<29>'), 'level message'
        assert b'\n<30>' in reader.data, 'level info'
        log.close()
        say(tree, 1)
        await_written(tree)
        os.unlink('/dev/log')
        log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        log.bind('/dev/log')
        say(tree, 1)
        again = Reader(log.fileno())
        again.until_accounted(2, b'\n')
        say(tree, MANY)


@case('a full system log delays nothing, and a restarted one is used again')
def hanging_system_log():
    Child(system_log).done()


def journal_sockets():
    """The socket of the journal, a standard error that is one of its streams,
    and the journal's end of that."""
    private('/run')
    os.makedirs('/run/systemd/journal')
    native = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    native.bind('/run/systemd/journal/socket')
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.bind('/run/systemd/journal/stdout')
    stream.listen()
    stderr = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stderr.connect('/run/systemd/journal/stdout')
    return native, stderr, stream.accept()[0]


def journal():
    native, stderr, log = journal_sockets()
    with Foreground(stderr=stderr.fileno()) as tree:
        say(tree, MANY)
        reader = Reader(native.fileno())
        reader.until_accounted(MANY)
        assert b'\nPRIORITY=6\n' in reader.data, 'level info'
        raises(errno.EAGAIN, log.recv, 1, socket.MSG_DONTWAIT)
        say(tree, MANY)


def full_journal():
    native, stderr, log = journal_sockets()
    writer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    writer.setblocking(False)
    writer.connect('/run/systemd/journal/socket')
    try:
        while True:
            writer.send(b'MESSAGE=other\n')
    except BlockingIOError:
        pass
    with Foreground('log_level=debug', stderr=stderr.fileno()) as tree:
        tree.send(b'served')
        reader = Reader(native.fileno())
        while b' is mounted on ' not in reader.data:
            reader.data += os.read(native.fileno(), 1 << 16)
    log.close()


@case('no start waits for a journal that does not read')
def full_journal_at_start():
    Child(full_journal).done()


@case('a full journal delays nothing')
def hanging_journal():
    Child(journal).done()


run()
