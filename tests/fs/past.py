# SPDX-License-Identifier: GPL-2.0-or-later
#
# Past messages: tests that message.1 does not change for readers and cannot be
# written, and that the newest messages keep the name message until others
# arrive. Rotation is tested in rotate.py.
import errno
import os

from helpers import shell, until
from mounted import Tree
from tap import case, equal, raises, run

USER = 65534


@case('message.1 cannot be written: EROFS for its owner and for root')
def read_only():
    with Tree(f'uid={USER}', f'gid={USER}') as tree:
        tree.send(b'old\n')
        until(lambda: tree.read(0, 'message') == b'old\n', 'the echo')
        tree.control(0, 'rotate')
        for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC):
            raises(errno.EROFS, tree.open, flags, 0, 'message.1')
        said = shell(
            f'setpriv --reuid={USER} --regid={USER} --clear-groups '
            'bash -c \'echo x > "$1"\' - "$1"',
            tree.path(0, 'message.1'),
            status=1,
        )
        assert b'Read-only file system' in said.stderr, said.stderr
        equal(tree.read(0, 'message.1'), b'old\n', 'the text of message.1')


@case('a writer that looked up message before a rotation sends to the session')
def raced():
    with Tree() as tree:
        tree.send(b'old\n')
        until(lambda: tree.read(0, 'message') == b'old\n', 'the echo')
        found = tree.open(os.O_PATH, 0, 'message')
        through = f'/proc/self/fd/{found}'
        tree.control(0, 'rotate')
        for _ in range(3):
            equal(tree.read(0, 'message.1'), b'old\n', 'the older log')
            for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC):
                writer = os.open(through, flags)
                os.write(writer, b'new\n')
                os.close(writer)
        until(lambda: tree.read(0, 'message') == b'new\n' * 9, 'the echoes')
        past = tree.open(os.O_PATH, 0, 'message.1')
        raises(errno.EROFS, os.open, f'/proc/self/fd/{past}', os.O_WRONLY)
        equal(os.fstat(past).st_ino, os.fstat(found).st_ino, 'the inode')
        os.close(past)
        os.close(found)


@case('names that were looked up before a drop open the current segments')
def looked_up():
    with Tree() as tree:
        tree.send(b'old\n')
        until(lambda: tree.read(0, 'message') == b'old\n', 'the echo')
        found = tree.open(os.O_PATH, 0, 'message')
        tree.control(0, 'rotate')
        past = tree.open(os.O_PATH, 0, 'message.1')
        for _ in range(3):
            tree.send(b'new\n')
            until(
                lambda: tree.read(0, 'message').endswith(b'new\n'), 'the echo'
            )
            tree.control(0, 'rotate')
        through = f'/proc/self/fd/{found}'
        for flags in os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC:
            writer = os.open(through, flags)
            os.write(writer, b'last\n')
            os.close(writer)
        until(lambda: tree.read(0, 'message') == b'last\n' * 3, 'the echoes')
        reader = os.open(through, os.O_RDONLY)
        equal(os.read(reader, 99), b'last\n' * 3, 'the current log')
        equal(os.stat(through).st_size, 15, 'the size of the current log')
        os.close(reader)
        with open(f'/proc/self/fd/{past}', 'rb') as file:
            equal(file.read(), b'new\n', 'message.1')
        raises(errno.EROFS, os.open, f'/proc/self/fd/{past}', os.O_WRONLY)
        os.close(past)
        os.close(found)


@case('truncate(2) on files that cannot be written fails')
def truncated():
    with Tree() as tree:
        tree.control(0, 'rotate')
        raises(errno.EROFS, os.truncate, tree.path(0, 'message.1'), 0)
        for name in ('README', 'status'):
            raises(errno.EACCES, os.truncate, tree.path(name), 0)
        os.truncate(tree.path(0, 'message'), 0)
        os.truncate(tree.path(0, 'control'), 0)


@case('messages keep the name message until a new one arrives')
def kept():
    with Tree('history=4K') as tree:
        big = b'x' * 16384
        tree.send(big)
        until(lambda: tree.read(0, 'message') == big, 'the echo')
        tree.control(0, 'close')
        equal(tree.read(0, 'message'), big, 'the log of the ended session')
        tree.control(0, 'open again')
        equal(tree.read(0, 'message'), b'', 'the new log')
        equal(tree.read(0, 'message.1'), big, 'the text of message.1')
        tree.control(0, 'close')
        tree.control(0, 'open once more')
        equal(tree.read(0, 'message.1'), big, 'the text of message.1')


@case('a descriptor of an empty, ended session does not read the next session')
def apart():
    with Tree() as tree:
        old = tree.open(os.O_RDONLY, 0, 'message')
        tree.control(0, 'close')
        tree.control(0, 'open again')
        tree.send(b'new\n')
        until(lambda: tree.read(0, 'message') == b'new\n', 'the echo')
        equal(os.read(old, 99), b'', 'the data of the old descriptor')
        os.close(old)


run()
