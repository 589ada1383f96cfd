# SPDX-License-Identifier: GPL-2.0-or-later
#
# First session: tests the first minute with a channel, typed into a shell as
# in the README. It does not test errors.
import os

from helpers import shell, until
from mounted import Tree
from tap import case, equal, run


@case('a session is opened, used and closed by echo and cat')
def minute():
    with Tree(sessions=0) as tree:
        here = dict(cwd=tree.directory)
        shell('echo open my-console > hmc0/control', **here)
        shell('echo hello > hmc0/message', **here)
        until(lambda: tree.read(0, 'message'), 'the echo')
        equal(shell('cat hmc0/message', **here).stdout, b'hello\n', 'the log')
        shell('grep -x "state: ready" hmc0/status', **here)
        shell('grep my-console hmc0/status', **here)
        shell('echo close > hmc0/control', **here)
        shell('grep -x "state: none" hmc0/status', **here)
        equal(tree.read(0, 'message'), b'hello\n', 'the log afterwards')


@case('unsolicited messages of the hypervisor appear in the log')
def emitted():
    with Tree() as tree:
        shell('echo sim emit 0 wake up > control', cwd=tree.directory)
        until(lambda: tree.read(0, 'message') == b'wake up\n', 'the message')


@case('many unsolicited messages arrive')
def flooded():
    with Tree() as tree:
        tree.control('sim flood 0 1000 100')
        until(
            lambda: tree.read(0, 'message').count(b'\n') == 1000,
            'all messages',
        )
        for number, line in enumerate(tree.read(0, 'message').splitlines(), 1):
            equal(len(line), 99, 'the length')
            equal(int(line.split()[0]), number, 'the number in the message')


@case('sessions of several indices are independent')
def several():
    with Tree(hmcs=4, sessions=4) as tree:
        for index in range(4):
            tree.send(b'to %d\n' % index, index)
        for index in range(4):
            until(lambda i=index: tree.read(i, 'message'), 'the echo')
            equal(tree.read(index, 'message'), b'to %d\n' % index, 'the log')


@case('the message log starts again with each session')
def restarted():
    with Tree() as tree:
        tree.send(b'old\n')
        until(lambda: tree.read(0, 'message') == b'old\n', 'the echo')
        tree.control(0, 'close')
        tree.control(0, 'open again')
        equal(tree.read(0, 'message'), b'', 'the new log')
        assert os.path.exists(tree.path(0, 'message.1'))
        equal(tree.read(0, 'message.1'), b'old\n', 'the old log')


run()
