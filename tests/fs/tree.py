# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tree: tests a walk through the whole tree by the usual tools. Each walk ends
# without errors and changes nothing. It does not test single files.
import os

from helpers import shell, until
from mounted import Tree, scratch
from tap import case, equal, run

NAMES = {'control', 'message', 'status'}


@case('each HMC index has a directory with its three files')
def names():
    with Tree(hmcs=4, sessions=0) as tree:
        top = set(os.listdir(tree.directory))
        assert {'README', 'control', 'status', 'metrics'} <= top, top
        equal(
            {name for name in top if name.startswith('hmc')},
            {'hmc0', 'hmc1', 'hmc2', 'hmc3'},
            'the set of directories',
        )
        for index in range(4):
            inside = set(os.listdir(tree.path(index)))
            assert NAMES <= inside, inside
            assert 'message.1' not in inside, inside


def walk(tree):
    """Every tool must end with status 0 and no error message."""
    target = scratch()
    for script in (
        'ls -lR "$1"',
        'ls -laiR "$1"',
        'find "$1"',
        'find "$1" -type f -size +0 -newermt 2000-01-01',
        'grep -r . "$1"',
        'cp -r "$1" "$2/cp"',
        'cp -a "$1" "$2/cp-a"',
        'tar -C "$1" -cf "$2/tar" . && tar -tf "$2/tar"',
        'du -s "$1"',
        'df "$1"',
        'stat -f "$1"',
        'busybox find "$1" -type f -exec busybox cat {} +',
        'busybox cp -r "$1" "$2/busybox"',
        'wc -c "$1"/* "$1"/*/* 2>/dev/null || :',
    ):
        done = shell(script, tree.directory, target)
        equal(done.stderr, b'', f'the error output of {script}')
    return target


@case('every tool that walks a tree ends without sessions')
def walk_empty():
    with Tree(hmcs=4, sessions=0) as tree:
        walk(tree)


@case('every tool that walks a tree ends and copies the messages')
def walk_full():
    with Tree(hmcs=4, sessions=3) as tree:
        tree.send(b'one line\n')
        until(lambda: tree.read(0, 'message') == b'one line\n', 'the echo')
        tree.control(1, 'rotate')
        target = walk(tree)
        for copy in 'cp', 'cp-a', 'busybox':
            with open(f'{target}/{copy}/hmc0/message', 'rb') as file:
                equal(file.read(), b'one line\n', copy)
            with open(f'{target}/{copy}/README', 'rb') as file:
                equal(file.read(), tree.read('README'), copy)
        done = shell('tar -xOf "$1" ./hmc0/message', target + '/tar')
        equal(done.stdout, b'one line\n', 'tar')


@case('a walk changes nothing')
def harmless():
    with Tree(hmcs=2, sessions=2) as tree:
        walk(tree)
        after = tree.status(0)
        equal(after['state'], 'ready', 'the state')
        equal(after['sent_messages'], '0', 'the number of sent messages')
        equal(after['waiting_readers'], '0', 'the number of waiting readers')


@case('/README explains the tree and is plain text')
def readme():
    with Tree() as tree:
        text = tree.read('README').decode('ascii')
        for word in (
            'message',
            'control',
            'status',
            'open ',
            'exec 3<>',
            'timeout 5 dd bs=64K',
            'printf %s',
        ):
            assert word in text, f'{word!r} is missing'
        assert (
            max(map(len, text.splitlines())) <= 80
        ), 'a line is longer than 80 columns'


run()
