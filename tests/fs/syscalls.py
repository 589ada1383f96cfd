# SPDX-License-Identifier: GPL-2.0-or-later
#
# System calls: tests that the filters of the running daemon and of its helper
# refuse each group of calls. The processes make the calls themselves, and the
# builds for tests end a process that makes one. The errno of other builds,
# EPERM, is tested by tests/unit/test-filter.c.
import ctypes
import errno
import fcntl
import mmap
import os
import re
import signal
import socket
import subprocess
import sys
import termios

import inject
import tap
from device import DEVICE
from helpers import until
from mounted import Tree, helper, is_mounted, wait_for
from tap import case, equal, note, run

HERE = -100  # AT_FDCWD
SANITIZED = os.environ.get('VMCFS_TEST_BUILD') == 'sanitized'
CODE = mmap.PROT_READ | mmap.PROT_EXEC
REQUESTVMC = (
    2 << 30 | 4 << 16 | 0xCC << 8 | 2
    if not inject.POWER
    else 1 << 30 | 4 << 16 | 0xCC << 8 | 2
)

# Calls that the leak check of a sanitized build needs.
NEEDED_BY_SANITIZERS = {
    'clone',
    'openat',
    'ptrace',
    'kill',
    'prctl',
    'prlimit64',
    'mprotect',
    'tgkill',
}

# Groups that both processes refuse.
REFUSED = [
    ('execve', 0, 0, 0),
    ('execveat', HERE, 0, 0, 0, 0),
    ('fork',),
    ('socket', socket.AF_INET, socket.SOCK_STREAM, 0),
    ('ptrace', 0, 0, 0, 0),
    ('process_vm_writev', 1, 0, 0, 0, 0, 0),
    ('pidfd_getfd', 0, 0, 0),
    ('mount', 0, 0, 0, 0, 0),
    ('mount_setattr', HERE, 0, 0, 0, 0),
    ('pivot_root', 0, 0),
    ('chroot', 0),
    ('unshare', 0x20000),
    ('setns', 0, 0),
    ('swapon', 0, 0),
    ('quotactl', 0, 0, 0, 0),
    ('acct', 0),
    ('bpf', 0, 0, 0),
    ('perf_event_open', 0, 0, -1, -1, 0),
    ('userfaultfd', 0),
    ('io_uring_setup', 1, 0),
    ('fanotify_init', 0, 0),
    ('add_key', 0, 0, 0, 0, -1),
    ('keyctl', 0, -1),
    ('kexec_load', 0, 0, 0, 0),
    ('init_module', 0, 0, 0),
    ('finit_module', 0, 0, 0),
    ('delete_module', 0, 0),
    ('reboot', 0, 0, 0, 0),
    ('sethostname', 0, 0),
    ('clock_settime', 0, 0),
    ('personality', 0xFFFFFFFF),
    ('iopl', 3),
    ('modify_ldt', 0, 0, 0),
    ('setresuid', 0, 0, 0),
    ('fchmodat', HERE, 0, 0),
    ('fchownat', HERE, 0, 0, 0, 0),
    ('unlinkat', HERE, 0, 0),
    ('mkdirat', HERE, 0, 0),
    ('symlinkat', 0, HERE, 0),
    ('linkat', HERE, 0, HERE, 0, 0),
    ('truncate', 0, 0),
    ('setxattr', 0, 0, 0, 0, 0),
    ('open_by_handle_at', 0, 0, 0),
    ('seccomp', 0, 0, 0),
    ('shmget', 0, 1, 0o1600),
    ('mmap', 0, 4096, CODE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0),
    ('mprotect', 0, 4096, CODE),
    ('ioctl', 0, termios.TIOCSTI, 0),
    ('tgkill', 1, 1, 0),
]

# Groups that only the daemon refuses.
REFUSED_TO_DAEMON = [
    ('capset', 0, 0),
    ('renameat2', HERE, 0, HERE, 0, 0),
    ('mknodat', HERE, 0, 0, 0),
    ('utimensat', HERE, 0, 0, 0),
    ('openat', HERE, 0, os.O_WRONLY),
    ('openat', HERE, 0, os.O_RDWR),
    ('openat', HERE, 0, os.O_RDONLY | os.O_CREAT, 0o600),
    ('openat', HERE, 0, os.O_RDONLY | os.O_TRUNC),
    ('openat', HERE, 0, os.O_TMPFILE | os.O_RDWR, 0o600),
    ('clone', signal.SIGCHLD, 0, 0, 0, 0),
    ('kill', 1, 0),
    ('prctl', 4, 1, 0, 0, 0),
    ('prlimit64', 0, 7, 1, 0),
    ('umount2', 0, 0),
    ('fsopen', 0, 0),
    ('move_mount', HERE, 0, HERE, 0, 0),
    ('ioctl', 0, REQUESTVMC, 0),
    ('fcntl', 0, fcntl.F_SETOWN, 1),
    ('fcntl', 0, fcntl.F_SETLEASE, 0),
]


def possible(calls):
    """Calls that this machine and build have; a part where starts are slow."""
    here = [
        call
        for call in calls
        if inject.number(call[0]) is not None
        and not (SANITIZED and call[0] in NEEDED_BY_SANITIZERS)
    ]
    here = here[:: 4 if tap.SLOWNESS > 3 else 1]
    note(len(here), 'calls')
    return here


def name_of(call):
    return f'{call[0]}({", ".join(map(str, call[1:]))})'


@case('an allowed call of the daemon succeeds, and the daemon continues')
def allowed():
    with Tree() as tree:
        equal(inject.inject(tree.pid, 'getpid'), tree.pid, 'getpid()')
        equal(
            inject.inject(tree.pid, 'openat', HERE, 0, os.O_RDONLY),
            -errno.EFAULT,
            'openat() for reading',
        )
        tree.send(b'x')
        other = helper(tree.pid)
        equal(inject.inject(other, 'getpid'), other, 'getpid() of the helper')


@case('each refused call ends the daemon')
def daemon():
    for call in possible(REFUSED + REFUSED_TO_DAEMON):
        tree = Tree(sessions=0)
        other = helper(tree.pid)
        equal(inject.inject(tree.pid, *call), signal.SIGSYS, name_of(call))
        tree.forget()
        equal(wait_for(other), 0, "the helper's status")
        assert not is_mounted(tree.directory), 'the tree is still mounted'
        os.rmdir(tree.directory)


@case('each refused call ends the helper')
def helping():
    for call in possible(REFUSED):
        tree = Tree(sessions=0)
        equal(
            inject.inject(helper(tree.pid), *call),
            signal.SIGSYS,
            name_of(call),
        )
        subprocess.run(['umount', tree.directory], check=True)
        wait_for(tree.pid)
        os.rmdir(tree.directory)


class Audit:
    """Records of the audit of the kernel from now on."""

    PROTOCOL, RECORDS, SECCOMP = 9, 1, 1326
    SO_RCVBUFFORCE = 33
    PR_SET_SECCOMP, STRICT = 22, 1

    def __init__(self):
        self.socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, self.PROTOCOL
        )
        self.socket.setsockopt(socket.SOL_SOCKET, self.SO_RCVBUFFORCE, 8 << 20)
        self.socket.bind((0, self.RECORDS))

    def _own(self):
        """Ends a child by a refused call; returns its process ID."""
        pid = os.fork()
        if not pid:
            libc = ctypes.CDLL(None)
            libc.prctl(self.PR_SET_SECCOMP, self.STRICT, 0, 0, 0)
            libc.getppid()
        os.waitpid(pid, 0)
        return pid

    def refused(self, pids):
        """Records of refused calls of the processes so far."""
        last = self._own()
        found = []
        while True:
            data = self.socket.recv(1 << 16)
            kind = int.from_bytes(data[4:6], sys.byteorder)
            match = re.search(rb' pid=(\d+) ', data)
            if kind != self.SECCOMP or not match:
                continue
            if int(match[1]) == last:
                return found
            if int(match[1]) in pids:
                found.append(data[16:])


@case('no call of a start, an exchange and an end is refused')
def clean():
    audit = Audit()
    with Tree() as tree:
        other = helper(tree.pid)
        with open(
            f'/proc/{other}/task/{other}/children', encoding='ascii'
        ) as file:
            (announcer,) = file.read().split()
        tree.send(b'x')
        # the thread that starts others, and those of two files
        until(
            lambda: len(os.listdir(f'/proc/{announcer}/task')) >= 4,
            'the threads of the announcer',
        )
        pids = tree.pid, other, int(announcer)
        tree.stop()
    equal(audit.refused(pids), [], 'the records of refused calls')


DEVICE.prepare()
run()
