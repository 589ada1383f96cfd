# SPDX-License-Identifier: GPL-2.0-or-later
#
# Attributes: tests the owners, modes, sizes, inode numbers and times that
# stat(2) returns, and that every call that would change the tree fails. It
# does not test the contents of files.
import errno
import os
import subprocess
import time

from helpers import until
from mounted import Tree
from tap import case, equal, raises, run


def mode(tree, *parts):
    return os.stat(tree.path(*parts)).st_mode & 0o7777


def files(tree):
    for directory, _, names in os.walk(tree.directory):
        for name in names:
            yield os.path.join(directory, name)


@case('by default only the mounting user has access')
def default_modes():
    with Tree() as tree:
        for name in 'message', 'control':
            equal(mode(tree, 0, name), 0o600, name)
        equal(mode(tree, 'control'), 0o600, 'control')
        for name in 'README', 'status':
            equal(mode(tree, name), 0o400, name)
        for directory in (), (0,):
            equal(mode(tree, *directory), 0o700, 'a directory')
        for path in files(tree):
            found = os.stat(path)
            equal(
                (found.st_uid, found.st_gid), (os.getuid(), os.getgid()), path
            )


@case('uid=, gid=, mode= and dmode= set owner, group and permissions')
def chosen_modes():
    with Tree('uid=1234', 'gid=4321', 'mode=0640', 'dmode=0750') as tree:
        for path in files(tree):
            found = os.stat(path)
            equal((found.st_uid, found.st_gid), (1234, 4321), path)
        equal(mode(tree, 0, 'message'), 0o640, 'message')
        equal(mode(tree, 0, 'status'), 0o440, 'status')
        equal(mode(tree, 0), 0o750, 'the directory')
        equal(mode(tree), 0o750, 'the root')


@case('permissions are enforced for other users')
def enforced():
    with Tree('uid=1234', 'gid=4321', 'mode=0640', 'dmode=0750') as tree:
        path = tree.path(0, 'message')
        for user, group, script, status in (
            (1234, 1, 'cat "$0" && echo hello >"$0"', 0),
            (1235, 4321, 'cat "$0"', 0),
            (1235, 4321, 'echo hello >"$0"', 2),
            (1235, 1, 'cat "$0"', 1),
        ):
            done = subprocess.run(
                ['sh', '-c', script, path],
                user=user,
                group=group,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
            equal(done.returncode, status, f'{user}:{group} {script}')
        until(lambda: tree.read(0, 'message') == b'hello\n', 'the echo')


@case('st_size is the number of bytes that a read returns, for every file')
def sizes():
    with Tree(hmcs=2, sessions=1) as tree:
        tree.send(b'x' * 5000)
        until(lambda: tree.read(0, 'message') == b'x' * 5000, 'the echo')
        for path in files(tree):
            with open(path, 'rb', buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                equal(len(file.read()), size, path)
            assert os.stat(path).st_blksize >= 8192, path


@case('inode numbers are never reused, not even by the next run')
def inodes():
    seen = set()
    for _ in range(3):
        with Tree() as tree:
            for _ in range(3):
                number = os.stat(tree.path(0, 'message')).st_ino
                assert number not in seen, number
                seen.add(number)
                tree.control(0, 'rotate')


@case(
    'inode numbers fit into 32 bits, as stat and directory listings show them'
)
def narrow():
    with Tree(hmcs=2, sessions=2) as tree:
        tree.control(1, 'rotate')
        paths = [tree.directory, tree.path(0), tree.path(1)]
        entries = [entry for path in paths for entry in os.scandir(path)]
        assert len(entries) > 10, entries
        for entry in entries:
            assert 0 < entry.inode() < 1 << 32, entry
            equal(
                entry.stat(follow_symlinks=False).st_ino,
                entry.inode(),
                entry.path,
            )


@case('st_nlink is the number of names: 0 for an open segment without a name')
def links():
    with Tree() as tree:
        for name in 'message', 'control', 'status':
            equal(os.stat(tree.path(0, name)).st_nlink, 1, name)
        with open(tree.path(0, 'message'), 'rb') as file:
            for left in 1, 1, 0:
                equal(os.fstat(file.fileno()).st_nlink, left, 'links')
                tree.send(b'x')
                until(lambda: tree.read(0, 'message') == b'x', 'the echo')
                tree.control(0, 'rotate')


@case('st_mtime of message is the time of the last message')
def times():
    with Tree() as tree:
        before = time.time_ns()
        tree.send(b'x')
        until(lambda: tree.read(0, 'message') == b'x', 'the echo')
        first = os.stat(tree.path(0, 'message')).st_mtime_ns
        # file times may use the coarser clock, which is up to 10 ms
        # late
        assert before - 10**7 <= first <= time.time_ns(), (before, first)
        until(
            lambda: time.time_ns() > first + 2 * 10**7, 'a later file time'
        )
        equal(os.stat(tree.path(0, 'message')).st_mtime_ns, first, 'mtime')
        tree.send(b'y')
        until(lambda: tree.read(0, 'message') == b'xy', 'the echo')
        assert os.stat(tree.path(0, 'message')).st_mtime_ns > first


@case('calls that would change the tree fail')
def immutable():
    with Tree() as tree:
        message, other = tree.path(0, 'message'), tree.path(0, 'other')
        for call, *arguments in (
            (os.chmod, message, 0o666),
            (os.chown, message, 1, 1),
            (os.open, other, os.O_WRONLY | os.O_CREAT),
            (os.mkdir, other),
            (os.rmdir, tree.path(0)),
            (os.unlink, message),
            (os.rename, message, other),
            (os.rename, message, tree.path(0, 'status')),
            (os.symlink, 'x', other),
            (os.link, message, other),
            (os.mkfifo, other),
        ):
            raises(errno.EPERM, call, *arguments)
        equal(tree.status(0)['state'], 'ready', 'the state')


@case('files have no extended attributes')
def attributes():
    with Tree() as tree:
        raises(errno.ENOTSUP, os.getxattr, tree.path('README'), 'user.x')
        raises(errno.ENOTSUP, os.listxattr, tree.path(0, 'message'))


@case('README and status cannot be opened for writing, not even by root')
def read_only_files():
    with Tree() as tree:
        for parts in ('README',), ('status',), (0, 'status'):
            raises(errno.EACCES, tree.open, os.O_WRONLY, *parts)


@case('-o ro: every file can be read, and none written')
def read_only_mount():
    with Tree('ro', 'open=0:me', sessions=0) as tree:
        equal(tree.read(0, 'message'), b'', 'the log')
        equal(tree.status(0)['state'], 'ready', 'the state')
        raises(errno.EROFS, tree.open, os.O_WRONLY, 0, 'message')
        raises(errno.EROFS, tree.open, os.O_RDWR, 0, 'message')
        raises(errno.EROFS, tree.open, os.O_WRONLY, 'control')


@case('the table of mounts lists the tree with its type')
def mount_table():
    with Tree() as tree, open('/proc/self/mounts', encoding='utf-8') as table:
        kind = [
            line.split()[2]
            for line in table
            if line.split()[1] == tree.directory
        ]
        equal(kind, ['fuse.vmcfs'], 'the type')


run()
