# SPDX-License-Identifier: GPL-2.0-or-later
#
# Readers: tests tools that wait for input by poll, select or epoll before they
# read. On a log they end at its end, as on any regular file; on a channel they
# wait. The calls themselves are tested in poll.py.
import os
import subprocess

from helpers import Tool, shell, until
from mounted import Tree
from tap import case, equal, run

TEXT = b''.join(b'line %d\n' % number for number in range(1000))

# each prints the file $1, or its standard input, and ends
READERS = {
    'socat': 'socat -u "OPEN:$1" -',
    'socat on standard input': 'socat -u STDIN - <"$1"',
    'pv': 'pv -q "$1"',
    'pv on standard input': 'pv -q <"$1"',
    'Tcl fileevent': '''tclsh <<END
set log [open "$1"]
fconfigure \\$log -translation binary -blocking 0
fconfigure stdout -translation binary
fileevent \\$log readable {
    puts -nonewline [read \\$log]
    if {[eof \\$log]} { set done 1 }
}
vwait done
END''',
    'expect': '''expect <<END
log_user 0
set timeout -1
match_max -d 100000
spawn -noecho -open [open "$1"]
expect eof { puts -nonewline [string map {"\\r" ""} \\$expect_out(buffer)] }
END''',
    'Python select': '''python3 -c "
import os, select, sys
while select.select([0], [], [])[0]:
    part = os.read(0, 100)
    if not part: break
    os.write(1, part)" <"$1"''',
    'ssh-like: cat in a pipe': 'cat "$1" | cat',
}


def filled(tree):
    for start in range(0, len(TEXT), 4096):
        tree.send(TEXT[start : start + 4096])
    until(lambda: tree.read(0, 'message') == TEXT, 'the log')


def read_by_all(tree, name, expected):
    for tool, script in READERS.items():
        done = shell(script, tree.path(0, name))
        equal(done.stdout, expected, f'the output of {tool} for {name}')


@case('each tool reads a log to its end and exits')
def log():
    with Tree() as tree:
        filled(tree)
        read_by_all(tree, 'message', TEXT)


@case('each tool exits at once on an empty log')
def empty():
    with Tree() as tree:
        read_by_all(tree, 'message', b'')


@case('each tool reads message.1 and the log of an ended session')
def ended():
    with Tree() as tree:
        filled(tree)
        tree.control(0, 'rotate')
        read_by_all(tree, 'message.1', TEXT)
        tree.control(0, 'close')
        read_by_all(tree, 'message', b'')


@case('socat joins a channel with its standard input and output')
def channel():
    with Tree() as tree:
        path = tree.path(0, 'message')
        with subprocess.Popen(
            ['socat', '-', f'OPEN:{path}'],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as joined:
            for number in range(10):
                joined.stdin.write(b'request %d\n' % number)
                equal(
                    joined.stdout.readline(),
                    b'request %d\n' % number,
                    'the message',
                )
            tree.control(0, 'close')
            equal(joined.stdout.read(), b'', 'the end')
            joined.stdin.close()
            joined.wait()


@case('tail -F and pv follow a growing log together')
def together():
    with Tree() as tree:
        path = tree.path(0, 'message')
        with Tool('tail', '-n', '+1', '-s', '0.1', '-F', path) as tail:
            for number in range(5):
                tree.send(b'line %d\n' % number)
                expected = b''.join(
                    b'line %d\n' % n for n in range(number + 1)
                )
                until(
                    lambda e=expected: tree.read(0, 'message') == e, 'the echo'
                )
                equal(
                    shell('pv -q "$1"', path).stdout,
                    expected,
                    'the output of pv',
                )
                tail.await_text(b'line %d\n' % number)
        assert os.path.exists(path)


run()
