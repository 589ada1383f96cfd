# SPDX-License-Identifier: GPL-2.0-or-later
#
# Concurrent calls: tests the size that lseek(SEEK_END) returns while shells
# write with ">", and look-ups of missing names during a rotation and a parked
# write. It does not test other offsets; log.py does.
import errno
import os

from helpers import VOLUME, Child, shell
from mounted import Tree
from tap import case, equal, note, raises, run

LINES = VOLUME * 3 // 100


@case('SEEK_END returns the correct size during "echo > message"')
def seek_end():
    with Tree() as tree:
        path = tree.path(0, 'message')
        log = tree.open(os.O_RDONLY, 0, 'message')
        tree.send(b'start\n')
        while os.lseek(log, 0, os.SEEK_END) != 6:
            pass
        writer = Child(
            shell, f'for i in {{1..{LINES}}}; do echo hello > "$1"; done', path
        )
        other = tree.open(os.O_RDONLY, 0, 'message')
        seen, calls = 6, 0
        while seen < 6 + LINES * 6:
            size = os.lseek(log, 0, os.SEEK_END)
            assert size >= seen and size % 6 == 0, (seen, size)
            first = os.fstat(other).st_size
            assert first >= size and first % 6 == 0, (first, size)
            seen, calls = size, calls + 1
        writer.done()
        note(f'{calls} calls')
        equal(len(tree.read(0, 'message')), seen, 'the size')
        os.close(log)
        os.close(other)


@case(
    'look-ups of missing names, rotations and a waiting write do '
    'not block each other'
)
def look_ups():
    with Tree('send_timeout=300ms', 'sendq=1K') as tree:

        def look_up(stop):
            while not os.path.exists(stop):
                for name in 'message.9', 'nothing':
                    raises(errno.ENOENT, os.stat, tree.path(0, name))
                os.path.exists(tree.path(0, 'message.1'))

        def rotate(stop):
            while not os.path.exists(stop):
                tree.control(0, 'rotate')

        stop = os.path.join(os.environ['TMPDIR'], 'stop')
        children = [
            Child(look_up, stop),
            Child(look_up, stop),
            Child(rotate, stop),
        ]
        writer = tree.open(os.O_WRONLY, 0, 'message')
        for _ in range(5):
            tree.control('sim stall on')
            try:
                while True:
                    os.write(writer, b'x' * 100)
            except TimeoutError:
                pass
            tree.control('sim stall off')
            while True:  # writes fail until the hypervisor continues
                try:
                    os.write(writer, b'x' * 100)
                    break
                except TimeoutError:
                    pass
        with open(stop, 'wb'):
            pass
        for child in children:
            child.done()
        os.close(writer)
        equal(tree.status(0)['state'], 'ready', 'the state')


run()
