# SPDX-License-Identifier: GPL-2.0-or-later
#
# Client: runs vmcctl, at once or beside the case, and stops the daemon that it
# uses, or one of its requests. It contains no test.
import ctypes
import os
import signal
import struct
import subprocess

from helpers import state_of, until
from mounted import DAEMON
from tap import GUARD, equal

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_DETACH, PTRACE_SYSCALL = 17, 24
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_GET_SYSCALL_INFO = (
    0x4206,
    0x4207,
    0x420E,
)
TRACESYSGOOD, SYSCALL_EXIT, WALL = 1, 2, 0x40000000
HEADER = 40  # bytes of a request at least

VMCCTL = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(DAEMON))), 'vmcctl/vmcctl'
)


def command(words, status=0, says=b'', **named):
    """Runs vmcctl; requires the exit status, and a text on standard error,
    which must be one line, and empty for success."""
    named.setdefault('stdin', None if 'input' in named else subprocess.DEVNULL)
    named.setdefault('stdout', subprocess.PIPE)
    done = subprocess.run(
        [VMCCTL, *words],
        stderr=subprocess.PIPE,
        timeout=GUARD,
        check=False,
        **named,
    )
    equal(done.returncode, status, f'the exit status; {done.stderr!r}')
    assert says in done.stderr, done.stderr
    equal(done.stderr.count(b'\n'), 1 if status > 0 else 0, done.stderr)
    assert not done.stderr or done.stderr.startswith(b'vmcctl: ')
    return done.stdout


def ctl(tree, *words, status=0, says=b'', **named):
    return command(['-m', tree.directory, *words], status, says, **named)


class Started:
    """A running vmcctl; its output is read by finish() or by the case."""

    def __init__(self, tree, *words, **named):
        named.setdefault('stdout', subprocess.PIPE)
        self.process = subprocess.Popen(
            [VMCCTL, '-m', tree.directory, *words],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **named,
        )

    def finish(self, status, says=b''):
        got, said = self.process.communicate(timeout=GUARD)
        equal(self.process.returncode, status, f'the exit status; {said!r}')
        assert says in said, said
        return got

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def channels(tree, count):
    until(
        lambda: tree.status(0)['channels'] == str(count), f'{count} channels'
    )


def sent(tree):
    return int(tree.status(0)['sent_messages'])


class Blocked:
    """Base of Frozen and Taker: a command that waits for the daemon cannot be
    killed, so it ends after the daemon has continued."""

    def __init__(self, tree):
        self.tree = tree
        self.started = []

    def start(self, *words):
        self.started.append(Started(self.tree, *words))
        return self.started[-1]

    def __exit__(self, *_):
        self.release()
        for started in self.started:
            started.__exit__()


class Frozen(Blocked):
    """with Frozen(tree): the daemon does not respond, and takes no request."""

    def __enter__(self):
        pid = self.tree.pid
        os.kill(pid, signal.SIGSTOP)
        tasks = os.listdir(f'/proc/{pid}/task')
        until(lambda: {state_of(task) for task in tasks} == {'T'}, 'the stop')
        return self

    def release(self):
        os.kill(self.tree.pid, signal.SIGCONT)


def _ptrace(*arguments):
    if LIBC.ptrace(*arguments) < 0:
        raise OSError(ctypes.get_errno(), 'ptrace')


def _reads_fuse(pid, thread):
    with open(f'/proc/{pid}/task/{thread}/syscall', encoding='ascii') as file:
        words = file.read().split()
    path = f'/proc/{pid}/fd/{int(words[1], 16) if len(words) > 1 else -1}'
    return os.path.lexists(path) and os.readlink(path) == '/dev/fuse'


class Taker(Blocked):
    """with Taker(tree) as taker: the thread that takes requests is traced.
    taker.hold() waits until it has taken one, which it does not answer."""

    def __init__(self, tree):
        super().__init__(tree)

        def find():
            threads = map(int, os.listdir(f'/proc/{tree.pid}/task'))
            found = [each for each in threads if _reads_fuse(tree.pid, each)]
            self.thread = found[0] if found else None
            return found

        until(find, 'the thread that takes requests')

    def _resume(self):
        _ptrace(PTRACE_SYSCALL, self.thread, None, None)
        os.waitpid(self.thread, WALL)

    def _result(self):
        """Result of the system call that has just ended, or 0."""
        info = ctypes.create_string_buffer(128)
        size = ctypes.c_size_t(len(info))
        _ptrace(PTRACE_GET_SYSCALL_INFO, self.thread, size, info)
        ended, result = info.raw[0] == SYSCALL_EXIT, info.raw[24:32]
        return struct.unpack('q', result)[0] if ended else 0

    def hold(self):
        self._resume()
        while self._result() < HEADER:
            self._resume()

    def __enter__(self):
        options = ctypes.c_void_p(TRACESYSGOOD)
        _ptrace(PTRACE_SEIZE, self.thread, None, options)
        _ptrace(PTRACE_INTERRUPT, self.thread, None, None)
        os.waitpid(self.thread, WALL)
        return self

    def release(self):
        _ptrace(PTRACE_DETACH, self.thread, None, None)
