# SPDX-License-Identifier: GPL-2.0-or-later
#
# Texts: tests README, status and control as files that stay open. A read at
# offset 0 generates the text, as in /proc and sysfs, and later reads return
# the rest of that text. It does not test the words.
import errno
import os

from helpers import shell
from mounted import Tree
from tap import case, equal, raises, run

MORE = b'x' * 100
SIZE = 1 << 16


def change(tree):
    """Changes a value in the status."""
    tree.send(MORE)


def sent(text):
    return int(text.split(b'sent_bytes: ')[1].split()[0])


def read_in_steps(descriptor, size, between=lambda: None):
    parts = []
    while part := os.read(descriptor, size):
        parts.append(part)
        between()
    return b''.join(parts)


@case('a read at offset 0 returns the current text, and fstat its size')
def present():
    with Tree() as tree:
        status = tree.open(os.O_RDONLY, 0, 'status')
        for number in range(3):
            equal(sent(os.pread(status, SIZE, 0)), number * 100, 'sent_bytes')
            os.lseek(status, 0, os.SEEK_SET)
            equal(sent(os.read(status, SIZE)), number * 100, 'sent_bytes')
            change(tree)
            size = os.fstat(status).st_size
            equal(len(os.pread(status, SIZE, 0)), size, 'the size')
        os.close(status)


@case('reads of any size return one text while the status changes')
def steps():
    with Tree() as tree:
        for size in 1, 7, 100, 4096:
            status = tree.open(os.O_RDONLY, 0, 'status')
            before = tree.read(0, 'status')
            text = read_in_steps(status, size, lambda: change(tree))
            equal(text, before, f'the text in steps of {size}')
            equal(os.read(status, SIZE), b'', 'a read after the end')
            equal(
                sent(os.pread(status, SIZE, 0)),
                sent(tree.read(0, 'status')),
                'sent_bytes',
            )
            os.close(status)


@case('later reads agree with a first read in the middle')
def middle():
    with Tree() as tree:
        status = tree.open(os.O_RDONLY, 0, 'status')
        before = tree.read(0, 'status')
        equal(
            os.pread(status, 50, 100),
            before[100:150],
            'the middle of the text',
        )
        change(tree)
        equal(
            os.pread(status, SIZE, 150), before[150:], 'the rest of the text'
        )
        equal(os.pread(status, SIZE, 0), tree.read(0, 'status'), 'the text')
        os.close(status)


@case('a reader can seek back in the text')
def back():
    with Tree() as tree:
        status = tree.open(os.O_RDONLY, 0, 'status')
        text = os.read(status, SIZE)
        change(tree)
        equal(
            os.pread(status, 50, 100), text[100:150], 'the middle of the text'
        )
        os.close(status)


@case('a reader can seek back after it has read the text in several reads')
def back_from_the_end():
    with Tree() as tree:
        status = tree.open(os.O_RDONLY, 0, 'status')
        text = read_in_steps(status, 100)
        change(tree)
        equal(os.pread(status, SIZE, 1), text[1:], 'all but the first byte')
        os.close(status)


@case(
    'two readers of one descriptor: each read agrees with the last '
    'one at offset 0'
)
def two():
    with Tree() as tree:
        status = tree.open(os.O_RDONLY, 0, 'status')
        os.read(status, 100)
        change(tree)
        text = os.pread(status, SIZE, 0)
        change(tree)
        equal(os.read(status, SIZE), text[100:], 'the rest of the text')
        equal(os.read(status, SIZE), b'', 'the end')
        os.close(status)


@case('a read past the end of any text file returns 0')
def past_end():
    with Tree() as tree:
        for path in ('README',), ('control',), (0, 'status'), (0, 'control'):
            text = tree.open(os.O_RDONLY, *path)
            equal(os.pread(text, 10, 1 << 40), b'', 'a read past the end')
            equal(len(os.read(text, SIZE)), os.fstat(text).st_size, 'the size')
            raises(errno.EINVAL, os.pread, text, 10, -1)
            os.close(text)


@case('control opened for reading and writing shows the effect of a command')
def after_command():
    with Tree(sessions=0) as tree:
        got = shell(
            'exec 3<>control; cat <&3; echo open me >&3; cat <&3',
            cwd=tree.path(0),
        ).stdout
        first, second = got.split(b'# In force:\n')[1:]
        assert first.startswith(b'close\n'), first
        equal(second, b'open me\n', 'the settings in force')


run()
