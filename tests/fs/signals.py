# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signals to a waiting caller: tests that a wait that is bounded in time
# outlasts every signal that does not end the caller, and that a fatal signal
# ends it, also after other signals. Signals to the daemon are tested in
# daemonsignals.py.
import errno
import os
import shlex
import signal
import subprocess
import tempfile
import threading

import mounted
import raw
from helpers import Child, blocked, fill, shell, state_of, until
from mounted import Tree
from tap import case, equal, raises, run

CLONE_NEWPID = 0x20000000


def await_reported(tree, pid):
    """Waits until the kernel has queued the signal for the daemon (the caller
    sleeps uninterruptibly from then on) and the daemon has handled it, since
    it answers a later request."""
    until(lambda: state_of(pid) == 'D', 'the report of the signal')
    tree.status()


def catch(*numbers, restart=True):
    signal.signal(
        signal.SIGQUIT, signal.SIG_DFL
    )  # sh makes its jobs ignore it
    for number in numbers:
        signal.signal(number, lambda *_: None)
        signal.siginterrupt(number, not restart)


def opener(tree, index=0, restart=True):
    """Process with a handler for SIGUSR1 that waits for an open."""

    def act():
        catch(signal.SIGUSR1, restart=restart)
        raw.write_to(tree.path(index, 'control'), b'open me')

    child = Child(act)
    until(
        lambda: tree.status(index)['state'] == 'opening', 'the state opening'
    )
    return child


def writer(tree, groups=()):
    """Process with a handler for SIGUSR1 whose write waits for room."""

    def act():
        os.setgroups(groups)
        catch(signal.SIGUSR1)
        raw.write_to(tree.path(0, 'message'), b'9999 waiting')

    child = Child(act)
    blocked(tree, 'writers', 1)
    return child


class Stalled(Tree):
    """Tree whose hypervisor does not respond until go()."""

    def __init__(self, full=False, hmcs=1):
        super().__init__(
            'sendq=1K',
            'send_timeout=600s',
            'open_timeout=600s',
            hmcs=hmcs,
            sessions=1 if full else 0,
        )
        self.control('sim stall on')
        if full:
            fill(self, 100)

    def go(self):
        self.control('sim stall off')

    def _is_idle(self):
        status = self.status(0)
        return (
            status['send_queue_messages'] == '0'
            and status['sent_messages'] == status['received_messages']
        )

    def arrived(self):
        """Number of times that the message of writer() was echoed."""
        until(self._is_idle, 'the echo of every message')
        return self.read(0, 'message').count(b'9999 waiting')


@case('an open continues when its shell receives SIGCHLD')
def shell_child():
    for name in 'bash', 'dash':
        with Tree('sim.delay_ms=100', sessions=0) as tree:
            shell(
                'sleep .1 & echo open me > hmc0/control; wait',
                shell=name,
                cwd=tree.directory,
            )
            equal(tree.status(0)['state'], 'ready', 'the state')


def timer(restart):
    with Tree('sim.delay_ms=100', sessions=0) as tree:

        def act():
            catch(signal.SIGALRM, restart=restart)
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
            raw.write_to(tree.path(0, 'control'), b'open me')

        Child(act).done()
        equal(tree.status(0)['state'], 'ready', 'the state')


@case('a program with an interval timer of 50 ms opens a session')
def timers():
    timer(restart=True)
    timer(restart=False)


@case('a program that preempts itself by SIGURG every 10 ms opens and writes')
def preempted():
    with Tree('sim.delay_ms=5', 'sendq=1K', sessions=0) as tree:

        def act():
            catch(signal.SIGURG)
            signal.signal(
                signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGURG)
            )
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
            for _ in range(10):
                raw.write_to(tree.path(0, 'control'), b'open me')
                for number in range(20):
                    raw.write_to(
                        tree.path(0, 'message'), b'%d ' % number + b'.' * 200
                    )
                raw.write_to(tree.path(0, 'control'), b'close')

        Child(act).done()
        status = tree.status(0)
        equal(
            (status['sessions'], status['sent_messages']),
            ('10', '200'),
            'sessions and messages',
        )


@case('an open outlasts handled signals, with and without SA_RESTART')
def open_outlasts():
    for restart in True, False:
        with Stalled() as tree:
            child = opener(tree, restart=restart)
            for _ in range(3):
                os.kill(child.pid, signal.SIGUSR1)
                await_reported(tree, child.pid)
            tree.go()
            child.done()
            equal(tree.status(0)['state'], 'ready', 'the state')


@case('a waiting write outlasts handled signals, and is sent once')
def write_outlasts():
    with Stalled(full=True) as tree:
        child = writer(tree)
        for _ in range(3):
            os.kill(child.pid, signal.SIGUSR1)
            await_reported(tree, child.pid)
        tree.go()
        child.done()
        equal(tree.arrived(), 1, 'the number of echoes')


@case('a waiting write of a process in a thousand groups outlasts a signal')
def write_outlasts_in_groups():
    with Stalled(full=True) as tree:
        child = writer(tree, groups=range(100000, 101000))
        os.kill(child.pid, signal.SIGUSR1)
        await_reported(tree, child.pid)
        tree.go()
        child.done()
        equal(tree.arrived(), 1, 'the number of echoes')


def fatal_after_handled(number):
    with Stalled(full=True) as tree:
        child = writer(tree)
        os.kill(child.pid, signal.SIGUSR1)
        await_reported(tree, child.pid)
        child.end(number)
        said = tree.status(0)['last_error']
        assert 'EINTR' in said and 'nothing was sent' in said, said
        tree.go()
        equal(tree.arrived(), 0, 'the number of echoes')
    with Stalled() as tree:
        child = opener(tree)
        os.kill(child.pid, signal.SIGUSR1)
        await_reported(tree, child.pid)
        child.end(number)


@case(
    'SIGKILL, SIGINT, SIGTERM and SIGQUIT end a wait that outlasted a signal'
)
def fatal():
    for number in (
        signal.SIGKILL,
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGQUIT,
    ):
        fatal_after_handled(number)


@case('SIGKILL ends twenty opens that outlasted a signal')
def many():
    with Stalled(hmcs=20) as tree:
        children = [opener(tree, index) for index in range(20)]
        for child in children:
            os.kill(child.pid, signal.SIGUSR1)
        for child in children:
            await_reported(tree, child.pid)
        for child in children:
            child.end(signal.SIGKILL)


@case('an open whose caller was killed continues, and the same open joins it')
def joins():
    with Stalled() as tree:
        opener(tree).end(signal.SIGKILL)
        status = tree.status(0)
        equal(status['state'], 'opening', 'the state')
        assert 'EINTR' in status['last_error'], status['last_error']
        assert "'open me'" in status['last_error'], status['last_error']
        raises(errno.EBUSY, tree.control, 0, 'open you')
        child = Child(tree.control, 0, 'open me')
        tree.go()
        child.done()
        equal(tree.status(0)['sessions'], '1', 'the sessions')


@case('the same open joins one that is already complete')
def joins_done():
    with Stalled() as tree:
        opener(tree).end(signal.SIGKILL)
        tree.go()
        until(lambda: tree.status(0)['state'] == 'ready', 'the state ready')
        raises(errno.EBUSY, tree.control, 0, 'open you')
        tree.control(0, 'open me')
        raises(errno.EBUSY, tree.control, 0, 'open me')
        equal(tree.status(0)['sessions'], '1', 'the sessions')


@case('an open and a waiting write outlast a stop of their caller')
def stopped():
    for full in False, True:
        with Stalled(full=full) as tree:
            child = writer(tree) if full else opener(tree)
            os.kill(child.pid, signal.SIGSTOP)
            await_reported(tree, child.pid)
            tree.go()
            until(
                lambda: state_of(child.pid) == 'T', 'the stop of the process'
            )
            os.kill(child.pid, signal.SIGCONT)
            child.done()


@case('a read of a channel fails with EINTR after a stop, and can be repeated')
def read_stopped():
    with Tree() as tree:

        def act():
            channel = tree.open(os.O_RDWR, 0, 'message')
            raises(errno.EINTR, raw.read, channel, 100)
            os.write(channel, b'x')
            equal(raw.read(channel, 100), b'x', 'the message')

        child = Child(act)
        blocked(tree, 'readers', 1)
        os.kill(child.pid, signal.SIGSTOP)
        until(lambda: state_of(child.pid) == 'T', 'the stop of the process')
        os.kill(child.pid, signal.SIGCONT)
        child.done()


@case(
    'bash, dash, dd, cat, head, grep and Python continue to read '
    'after a stop'
)
def tools_read_on():
    for command in (
        'bash -c "read -r x && echo $x"',
        'dash -c "read -r x && echo $x"',
        'dd count=1 status=none',
        'cat',
        'head -n1',
        'grep -m1 x',
        'python3 -c "import os; os.write(1, os.read(0, 100))"',
    ):
        with Tree() as tree:
            channel = tree.open(os.O_RDWR, 0, 'message')
            tool = subprocess.Popen(
                shlex.split(command),
                stdin=channel,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            blocked(tree, 'readers', 1)
            os.kill(tool.pid, signal.SIGSTOP)
            until(lambda: state_of(tool.pid) == 'T', 'the stop of the process')
            blocked(tree, 'readers', 0)
            os.kill(tool.pid, signal.SIGCONT)
            blocked(tree, 'readers', 1)
            os.write(channel, b'xyz\n')
            equal(os.read(tool.stdout.fileno(), 100), b'xyz\n', command)
            tool.kill()
            tool.wait()
            os.close(channel)


@case('an open outlasts a debugger that attaches to its caller')
def traced():
    with Stalled() as tree:
        child = opener(tree)
        raw.ptrace(raw.PTRACE_ATTACH, child.pid)
        await_reported(tree, child.pid)
        tree.go()
        equal(
            os.waitpid(child.pid, 0)[1] >> 8, signal.SIGSTOP, 'the stop signal'
        )
        raw.ptrace(raw.PTRACE_DETACH, child.pid)
        child.done()


@case('a fatal signal ends the wait of a traced caller')
def traced_fatal():
    with Stalled() as tree:
        child = opener(tree)
        raw.ptrace(raw.PTRACE_ATTACH, child.pid)
        await_reported(tree, child.pid)
        os.kill(child.pid, signal.SIGKILL)
        equal(os.waitpid(child.pid, 0)[1], signal.SIGKILL, 'the end')


class Frozen:
    """with Frozen(pid) as group: a process in a frozen control group, of a
    hierarchy that is mounted for the test."""

    def __init__(self, pid):
        self.mount = mounted.scratch()
        shell('mount -t cgroup2 none "$1"', self.mount)
        self.path = tempfile.mkdtemp(dir=self.mount)
        self.write('cgroup.procs', str(pid))

    def write(self, name, value):
        with open(
            os.path.join(self.path, name), 'w', encoding='utf-8'
        ) as file:
            file.write(value)

    def is_frozen(self):
        with open(
            os.path.join(self.path, 'cgroup.events'), encoding='utf-8'
        ) as events:
            return 'frozen 1' in events.read()

    def thaw(self):
        self.write('cgroup.freeze', '0')

    def __enter__(self):
        self.write('cgroup.freeze', '1')
        return self

    def __exit__(self, *_):
        self.thaw()
        shell(
            'while ! rmdir "$1"; do sleep .01; done; umount "$2"; rmdir "$2"',
            self.path,
            self.mount,
        )


@case('an open outlasts the freezer of control groups')
def frozen():
    with Stalled() as tree:
        child = opener(tree)
        with Frozen(child.pid) as group:
            await_reported(tree, child.pid)
            tree.go()
            until(group.is_frozen, 'the frozen control group')
            group.thaw()
            child.done()


def thread_of(function, *arguments):
    """The thread and its ID."""
    started = threading.Event()
    ids = []

    def act():
        ids.append(threading.get_native_id())
        started.set()
        function(*arguments)

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    started.wait()
    return thread, ids[0]


def outlasting_writer(tree):
    """Thread whose write waits on, after a signal that it has outlasted."""
    catch(signal.SIGUSR1)
    thread, number = thread_of(
        raw.write_to, tree.path(0, 'message'), b'9999 waiting'
    )
    blocked(tree, 'writers', 1)
    signal.pthread_kill(thread.ident, signal.SIGUSR1)
    await_reported(tree, number)
    return thread


@case('a write in a thread outlasts a signal to the thread and to the process')
def threads():
    with Stalled(full=True) as tree:

        def act():
            thread = outlasting_writer(tree)
            os.kill(os.getpid(), signal.SIGUSR1)
            tree.go()
            thread.join()

        Child(act).done()
        equal(tree.arrived(), 1, 'the number of echoes')


@case('exit and exec of another thread end a wait that outlasted a signal')
def thread_ends():
    for leave in (
        lambda: os._exit(0),
        lambda: os.execv('/bin/true', ['true']),
    ):
        with Stalled(full=True) as tree:

            def act(leave=leave):
                outlasting_writer(tree)
                leave()

            Child(act).done()
            blocked(tree, 'writers', 0)


@case('an open outlasts signals to a caller in a PID namespace of its own')
def contained():
    with Tree('sim.delay_ms=100', sessions=0) as tree:

        def inner():
            catch(signal.SIGALRM)
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
            raw.write_to(tree.path(0, 'control'), b'open me')

        def act():
            raw.unshare(CLONE_NEWPID)
            child = Child(inner)
            equal(
                os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1]),
                0,
                'the status of the process in the namespace',
            )

        Child(act).done()
        equal(tree.status(0)['state'], 'ready', 'the state')


@case('a signal ends the wait of a caller that /proc does not show')
def invisible():
    directory = mounted.scratch()
    path = os.path.join(directory, 'hmc0')
    options = ','.join(('open_timeout=600s', *mounted.DEVICE.prepare(hmcs=1)))
    daemon = subprocess.Popen(
        [
            'unshare',
            '--pid',
            '--fork',
            mounted.DAEMON,
            '-f',
            mounted.ON_DEVICE,
            '-o',
            options,
            directory,
        ]
    )
    until(lambda: os.path.exists(path), 'the mount')
    if not mounted.DEVICE.turn('sim stall on'):
        raw.write_to(os.path.join(directory, 'control'), b'sim stall on')

    def act():
        catch(signal.SIGALRM)
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        raises(
            errno.EINTR,
            raw.write_to,
            os.path.join(path, 'control'),
            b'open me',
        )

    Child(act).done()
    shell('umount "$1"', directory)
    equal(daemon.wait(), 0, "the daemon's exit status")
    os.rmdir(directory)


run()
