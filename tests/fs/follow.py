# SPDX-License-Identifier: GPL-2.0-or-later
#
# Following tools: tests that tools that follow a growing file print each new
# message: GNU and busybox tail, and less on a terminal. It does not test tools
# that end at the end of a file.
import os
import pty

from helpers import Tool, until
from mounted import Tree
from tap import case, run


def follow(*command):
    """Requires a tool to print the existing messages and then each new one."""
    with Tree() as tree:
        tree.send(b'first\n')
        until(lambda: tree.read(0, 'message') == b'first\n', 'the echo')
        with Tool(*command, tree.path(0, 'message')) as tool:
            tool.await_text(b'first\n')
            for number in range(3):
                tree.send(b'line %d\n' % number)
                tool.await_text(b'line %d\n' % number)
            tree.control('sim emit 0 by itself')
            tool.await_text(b'by itself\n')
            assert tool.got == (
                b'first\nline 0\nline 1\nline 2\n' b'by itself\n'
            ), tool.got


@case('tail -f prints each new message')
def tail():
    follow('tail', '-f')


@case('tail -n +1 -F prints each new message')
def tail_name():
    follow('tail', '-n', '+1', '-F')


@case('tail -s 0.1 -f prints each new message')
def tail_fast():
    follow('tail', '-s', '0.1', '-f')


@case('busybox tail -f prints each new message')
def busybox_tail():
    follow('busybox', 'tail', '-f')


@case('busybox tail -n +1 -F prints each new message')
def busybox_tail_name():
    follow('busybox', 'tail', '-n', '+1', '-F')


@case('tail -f of an empty log prints each new message')
def tail_empty():
    with Tree() as tree:
        with Tool('tail', '-f', tree.path(0, 'message')) as tool:
            tree.send(b'hello\n')
            tool.await_text(b'hello\n')


@case('less +F on a terminal prints each new message')
def less():
    os.environ['TERM'] = 'xterm'
    with Tree() as tree:
        tree.send(b'first\n')
        until(lambda: tree.read(0, 'message') == b'first\n', 'the echo')
        master, slave = pty.openpty()
        with Tool(
            'less', '+F', tree.path(0, 'message'), terminal=slave
        ) as tool, open(master, 'rb', 0) as screen:
            os.close(slave)
            tool.output = screen
            tool.await_text(b'first')
            for number in range(3):
                tree.send(b'line %d\n' % number)
                tool.await_text(b'line %d' % number)


run()
