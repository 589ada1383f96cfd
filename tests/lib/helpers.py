# SPDX-License-Identifier: GPL-2.0-or-later
#
# Helpers of the file-system tests: child processes, tools whose output is
# awaited, conditions without an event, numbered messages, and sections of the
# documents. It does not mount the tree.
import fcntl
import os
import random
import re
import signal
import subprocess
import sys
import termios
import time
import traceback

import left
import mounted
import tap

# Number of messages of a volume test; smaller on slow machines.
VOLUME = int(os.environ.get('VMCFS_TEST_VOLUME', '100000'))


class Child:
    """Runs a function in a process of its own; done() requires success."""

    def __init__(self, function, *arguments):
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            signal.alarm(0)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            function(*arguments)
            status = 0
        except Exception:
            for line in traceback.format_exc().splitlines():
                tap.note('child:', line)
        finally:
            os._exit(status)

    def join(self):
        return mounted.wait_for(self.pid)

    def done(self):
        tap.equal(self.join(), 0, 'the status of the child')

    def end(self, number):
        """Sends the child a signal, which must end it."""
        os.kill(self.pid, number)
        tap.equal(self.join(), 128 + number, 'the status of the child')


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Tool:
    """A running program whose output can be awaited. With a TERMINAL, all its
    descriptors are that terminal, and its output arrives at the other end."""

    def __init__(self, *command, output=None, terminal=None):
        self.got = b''
        self.process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=output or terminal or subprocess.PIPE,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=None if terminal is None else _take_terminal,
        )
        self.output = self.process.stdout

    def more(self):
        """Waits for more output; the guard of the case limits the wait."""
        data = os.read(self.output.fileno(), 1 << 16)
        assert (
            data
        ), f'the tool ended with {self.process.wait()} after {self.got!r:.300}'
        self.got += data

    def await_text(self, text):
        while text not in self.got:
            self.more()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.output:
            self.output.close()


def shell(script, *arguments, shell='bash', status=0, **named):
    """Runs a script with $1...; requires STATUS; returns the finished
    process."""
    done = subprocess.run(
        [*shell.split(), '-c', script, shell, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=tap.GUARD,
        check=False,
        **named,
    )
    if status is not None:
        assert done.returncode == status, (
            f'{script!r} ended with '
            f'{done.returncode}, not {status}: {done.stderr.decode()}'
        )
    return done


def until(condition, what):
    """Polls a condition that has no event; WHAT names the event. The
    guard of the case limits the wait."""
    try:
        while not condition():
            mounted.check_alive()
            time.sleep(0.005)
    except tap.Hang as hang:
        raise AssertionError(f'no end of the wait for {what}') from hang


def state_of(pid):
    """State of a thread as in /proc: one letter."""
    return left.process_stat(pid)[0]


def process_status(pid):
    """Keys and values of /proc/PID/status; PID may be PID/task/TID."""
    with open(f'/proc/{pid}/status', encoding='utf-8') as lines:
        return dict(line.rstrip('\n').split(':\t', 1) for line in lines)


def exchange(tree, *messages):
    """Sends messages, and waits for the echo of all of them."""
    before = int(tree.status(0)['received_messages'])
    for message in messages:
        tree.send(message)
    until(
        lambda: int(tree.status(0)['received_messages'])
        >= before + len(messages),
        'the echo',
    )


def overtake(tree, file):
    """Sends until the records of an open file are dropped: it is shorter."""
    size = 0
    while os.fstat(file).st_size >= size:
        size = os.fstat(file).st_size
        exchange(tree, *[b'.' * 8000] * 16)


def write_line(path, line):
    with open(path, 'w', encoding='ascii') as file:
        file.write(line + '\n')


def read_lines(path):
    """Lines of a file, none if it does not exist."""
    try:
        with open(path, encoding='utf-8') as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def section(page, heading):
    """The text below a heading of a page, such as '## Usage', to the next."""
    with open(page, encoding='utf-8') as file:
        pattern = rf'^{re.escape(heading)}\n(.*?)(?=^#|\Z)'
        found = re.search(pattern, file.read(), re.M | re.S)
    assert found, f'{page} has no heading {heading!r}'
    return found[1]


def echo(directory):
    """Opens a session in a mounted tree, and sends a message that returns."""
    with open(directory + '/hmc0/control', 'w', encoding='ascii') as control:
        control.write('open me\n')
    channel = os.open(directory + '/hmc0/message', os.O_RDWR)
    os.write(channel, b'hello')
    tap.equal(os.read(channel, 100), b'hello', 'the reply')
    os.close(channel)


def full_pipe():
    """Reader and writer of a pipe without room for another byte."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    size = 4096
    while size:
        try:
            os.write(writer, b'.' * size)
        except BlockingIOError:
            size //= 2
    os.set_blocking(writer, True)
    return reader, writer


def blocked(tree, kind, count, index=0):
    """Waits until COUNT 'readers' or 'writers' are parked."""
    key = f'waiting_{kind}'
    until(lambda: int(tree.status(index)[key]) == count, f'{count} {kind}')


def fill(tree, size, index=0):
    """Writes until the queue is full; returns the number of messages."""
    writer = tree.open(os.O_WRONLY | os.O_NONBLOCK, index, 'message')
    count = 0
    try:
        while True:
            os.write(writer, b'%d ' % count + b'.' * size)
            count += 1
    except BlockingIOError:
        return count
    finally:
        os.close(writer)


class Numbered:
    """Endless series of messages that depends on the seed only."""

    def __init__(self, seed, low, high):
        self.seed, self.low, self.high = seed, low, high
        self.filler = random.Random(seed).randbytes(2 * high)

    def __iter__(self):
        sizes = random.Random(self.seed)
        number = 0
        while True:
            size = sizes.randint(self.low, self.high)
            start = sizes.randrange(self.high)
            head = b'%d ' % number
            yield (head + self.filler[start : start + size])[:size]
            number += 1
