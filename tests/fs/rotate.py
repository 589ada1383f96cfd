# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rotation: tests the command, message.1, inode numbers and old descriptors,
# and that the followers of a name lose nothing when the log rotates by itself.
# The memory of segments is tested in bounded.py.
import errno
import os
import tempfile
import time

from helpers import VOLUME, Child, Tool, shell, until
from mounted import Tree
from tap import GUARD, case, equal, note, raises, run


def answered(tree, text):
    tree.send(text)
    until(lambda: tree.read(0, 'message').endswith(text), 'the echo')


@case('rotate creates a new message and renames the old one to message.1')
def command():
    with Tree() as tree:
        answered(tree, b'old\n')
        before = os.stat(tree.path(0, 'message')).st_ino
        assert not os.path.exists(tree.path(0, 'message.1'))
        tree.control(0, 'rotate')
        assert os.stat(tree.path(0, 'message')).st_ino != before
        equal(os.stat(tree.path(0, 'message.1')).st_ino, before, 'inode')
        equal(tree.read(0, 'message'), b'', 'message')
        equal(tree.read(0, 'message.1'), b'old\n', 'message.1')
        assert 'message.1' in os.listdir(tree.path(0))
        answered(tree, b'new\n')
        equal(tree.read(0, 'message'), b'new\n', 'message')
        equal(tree.read(0, 'message.1'), b'old\n', 'message.1')
        equal(tree.status(0)['rotations'], '1', 'the number of rotations')


@case('message.1 cannot be opened for writing')
def record():
    with Tree() as tree:
        tree.control(0, 'rotate')
        raises(errno.EROFS, tree.open, os.O_WRONLY, 0, 'message.1')
        raises(errno.EROFS, tree.open, os.O_RDWR, 0, 'message.1')


@case('a file opened by O_PATH before a rotation can be truncated and written')
def truncated_later():
    with Tree() as tree:
        place = tree.open(os.O_PATH, 0, 'message')
        tree.control(0, 'rotate')
        writer = os.open(f'/proc/self/fd/{place}', os.O_WRONLY | os.O_TRUNC)
        equal(os.write(writer, b'new\n'), 4, 'the result of write')
        until(lambda: tree.read(0, 'message') == b'new\n', 'the echo')
        os.close(writer)
        os.close(place)


WRITES = max(VOLUME // 50, 200)


@case('writes with > succeed during many rotations and look-ups of message.1')
def storm():
    with Tree() as tree:

        def sent():
            return int(tree.status(0)['sent_messages'])

        # The kernel repeats a look-up only once, so no open may see two
        # rotations: at least one whole open is between them.
        def rotate():
            while not os.path.exists(done):
                before = sent()
                tree.control(0, 'rotate')
                until(
                    lambda: sent() > before + 2 or os.path.exists(done),
                    'two messages',
                )

        def look():
            while not os.path.exists(done):
                os.path.exists(tree.path(0, 'message.1'))
                time.sleep(0.001)

        with tempfile.TemporaryDirectory() as directory:
            done = os.path.join(directory, 'done')
            children = [Child(rotate), Child(look)]
            shell(
                'for i in $(seq "$2"); do echo x > "$1" || exit; done',
                tree.path(0, 'message'),
                str(WRITES),
            )
            open(done, 'xb').close()
            for child in children:
                child.done()
        equal(
            tree.status(0)['sent_messages'],
            str(WRITES),
            'the number of sent messages',
        )


@case('an old descriptor reads its file to the end after rotations')
def old_descriptor():
    with Tree() as tree:
        answered(tree, b'one\n')
        log = tree.open(os.O_RDONLY, 0, 'message')
        equal(os.read(log, 2), b'on', 'the data')
        for _ in range(3):
            tree.control(0, 'rotate')
            answered(tree, b'new\n')
        equal(os.read(log, 100), b'e\n', 'the data')
        equal(os.read(log, 100), b'', 'the end')
        equal(os.fstat(log).st_size, 4, 'the size')
        os.close(log)


@case('a channel continues across rotations')
def channel():
    with Tree() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        for number in range(10):
            os.write(channel, b'%d' % number)
            tree.control(0, 'rotate')
        for number in range(10):
            equal(os.read(channel, 100), b'%d' % number, 'the message')
        os.close(channel)


@case('the memory of a segment without a name and a descriptor is freed')
def freed():
    with Tree('history=1M') as tree:
        tree.control('sim flood 0 60 16384')
        until(
            lambda: tree.status(0)['received_messages'] == '60', 'all messages'
        )
        for _ in range(2):
            tree.control(0, 'rotate')
            tree.send(b'x')
            until(lambda: tree.read(0, 'message') == b'x', 'the echo')
        equal(tree.read(0, 'message.1'), b'x', 'message.1')
        used = int(tree.status()['memory_bytes'])
        assert used < 60 * 16384, used


@case(
    'followers of the name lose nothing when the log rotates by itself',
    guard=4 * GUARD,
)
def followers():
    # Each round of messages is paced so that a segment fills in well under
    # the ten seconds that it is kept, and never reaches four times its
    # size.
    commands = (
        ('tail', '-n', '+1', '-F'),
        ('busybox', 'tail', '-n', '+1', '-F'),
        ('tail', '-s', '0.1', '-n', '+1', '-F'),
    )
    with Tree('history=64K') as tree:
        path = tree.path(0, 'message')
        tree.send(b'begin\n')
        outputs = [tempfile.TemporaryFile() for _ in commands]
        tools = [
            Tool(*command, path, output=output)
            for command, output in zip(commands, outputs)
        ]

        def shown(output):
            return os.pread(output.fileno(), 1 << 26, 0)

        try:
            for output in outputs:
                until(
                    lambda o=output: shown(o) == b'begin\n',
                    'the output of the follower',
                )
            number = 0
            while int(tree.status(0)['rotations']) < 3:
                tree.send(b'%07d %s\n' % (number, b'.' * 991))
                number += 1
                time.sleep(0.05)  # pace of the messages
            tree.send(b'end\n')
            note(f'{number} messages, 3 rotations')
            for output in outputs:
                until(
                    lambda o=output: shown(o).endswith(b'end\n'),
                    'the output of the follower',
                )
                lines = shown(output).splitlines()
                equal(
                    [int(line.split()[0]) for line in lines[1:-1]],
                    list(range(number)),
                    'the numbers of the messages',
                )
        finally:
            for tool in tools:
                tool.__exit__()


run()
