# SPDX-License-Identifier: GPL-2.0-or-later
#
# Servers: start and end what is measured: the empty server, the daemon on the
# simulated device, the daemon with many waiters or open files, and the load of
# a busy machine. It measures nothing.
import os
import resource
import signal
import subprocess
import tempfile
import time

from helpers import blocked, until
from mounted import DAEMON, Tree

PROGRAMS = os.environ.get('VMCFS_BENCH', 'build/tests/bench')
LOG_MESSAGES = 512
LOG_MESSAGE = 16384
LOG_SIZE = LOG_MESSAGES * LOG_MESSAGE


def client(*words, **named):
    """Starts bench-client."""
    command = [os.path.join(PROGRAMS, 'bench-client'), *map(str, words)]
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, **named
    )


class Held:
    """Client that holds files open until it is released."""

    def __init__(self, *words):
        self.process = client(*words, stdin=subprocess.PIPE)
        assert self.process.stdout.readline() == 'ready\n', words

    def kill(self):
        """Returns at once; release() waits for the end."""
        self.process.kill()

    def release(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def hold_handles(path, count):
    """Opens a file COUNT times, in as many clients as the limit of open files
    requires."""
    share = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 100
    return [
        Held('-n', min(share, count - start), 'open', path)
        for start in range(0, count, share)
    ]


class Empty:
    """Empty server. STATUS is the length of its status files; messages pass a
    simulated device with DEVICE."""

    def __init__(self, status, device=False):
        self.directory = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [
                os.path.join(PROGRAMS, 'bench-empty'),
                *(['-d'] if device else []),
                str(status),
                str(LOG_SIZE),
                self.directory,
            ],
            text=True,
            stdout=subprocess.PIPE,
        )
        self.pid = self.process.pid
        assert self.process.stdout.readline() == 'ready\n', 'no empty server'

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()
        os.rmdir(self.directory)


class Programmed(Tree):
    """Tree of a given program."""

    def __init__(self, program, *options, **named):
        self.program = program
        super().__init__(*options, **named)

    def _start(self, command, **named):
        return super()._start([self.program, *command[1:]], **named)


class Daemon:
    """Daemon with two sessions; the log of the second one is full. WAITERS
    readers wait on the second index, HANDLES channels are open on the first.
    """

    def __init__(self, *options, program=DAEMON, waiters=0, handles=0):
        if handles:
            options += (f'handles={handles + 4096}',)
        self.tree = Programmed(program, *options, hmcs=2, sessions=2)
        self.directory = self.tree.directory
        self.pid = self.tree.pid
        self.held = []
        self.tree.control(f'sim flood 1 {LOG_MESSAGES} {LOG_MESSAGE}')
        until(
            lambda: self.tree.status(1)['received_messages']
            == str(LOG_MESSAGES),
            'the log is full',
        )
        if waiters:
            self.held.append(
                Held('-j', waiters, 'waiters', self.tree.path(1, 'message'))
            )
            blocked(self.tree, 'readers', waiters, index=1)
        if handles:
            self.held += hold_handles(self.tree.path(0, 'message'), handles)

    def stop(self):
        for each in self.held:
            each.release()
        self.tree.stop()


class Servers:
    """Servers by name, each of which is started when it is first needed.

    options: further mount options of each daemon
    handles: open files of the daemon "handles"
    other: program and mount options of the daemon "other"
    """

    def __init__(self, options, handles, other):
        self.options = options
        self.handles = handles
        self.other = other
        self.running = {}

    def _start(self, name):
        if name in ('empty', 'empty-device'):
            return Empty(
                len(self.get('vmcfs').tree.read(1, 'status')),
                device=name == 'empty-device',
            )
        if name == 'other':
            program, options = self.other
            return Daemon(*options, program=program)
        if name.startswith('waiters-'):
            return Daemon(*self.options, waiters=int(name.split('-')[1]))
        if name == 'no-log':
            return Daemon(*self.options, 'log=0')
        if name == 'capture':
            return Daemon(*self.options, 'capture=8M')
        return Daemon(
            *self.options, handles=self.handles if name == 'handles' else 0
        )

    def get(self, name):
        if name not in self.running:
            self.running[name] = self._start(name)
        return self.running[name]

    def stop(self):
        for server in reversed(self.running.values()):
            server.stop()
        self.running.clear()


def place(pid, cpu):
    """Binds all threads of a process to a processor; None releases them."""
    cpus = os.sched_getaffinity(0) if cpu is None else {cpu}
    for thread in os.listdir(f'/proc/{pid}/task'):
        os.sched_setaffinity(int(thread), cpus)


def processor_ns(pid):
    """Processor time of all threads of a process."""
    return time.clock_gettime_ns(~pid << 3 | 2)  # clock_getcpuclockid(3)


class Load:
    """One process on each processor that never sleeps. It must not have a
    real-time policy, with which nothing else would run."""

    def __enter__(self):
        assert os.sched_getscheduler(0) == os.SCHED_OTHER
        self.processes = [
            subprocess.Popen(['sh', '-c', 'while :; do :; done'])
            for _ in os.sched_getaffinity(0)
        ]
        for process, cpu in zip(self.processes, os.sched_getaffinity(0)):
            place(process.pid, cpu)

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
