# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mounted channel of the file-system tests: mounts the daemon on a new
# directory, gives access to its files, and unmounts it; the daemon must end
# with status 0 and leave no mount. It contains no test.
import ctypes
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

import device
import left
import tap
from device import DEVICE, MTU

DAEMON = os.environ.get('VMCFS', 'build/vmcfs/vmcfs')
ON_DEVICE = '--device=' + device.NAME


def become_reaper():
    """Makes the daemon, which goes into the background, a child of this
    process, so that its exit status can be read."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


become_reaper()


def scratch():
    """New directory that all users can reach."""
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    return directory


def daemon(*arguments, program=DAEMON, **named):
    """Runs the daemon until it returns; for errors before the mount."""
    return subprocess.run(
        [program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=tap.GUARD,
        check=False,
        **named,
    )


def is_mounted(directory):
    parent = os.path.dirname(directory)
    return directory in [path for path, _ in left.mounts(parent)]


def _ends(pid, seconds):
    """Whether a child ends within SECONDS; it is not reaped."""
    ended = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(ended)


def wait_for(pid):
    """Waits for the end of a child; returns its status as a shell would. The
    guard of the case limits the wait."""
    _serving.discard(pid)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if code >= 0 else 128 - code


def serving(directory):
    """Daemons that serve DIRECTORY: our children since their parents ended."""
    found = []
    for pid in left.processes():
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as line:
                words = line.read().split(b'\0')
            parent = int(left.process_stat(pid)[1])
        except OSError:
            continue
        if os.fsencode(directory) in words and parent == os.getpid():
            found.append(pid)
    return found


def helper(pid):
    """The privileged helper of the daemon PID."""
    with open(f'/proc/{pid}/task/{pid}/children', encoding='utf-8') as file:
        (child,) = file.read().split()
    return int(child)


def kill(pid):
    """Kills a daemon, and its helper, which would remove the mount."""
    os.kill(helper(pid), signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    tap.equal(wait_for(pid), 128 + signal.SIGKILL, 'the status')


_serving = set()  # process IDs of the daemons that must be running


def check_alive():
    """Fails if a daemon has ended, since a wait for it would not end."""
    for pid in _serving:
        try:
            ended = os.waitid(
                os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
            )
        except ChildProcessError:
            return  # in a child: its parent checks the daemon
        assert not ended, 'the daemon has ended'


class Tree:
    """with Tree('history=64K', hmcs=2, sessions=1) as tree: ..."""

    def __init__(
        self,
        *options,
        hmcs=1,
        sessions=1,
        mtu=MTU,
        directory=None,
        prepare=DEVICE.prepare,
        **started,
    ):
        self.directory = directory or scratch()
        self.stalled = False
        own = dict(
            option.removeprefix('sim.').split('=')
            for option in options
            if option.startswith('sim.')
        )
        options = tuple(
            option for option in options if not option.startswith('sim.')
        )
        options += prepare(hmcs=hmcs, mtu=mtu, **own)
        command = [DAEMON, ON_DEVICE]
        if options:
            command += ['-o', ','.join(options)]
        self.pid = self._start(command + [self.directory], **started)
        _serving.add(self.pid)
        try:
            for index in range(sessions):
                self.control(index, f'open test-{index}')
        except OSError:
            self.abandon()
            raise

    def _start(self, command, **named):
        """Starts the daemon in the background; returns its process ID."""
        started = subprocess.run(
            command,
            text=True,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=tap.GUARD,
            check=False,
            **named,
        )
        self.said = started.stderr
        for line in self.said.splitlines():
            tap.note('stderr:', line)
        tap.equal(started.returncode, 0, 'the exit status at the start')
        found = serving(self.directory)
        assert found, 'there is no daemon after its parent ended'
        return found[0]

    def path(self, *parts):
        """path('status'), path(0, 'message')"""
        parts = [
            f'hmc{part}' if isinstance(part, int) else part for part in parts
        ]
        return os.path.join(self.directory, *parts)

    def open(self, flags, *parts):
        return os.open(self.path(*parts), flags)

    def send(self, message, index=0):
        """Sends a message by one open and one write, as printf in a shell."""
        descriptor = self.open(os.O_WRONLY, index, 'message')
        try:
            tap.equal(
                os.write(descriptor, message),
                len(message),
                'the result of write',
            )
        finally:
            os.close(descriptor)

    def control(self, *target_and_command):
        """control('sim stall on'), control(0, 'open me')"""
        *target, command = target_and_command
        if command.startswith('sim stall '):
            self.stalled = command == 'sim stall on'
        if not target and DEVICE.turn(command):
            return
        descriptor = self.open(os.O_WRONLY, *target, 'control')
        try:
            data = command.encode() + b'\n'
            tap.equal(
                os.write(descriptor, data), len(data), 'the result of write'
            )
        finally:
            os.close(descriptor)

    def read(self, *parts):
        with open(self.path(*parts), 'rb') as file:
            return file.read()

    def status(self, *target):
        """Status as a mapping from key to text."""
        lines = self.read(*target, 'status').decode('ascii').splitlines()
        return dict(line.split(': ', 1) for line in lines)

    def queued(self):
        """Number of messages that wait to be sent, on all indices."""
        return sum(
            int(self.status(index)['send_queue_messages'])
            for index in range(int(self.status()['hmcs']))
        )

    def stop(self, how='terminate', status=0):
        """Ends the daemon, which must have this exit status and leave no
        mount. With status 0 the hypervisor accepts the queued messages
        first."""
        if self.stalled and not status:
            self.control('sim stall off')
            while self.queued():
                time.sleep(0.005)
        pid, self.pid = self.pid, None
        if how == 'terminate':
            os.kill(pid, signal.SIGTERM)
        elif how == 'unmount':
            subprocess.run(['umount', self.directory], check=True)
        tap.equal(wait_for(pid), status, "the daemon's exit status")
        assert not is_mounted(self.directory), 'the tree is still mounted'
        os.rmdir(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if self.pid is None:
            return
        if kind is None:
            self.stop()
            return
        self.abandon()

    def forget(self):
        """Drops a daemon that has ended and was reaped."""
        _serving.discard(self.pid)
        self.pid = None

    def abandon(self):
        """After a failure: prints the status files, ends daemon and mount."""
        pid, self.pid = self.pid, None
        _serving.discard(pid)
        try:
            if _ends(pid, 1):
                tap.note(
                    'the daemon has ended, with status',
                    os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]),
                )
            tap.note('the status files at the failure:')
            for line in subprocess.run(
                [
                    'timeout',
                    '5',
                    'grep',
                    '-r',
                    '.',
                    '--include=status',
                    self.directory,
                ],
                check=False,
                capture_output=True,
                text=True,
            ).stdout.splitlines():
                tap.note(line.removeprefix(self.directory))
        finally:
            parent = os.path.dirname(self.directory)
            left.end(
                [
                    mount
                    for mount in left.mounts(parent)
                    if mount[0] == self.directory
                ]
            )
            shutil.rmtree(self.directory, ignore_errors=True)


class Foreground(Tree):
    """Tree whose daemon runs with -f, and with arguments of subprocess.Popen
    such as STDERR."""

    def _start(self, command, arguments=(), **named):
        process = subprocess.Popen(
            [*command[:1], '-f', *arguments, *command[1:]],
            stdin=subprocess.DEVNULL,
            **named,
        )
        process.returncode = 0  # wait_for() reaps it
        while not is_mounted(self.directory):
            assert not _ends(process.pid, 0.005), 'the daemon has ended'
        return process.pid
