# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prepared mount: tests the steps of a service, of which the first mounts, the
# second serves without privileges, and the last removes the mount. The test is
# the service manager here; tests/vm/service.py has a real one.
import ctypes
import errno
import itertools
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile

from device import DEVICE
from helpers import Child, echo, process_status, until
from mounted import (
    DAEMON,
    ON_DEVICE,
    Tree,
    helper,
    is_mounted,
    scratch,
    wait_for,
)
from tap import case, equal, raises, run
from watched import Watch, await_announcer

OTHER = 65534  # a user who is not root
OPTIONS = 'mode=666,dmode=777'
PTRACE_CONT, PTRACE_SEIZE, PTRACE_INTERRUPT = 7, 0x4206, 0x4207
WALL = 0x40000000

FORGET = ['FDSTOREREMOVE=1', 'FDNAME=fuse']
STORE = ['FDSTORE=1', 'FDPOLL=0', 'FDNAME=fuse']
READY = ['READY=1', *FORGET]
# The defaults of open_timeout= and send_timeout= are 5 s and 2 s.
STOPPING = ['STOPPING=1', 'EXTEND_TIMEOUT_USEC=22000000']

# Becomes the main process of a service, with the passed descriptors from 3 on.
# With a path it gets a mount namespace of its own, without the mount there.
LAUNCHER = '''
import ctypes, os, sys
count, hidden = int(sys.argv[1]), sys.argv[2]
passed = [os.dup(int(fd)) for fd in sys.argv[3:3 + count]]
moved = [os.dup2(fd, 100 + number) for number, fd in enumerate(passed)]
for number, fd in enumerate(moved):
    os.dup2(fd, 3 + number)
if count:
    os.environ.update(LISTEN_FDS=str(count))
    os.environ.update(LISTEN_FDNAMES=':'.join(['fuse'] * count))
    os.environ['LISTEN_PID'] = str(os.getpid())
if hidden:
    libc = ctypes.CDLL(None, use_errno=True)
    for failed in (
        libc.unshare(0x20000),
        libc.mount(None, b'/', None, 0x84000, None),
        libc.umount2(hidden.encode(), 2),
    ):
        assert not failed, os.strerror(ctypes.get_errno())
os.environ['WATCHDOG_PID'] = str(os.getpid())
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
os.execv(sys.argv[3 + count], sys.argv[3 + count:])
'''


def starting(sessions):
    """First notification of a daemon that opens sessions at its start."""
    return [f'EXTEND_TIMEOUT_USEC={25 + 5 * sessions}000000']


class Manager:
    """with Manager() as manager: a service manager with one service."""

    def __init__(self, source=ON_DEVICE.partition('=')[2], limit=2):
        self.directory = scratch()
        self.source = source
        self.limit = limit  # as FileDescriptorStoreMax=
        self.stored = []
        self.pid = None
        self.home = tempfile.mkdtemp()
        os.chmod(self.home, 0o755)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.home + '/notify')
        os.chmod(self.home + '/notify', 0o777)
        self.environment = {
            **os.environ,
            'NOTIFY_SOCKET': self.home + '/notify',
        }

    def receive(self):
        """Assignments of the next notification; stores its descriptor."""
        data, fds, _, _ = socket.recv_fds(self.socket, 4096, 4)
        for fd in fds:
            os.fstat(fd)  # as systemd does; nobody serves the tree yet
        words = data.decode().split('\n')
        if 'FDSTOREREMOVE=1' in words:
            self.forget()
        if 'FDSTORE=1' in words:
            self.stored[:0] = fds  # as systemd, the newest first
        while len(self.stored) > self.limit:
            os.close(self.stored.pop(0))
        return words

    def forget(self):
        while self.stored:
            os.close(self.stored.pop())

    def step(self, word, *options, **named):
        """Runs the first or the last step."""
        return subprocess.run(
            [DAEMON, f'--step={word}', *options, self.source, self.directory],
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
            **named,
        )

    def prepare(self):
        done = self.step('prepare')
        equal((done.returncode, done.stderr), (0, ''), 'status and stderr')
        equal(self.receive(), FORGET)
        equal(self.receive(), STORE)
        equal(self.receive(), STORE)

    def start(self, *options, **named):
        """Starts the main process, which takes the stored connection."""
        self.launch(*options, **named)
        count = sum(option.startswith('open=') for option in options)
        equal(self.receive(), starting(count), 'the first notification')
        equal(self.receive(), READY, 'the second notification')

    def launch(self, *options, hidden='', **environment):
        command = [sys.executable, '-c', LAUNCHER, str(len(self.stored))]
        process = subprocess.Popen(
            [
                *command,
                hidden,
                *map(str, self.stored),
                DAEMON,
                '--step=serve',
                '-o',
                ','.join([OPTIONS, *DEVICE.prepare(), *options]),
                self.source,
                self.directory,
            ],
            env={**self.environment, **environment},
            pass_fds=self.stored,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.returncode = 0  # wait_for() reaps it
        self.pid = process.pid
        return process

    def release(self):
        """Runs the last step, after the main process has ended."""
        self.forget()
        done = self.step('release')
        equal((done.returncode, done.stderr), (0, ''), 'status and stderr')
        equal(self.receive(), FORGET)
        assert not is_mounted(self.directory), 'the tree is still mounted'

    def await_end(self):
        equal(wait_for(self.pid), 0, "the daemon's exit status")
        self.pid = None
        equal(self.receive(), STOPPING)
        self.release()

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        self.await_end()

    def unmount(self):
        subprocess.run(['umount', self.directory], check=True)
        self.await_end()

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='ascii') as file:
            file.write(text)

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            wait_for(self.pid)
        self.forget()
        if is_mounted(self.directory):
            subprocess.run(['umount', '-l', self.directory], check=True)
            assert kind, 'the tree is still mounted'


@case('a process without privileges serves a tree that was mounted before')
def serving():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        manager.write('hmc0/control', 'open me\n')
        channel = os.open(manager.path('hmc0/message'), os.O_RDWR)
        os.write(channel, b'hello')
        equal(os.read(channel, 100), b'hello', 'the reply')
        os.close(channel)
        for pid in manager.pid, helper(manager.pid):
            of = process_status(pid)
            equal(of['Uid'].split(), [str(OTHER)] * 4, 'the user IDs')
            equal(
                (of['CapPrm'], of['NoNewPrivs'], of['Seccomp']),
                ('0' * 16, '1', '2'),
                'capabilities, no_new_privs and seccomp',
            )
        manager.stop()


@case('a caller waits until a prepared tree is served')
def waiting():
    with Manager() as manager:
        manager.prepare()
        child = Child(os.stat, manager.path('status'))
        manager.start()
        child.done()
        manager.stop()


@case('a foreground daemon reports its readiness and its end to a manager')
def ready():
    with Manager() as manager:
        process = subprocess.Popen(
            [DAEMON, '-f', '-o', ','.join(DEVICE.prepare())]
            + [manager.source, manager.directory],
            env=manager.environment,
        )
        equal(manager.receive(), starting(0))
        equal(manager.receive(), ['READY=1'])
        assert is_mounted(manager.directory), 'the tree is not mounted'
        process.terminate()
        equal(manager.receive(), STOPPING)
        equal(process.wait(), 0, 'the exit status')


def aborted(function, *arguments):
    """A call that the end of the connection ends, in a child."""
    raises(errno.ECONNABORTED, function, *arguments)


@case('the end of a killed service wakes its readers; its mount is removed')
def killed():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        manager.write('hmc0/control', 'open me\n')
        channel = os.open(manager.path('hmc0/message'), os.O_RDWR)
        reader = Child(aborted, os.read, channel, 100)
        until(
            lambda: open(manager.path('hmc0/status'))
            .read()
            .find('waiting_readers: 1')
            >= 0,
            'the reader',
        )
        os.kill(manager.pid, signal.SIGKILL)
        equal(wait_for(manager.pid), 128 + signal.SIGKILL, 'the status')
        manager.pid = None
        reader.done()
        assert is_mounted(manager.directory), 'the tree is not mounted'
        manager.release()
        os.close(channel)
        manager.prepare()
        manager.start()
        manager.write('hmc0/control', 'open me\n')
        manager.stop()


@case('a service whose tree is unmounted ends with status 0')
def unmounted():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        manager.unmount()


@case('the last step leaves the mount of another daemon alone')
def foreign():
    with Tree() as tree, Manager() as manager:
        own, manager.directory = manager.directory, tree.directory
        done = manager.step('release')
        equal((done.returncode, done.stderr), (0, ''), 'status and stderr')
        tree.status()
        done = manager.step('prepare')
        equal(done.returncode, os.EX_CANTCREAT, 'the exit status')
        assert 'mounted there already' in done.stderr, done.stderr
        manager.directory = own


@case('the first step refuses directories that a service manager looks at')
def refused_directory():
    with Manager() as manager:
        own = manager.directory
        link = own + '/link'
        os.symlink('/mnt', link)
        for manager.directory in '/mnt', '/srv', '/home', '/tmp', link:
            done = manager.step('prepare')
            equal(done.returncode, os.EX_CANTCREAT, manager.directory)
            assert 'give a directory below it' in done.stderr, done.stderr
            equal(manager.receive(), FORGET)
            real = os.path.realpath(manager.directory)
            assert not is_mounted(real), 'the directory is mounted'
        os.unlink(link)
        manager.directory = own


@case('the last step succeeds without a mount and without a mount point')
def nothing():
    with Manager() as manager:
        for directory in manager.directory, manager.directory + '/none':
            manager.directory = directory
            equal(manager.step('release').returncode, 0, 'the exit status')


@case('the first step leaves no mount if there is no service manager')
def alone():
    with Manager() as manager:
        del manager.environment['NOTIFY_SOCKET']
        done = manager.step('prepare')
        equal(done.returncode, os.EX_UNAVAILABLE, 'the exit status')
        assert 'ExecStartPre=' in done.stderr, done.stderr
        assert not is_mounted(manager.directory), 'the directory is mounted'


@case('the main step fails with a sentence if it inherits no connection')
def missing():
    with Manager() as manager:
        for stored in [], [os.open('/dev/null', os.O_RDWR)]:
            manager.stored = stored
            process = manager.launch()
            said = process.stderr.read()
            equal(wait_for(manager.pid), os.EX_UNAVAILABLE, 'the exit status')
            assert 'FileDescriptorStoreMax=2' in said, said
        manager.pid = None


def reload(manager, status, *says, **environment):
    """Runs the step of a reload with options; requires its exit status, and
    words on standard error."""
    options = environment.pop('options', '')
    done = subprocess.run(
        [DAEMON, '--step=reload', '-o', f'{OPTIONS},{options}']
        + [manager.source, manager.directory],
        env={**manager.environment, 'MAINPID': str(manager.pid)} | environment,
        text=True,
        capture_output=True,
        check=False,
    )
    equal(done.returncode, status, done.stderr)
    for text in says:
        assert text in done.stderr, done.stderr
    return done.stderr.splitlines()


def level(manager):
    with open(manager.path('control'), encoding='ascii') as file:
        found = [line for line in file if line.startswith('log-level ')]
    return found[0].split()[1]


@case('a reload changes the log level of a running service')
def reloaded():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        for word in 'info', 'debug', 'error':
            equal(
                reload(manager, 0, options=f'log_level={word}'),
                [f'vmcfs: log_level={word} is in force'],
                'the output',
            )
            equal(level(manager), word, 'the level')
        reload(manager, 0, 'log_level=message')
        equal(level(manager), 'message', 'the level without an option')
        echo(manager.directory)
        manager.stop()


@case('a reload names each option that needs a restart, and no other')
def unapplied():
    with Manager() as manager:
        manager.prepare()
        manager.start('history=1M', 'open=0:a\\,b', 'noexec', 'sendq=64K')
        source = manager.source
        manager.source = '/dev/other'
        lines = reload(
            manager,
            0,
            options='log_level=info,sendq=64K,history=2M,open=0:a,,memory=1G',
        )
        manager.source = source
        changed = 'has changed; restart the service to apply that'
        equal(
            lines,
            ['vmcfs: log_level=info is in force']
            + [
                f'vmcfs: {name} {changed}'
                for name in (
                    'the source',
                    'history=',
                    'open=',
                    'noexec',
                    'memory=',
                )
            ],
            'the output',
        )
        equal(level(manager), 'info', 'the level')
        manager.stop()


@case('a reload that fails says why, and changes nothing')
def refused():
    with Manager() as manager:
        manager.prepare()
        manager.start('log_level=warning')
        for options, text in (
            ('log_level=loud', 'give error, warning, message, info or debug'),
            ('log_level=', 'give error'),
            ('log_level=info,historx=1M', "did you mean 'history='?"),
            ('log_level=info,history=1', 'history=1 cannot be used'),
        ):
            reload(manager, os.EX_USAGE, text, options=options)
        info = {'options': 'log_level=info'}
        for pid in '', '0', 'x', '-1':
            reload(manager, 69, 'ExecReload=', MAINPID=pid, **info)
        reload(manager, 69, 'restart', MAINPID=str(os.getpid()), **info)
        with subprocess.Popen(['true']) as ended:
            os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
            for _ in range(2):
                reload(manager, 69, 'start', MAINPID=str(ended.pid), **info)
                ended.wait()
        own, manager.directory = manager.directory, scratch()
        reload(manager, 69, own, 'restore DIR', **info)
        os.rmdir(manager.directory)
        manager.directory = own
        equal(level(manager), 'warning', 'the level')
        manager.stop()


@case('a reload of a read-only tree fails, and says that it is read-only')
def read_only():
    with Manager() as manager:
        manager.step('prepare', '-o', 'ro')
        for _ in range(3):
            manager.receive()
        manager.start('ro')
        reload(manager, 69, 'log_level=message', 'Read-only', options='ro')
        manager.stop()


@case('a reload writes to no other file system than the tree')
def elsewhere_written():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        mount = ['mount', '-t', 'tmpfs', 'none', manager.directory]
        subprocess.run(mount, check=True)
        manager.write('control', '')
        text = 'no tree is served there'
        reload(manager, os.EX_UNAVAILABLE, text)
        equal(os.path.getsize(manager.path('control')), 0, 'the size')
        subprocess.run(['umount', manager.directory], check=True)
        manager.stop()


@case('the main step reports wrong options, with the status of such options')
def wrong():
    with Manager() as manager:
        for options in 'historx=1M', 'history=1', 'allow_root,dmode=777':
            done = manager.step('prepare', '-o', options)
            equal(done.returncode, 0, 'the status of the first step')
            first = done.stderr
            process = manager.launch(options)
            said = process.stderr.read()
            status, manager.pid = wait_for(manager.pid), None
            equal(status, os.EX_USAGE, 'the exit status')
            equal(said, first, 'the sentence')
        assert not is_mounted(manager.directory), 'the directory is mounted'


@case('an unknown step is refused')
def unknown():
    with Manager() as manager:
        done = manager.step('mount')
        equal(done.returncode, os.EX_USAGE, 'the exit status')
        assert 'serve, release or reload' in done.stderr, done.stderr


def switches(thread):
    """Number of times that a thread has slept."""
    return int(process_status(thread)['voluntary_ctxt_switches'])


def main_loop_runs(manager):
    """Waits until the main loop has run several times."""
    before = switches(manager.pid)
    until(lambda: switches(manager.pid) > before + 3, 'the main loop')


def is_quiet(manager):
    """Whether the main loop ran several times without a notification."""
    main_loop_runs(manager)
    quiet = True
    while select.select([manager.socket], [], [], 0)[0]:
        manager.receive()
        quiet = False
    return quiet


def system_call(thread):
    """Number of the system call that a thread is in, as a text."""
    with open(f'/proc/{thread}/syscall', encoding='ascii') as call:
        return call.read().split()[0]


def call_for_work(manager, thread):
    """The system call in which a thread sleeps while the main loop runs."""
    while True:
        before = switches(thread)
        call = system_call(thread)
        main_loop_runs(manager)
        if before == switches(thread) and call == system_call(thread):
            return call


def freeze(manager, thread):
    """Stops one thread while it waits for work, as a defect could. In any
    other place it might hold what the main loop needs, or be the next in a
    queue for it."""
    waiting = call_for_work(manager, thread)
    libc = ctypes.CDLL(None)
    libc.ptrace(PTRACE_SEIZE, thread, None, None)

    def stopped():
        libc.ptrace(PTRACE_INTERRUPT, thread, None, None)
        os.waitpid(thread, WALL)
        if system_call(thread) == waiting:
            return True
        libc.ptrace(PTRACE_CONT, thread, None, None)
        return False

    until(stopped, 'a thread that waits for work')


@case('the watchdog is notified while both threads make progress')
def watchdog():
    with Manager() as manager:
        manager.prepare()
        manager.start(WATCHDOG_USEC='40000')
        for _ in range(3):
            equal(manager.receive(), ['WATCHDOG=1'])
        threads = set(map(int, os.listdir(f'/proc/{manager.pid}/task')))
        threads.remove(manager.pid)
        for thread in threads:
            freeze(manager, thread)
        caller = Child(aborted, os.stat, manager.path('x'))
        try:
            until(lambda: is_quiet(manager), 'a missing notification')
        finally:
            os.kill(manager.pid, signal.SIGKILL)
            for thread in threads:
                os.waitpid(thread, WALL)
        equal(wait_for(manager.pid), 128 + signal.SIGKILL, 'the status')
        manager.pid = None
        manager.release()
        caller.done()


def fill_queue(manager):
    """Sends notifications until the queue is full; returns their number."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.connect(manager.home + '/notify')
        for count in itertools.count():
            try:
                sender.send(b'STATUS=busy')
            except BlockingIOError:
                return count


@case('a service manager that reads no notifications does not stop the tree')
def busy_manager():
    with Manager() as manager:
        manager.prepare()
        before = fill_queue(manager)
        manager.launch(WATCHDOG_USEC='40000')
        main_loop_runs(manager)
        echo(manager.directory)
        for _ in range(before):
            equal(manager.receive(), ['STATUS=busy'])
        while (words := manager.receive()) != READY:
            equal(words, ['WATCHDOG=1'])
        fill_queue(manager)
        for _ in range(3):
            main_loop_runs(manager)
            os.stat(manager.path('status'))
        os.kill(manager.pid, signal.SIGTERM)
        equal(wait_for(manager.pid), 0, "the daemon's exit status")
        manager.pid = None
        while select.select([manager.socket], [], [], 0)[0]:
            manager.receive()
        manager.release()


def shown(manager):
    """Keys of the status of the root about inotify."""
    with open(manager.path('status'), encoding='ascii') as file:
        keys = dict(line.strip().split(': ', 1) for line in file)
    return keys['inotify'], keys['inotify_off_reason']


def reports(manager):
    """Checks that a message and a rotation are reported."""
    with Watch(hmc0=manager.path('hmc0')) as watched:
        manager.write('hmc0/control', 'open me\n')
        channel = os.open(manager.path('hmc0/message'), os.O_RDWR)
        os.write(channel, b'hello')
        watched.wait('hmc0', 'modify', 'log')
        equal(os.read(channel, 100), b'hello', 'the reply')
        os.close(channel)
        manager.write('hmc0/control', 'rotate\n')
        cookie = watched.wait('hmc0', 'from', 'message')
        equal(watched.wait('hmc0', 'to', 'message.1'), cookie, 'the cookie')
        watched.wait('hmc0', 'create', 'message')


@case('without privileges a service reports messages to callers of inotify')
def reported():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        reports(manager)
        equal(shown(manager), ('on', '""'))
        of = process_status(await_announcer(manager))
        equal(of['Uid'].split(), [str(OTHER)] * 4, 'the user IDs')
        equal(
            (of['CapPrm'], of['NoNewPrivs'], of['Seccomp']),
            ('0' * 16, '1', '2'),
            'capabilities, no_new_privs and seccomp',
        )
        with Watch(hmc0=manager.path('hmc0')) as watched:
            manager.stop()
            watched.wait('hmc0', 'unmount')


def ends_with_its_mount(stopped):
    with Manager() as manager:
        manager.prepare()
        manager.start(hidden=manager.directory)
        reports(manager)
        equal(shown(manager), ('on', '""'))
        if stopped:
            os.kill(await_announcer(manager), signal.SIGSTOP)
        manager.unmount()


@case('the mount that counts is that of the first step, not of the main one')
def elsewhere():
    ends_with_its_mount(stopped=False)


@case('a stopped announcer does not keep a service from ending')
def announcer_stopped():
    ends_with_its_mount(stopped=True)


@case('a mount over the tree is not touched, and the tree is reported')
def covered():
    with Manager() as manager:
        manager.prepare()
        manager.start()
        tree = os.open(manager.directory, os.O_RDONLY)
        mount = ['mount', '-t', 'tmpfs', 'none', manager.directory]
        subprocess.run(mount, check=True)
        os.mkdir(manager.path('hmc0'))
        os.chmod(manager.path('hmc0'), 0o777)
        for name in 'status', 'log', 'message':
            manager.write('hmc0/' + name, 'own')
            os.chmod(manager.path('hmc0', name), 0o666)
        over = manager.directory
        with Watch(over=manager.path('hmc0')) as watched:
            manager.directory = f'/proc/self/fd/{tree}'
            reports(manager)
            equal(watched.pending(), [], 'the events of the other mount')
        os.close(tree)
        manager.directory = over
        subprocess.run(['umount', over], check=True)
        manager.stop()


@case('the last step says that a covered tree stays, until it is unmounted')
def covered_at_end():
    with Manager() as manager:
        for parent in False, True:
            own = manager.directory
            if parent:
                manager.directory += '/sub'
                os.mkdir(manager.directory)
            over = own
            manager.prepare()
            manager.start()
            mount = ['mount', '-t', 'tmpfs', 'none', over]
            subprocess.run(mount, check=True)
            os.kill(manager.pid, signal.SIGTERM)
            equal(wait_for(manager.pid), 0, "the daemon's exit status")
            manager.pid = None
            equal(manager.receive(), STOPPING)
            done = manager.step('release')
            equal(done.returncode, 0, 'the exit status')
            equal(
                done.stderr,
                f'vmcfs: {manager.directory}: the tree stays mounted, below '
                'what is mounted over it; unmount that, then the tree, with '
                'umount\n',
                'the sentence',
            )
            equal(manager.receive(), FORGET)
            subprocess.run(['umount', over], check=True)
            manager.release()
            manager.directory = own


@case('a copy that no main process took ends with what the manager stores')
def untaken():
    with Manager() as manager:
        manager.prepare()
        connection = os.dup(manager.stored[-1])
        subprocess.run(['umount', '-l', manager.directory], check=True)
        manager.forget()
        raises(errno.ENODEV, os.read, connection, 1 << 17)
        os.close(connection)


@case('a service that cannot report changes says why, and serves')
def silent():
    for options, limit, word in (
        ((), 1, 'FileDescriptorStoreMax=2'),
        (('uid=0',), 2, 'leave out uid='),
        (('uid=0', 'dmode=700'), 2, 'leave out uid='),
        (('notify_ms=0',), 2, 'notify_ms=0'),
    ):
        with Manager(limit=limit) as manager:
            manager.prepare()
            manager.start(*options)
            until(lambda: shown(manager)[0] == 'off', 'the end')
            assert word in shown(manager)[1], shown(manager)
            echo(manager.directory)
            manager.unmount()


@case('with notify_ms=0 the first step stores no copy')
def uncopied():
    with Manager() as manager:
        done = manager.step('prepare', '-o', 'notify_ms=0')
        equal((done.returncode, done.stderr), (0, ''), 'status and stderr')
        equal(manager.receive(), FORGET)
        equal(manager.receive(), STORE)
        manager.start('notify_ms=0')
        echo(manager.directory)
        manager.stop()


DEVICE.prepare()
run()
