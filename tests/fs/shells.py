# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shells: tests the idioms in the documentation for shells, in bash, dash and
# busybox: a request and its reply on one descriptor, long messages, a bounded
# wait. Other languages are tested in languages.py.
import itertools
import os
import re

from helpers import section, shell, until
from mounted import MTU, Tree
from tap import case, equal, note, run

SHELLS = 'bash', 'dash', 'busybox sh'


@case('exec 3<>message: echo sends a request, read -r returns the reply')
def exchange():
    for name in SHELLS:
        with Tree() as tree:
            done = shell(
                'exec 3<>hmc0/message; echo x >&3; read -r y <&3;'
                'echo "got $y"; echo two words >&3; read -r y <&3;'
                'echo "got $y"',
                shell=name,
                cwd=tree.directory,
            )
            equal(done.stdout, b'got x\ngot two words\n', name)


@case('the commands of the README for shells run as printed')
def documented():
    text = section('README.md', '## In a shell')
    lines = re.findall(r'^    (.*)$', text, re.MULTILINE)
    assert len(lines) > 5, lines
    for name in 'bash', 'dash':
        with Tree() as tree:
            # dd prints the echo of the line that was sent before
            # it.
            done = shell(
                'set -e; x=$(printf "a\\nb");'
                + '\n'.join(lines).replace(
                    'timeout 5', 'echo line >&3; timeout 60'
                ),
                shell=name,
                cwd=tree.directory,
            )
            equal(done.stdout, b'line\n', name)
            until(
                lambda: tree.read(0, 'message')
                == b'request\nline\na\nbhello\n',
                'the echo',
            )
            equal(
                tree.status(0)['sent_messages'],
                '4',
                'the number of sent messages',
            )


@case('each dd returns one message of a reply of several')
def parts():
    for name in SHELLS:
        with Tree() as tree:
            done = shell(
                'exec 3<>hmc0/message; for i in 1 2 3; do '
                'echo message $i >&3; done; for i in 1 2 3; do '
                'timeout 60 dd bs=64K count=1 status=none <&3;'
                'echo .; done',
                shell=name,
                cwd=tree.directory,
            )
            equal(
                done.stdout,
                b''.join(b'message %d\n.\n' % i for i in (1, 2, 3)),
                name,
            )


def long_message(size):
    """Letters and newlines, without a final one, which $(...) would cut
    off."""
    lines = b''.join(b'line %d\n' % number for number in range(size))
    return lines[: size - 1] + b'!'


def answer(tree, name, script, message):
    """Runs a script that sends $x, set to MESSAGE; returns the reply."""
    source = os.path.join(os.environ['TMPDIR'], 'long')
    with open(source, 'wb') as file:
        file.write(message)
    return shell(
        'x=$(cat "$1"); exec 3<>hmc0/message;'
        + script
        + 'timeout 60 dd bs=64K count=1 status=none <&3',
        source,
        shell=name,
        cwd=tree.directory,
    ).stdout


@case('printf %s "$x" | dd iflag=fullblock is one message, of any length')
def long_messages():
    with Tree() as tree:
        sizes = 2, 4096, 4097, 8193, 9000, MTU
        for sent, (name, size) in enumerate(
            itertools.product(SHELLS, sizes), 1
        ):
            message = long_message(size)
            equal(
                answer(
                    tree,
                    name,
                    'printf %s "$x" |'
                    'dd bs=64K iflag=fullblock status=none > hmc0/message;',
                    message,
                ),
                message,
                f'{name} {size}',
            )
            equal(
                tree.status(0)['sent_messages'],
                str(sent),
                'the number of sent messages',
            )


@case('printf %s "$x" | cat: nothing is lost; the pipe may divide it')
def through_cat():
    # A shell writes the text in parts; bash writes each line by itself. The
    # scheduler determines whether cat finds all of them in the pipe at once,
    # so this may be several messages.
    log = b''
    with Tree() as tree:
        for name, size in itertools.product(SHELLS, (4097, 9000, MTU)):
            message = long_message(size)
            first = answer(
                tree, name, 'printf %s "$x" | cat > hmc0/message;', message
            )
            assert message.startswith(first), first
            log += message
            until(lambda: tree.read(0, 'message') == log, 'the echo')
        note(f"{tree.status(0)['sent_messages']} for {3 * len(SHELLS)}")


@case('echo of one long line is one message')
def long_line():
    for name in SHELLS:
        with Tree() as tree:
            done = shell(
                'x=$(head -c 8000 /dev/zero | tr "\\0" a);'
                'exec 3<>hmc0/message; echo "$x" > hmc0/message;'
                'timeout 60 dd bs=64K count=1 status=none <&3',
                shell=name,
                cwd=tree.directory,
            )
            equal(done.stdout, b'a' * 8000 + b'\n', name)


@case('timeout 5 dd without a reply exits with 124')
def no_answer():
    with Tree() as tree:
        shell(
            'exec 3<>hmc0/message;'
            'timeout 5 dd bs=64K count=1 status=none <&3',
            cwd=tree.directory,
            status=124,
        )
        equal(
            tree.status(0)['waiting_readers'],
            '0',
            'the number of waiting readers',
        )


@case('>, >>, dd, tee and cp send messages')
def writers():
    with Tree() as tree:
        done = shell(
            'exec 3<>hmc0/message; echo 1 > hmc0/message;'
            'echo 2 >> hmc0/message; echo 3 | tee hmc0/message >/dev/null;'
            'echo 4 | dd of=hmc0/message status=none;'
            'echo 5 > "$TMPDIR/five"; cp "$TMPDIR/five" hmc0/message;'
            'for i in 1 2 3 4 5; do read -r y <&3; echo "$y"; done',
            cwd=tree.directory,
        )
        equal(done.stdout, b'1\n2\n3\n4\n5\n', 'the replies')


@case('truncation sends nothing and keeps the log')
def truncation():
    with Tree() as tree:
        shell(
            'exec 3<>hmc0/message; echo 1 >&3; read -r y <&3;'
            ': > hmc0/message; truncate -s 0 hmc0/message;'
            'truncate -s 7 hmc0/message',
            cwd=tree.directory,
        )
        equal(tree.read(0, 'message'), b'1\n', 'the log')
        equal(
            tree.status(0)['sent_messages'], '1', 'the number of sent messages'
        )


run()
