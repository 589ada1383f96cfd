# SPDX-License-Identifier: GPL-2.0-or-later
#
# Languages: tests the advice of docs/using.md for each language: a request and
# its reply by the recommended calls, and the calls that the page warns of. The
# shells are tested in shells.py.
import os
import subprocess

from helpers import blocked, shell, until
from mounted import Tree
from tap import GUARD, case, equal, run


def reply(program, *arguments):
    """Output of a program that sends "request\\n" and prints the reply."""
    with Tree() as tree:
        done = subprocess.run(
            [program, *arguments],
            cwd=tree.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=GUARD,
            check=True,
        )
        equal(tree.status(0)['sent_messages'], '1', 'the number of messages')
    return done.stdout


@case('Python: an unbuffered file sends and receives one message each')
def python():
    equal(
        reply(
            'python3',
            '-c',
            '''
channel = open('hmc0/message', 'r+b', buffering=0)
channel.write(b'request\\n')
print(channel.read(65536).decode(), end='')
''',
        ),
        b'request\n',
        'the reply',
    )


@case('Node: writeSync and readSync send and receive one message each')
def node():
    equal(
        reply(
            'node',
            '-e',
            '''
const fs = require('fs');
const channel = fs.openSync('hmc0/message', 'r+');
fs.writeSync(channel, 'request\\n');
const buffer = Buffer.alloc(65536);
const length = fs.readSync(channel, buffer, 0, buffer.length, null);
process.stdout.write(buffer.toString('latin1', 0, length));
''',
        ),
        b'request\n',
        'the reply',
    )


@case('Node: createWriteStream joins chunks that wait for an earlier write')
def node_stream():
    with Tree() as tree:
        subprocess.run(
            [
                'node',
                '-e',
                '''
const stream = require('fs').createWriteStream('hmc0/message');
stream.write('1\\n');
stream.write('2\\n');
stream.end('3\\n');
''',
            ],
            cwd=tree.directory,
            stdin=subprocess.DEVNULL,
            timeout=GUARD,
            check=True,
        )
        until(lambda: tree.read(0, 'message') == b'1\n2\n3\n', 'the echo')
        sent = int(tree.status(0)['sent_messages'])
        assert sent < 3, f'{sent} messages for three chunks'


@case('Perl: syswrite and sysread send and receive one message each')
def perl():
    equal(
        reply(
            'perl',
            '-MFcntl',
            '-e',
            '''
sysopen(my $channel, 'hmc0/message', O_RDWR) or die;
syswrite($channel, "request\\n") == 8 or die;
sysread($channel, my $reply, 65536) or die;
print $reply;
''',
        ),
        b'request\n',
        'the reply',
    )


TCL = '''
set channel [open hmc0/message RDWR]
chan configure $channel -translation binary -buffering none -blocking 0
proc on_readable {} {
    puts -nonewline [chan read $::channel]
    set ::done 1
}
chan event $channel readable on_readable
puts -nonewline $channel "request\\n"
vwait done
'''


@case('Tcl: an unbuffered channel and a file event send and receive messages')
def tcl():
    script = os.path.join(os.environ['TMPDIR'], 'client.tcl')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(TCL)
    equal(reply('tclsh', script), b'request\n', 'the reply')


@case('bash: read -r waits for a newline; dd returns the message')
def bash():
    with Tree() as tree:
        with subprocess.Popen(
            [
                'bash',
                '-c',
                'exec 3<>hmc0/message;'
                'printf %s part >&3; read -r line <&3; echo "$line"',
            ],
            cwd=tree.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        ) as client:
            until(lambda: tree.read(0, 'message') == b'part', 'the echo')
            blocked(tree, 'readers', 1)
            tree.send(b' and the rest\n')
            equal(client.stdout.read(), b'part and the rest\n', 'the line')
        equal(
            shell(
                'exec 3<>hmc0/message; printf %s part >&3;'
                'timeout 60 dd bs=64K count=1 status=none <&3',
                cwd=tree.directory,
            ).stdout,
            b'part',
            'the message',
        )


@case('fish: > sends, cat reads, and bash serves a request with its reply')
def fish():
    with Tree() as tree:
        here = dict(shell='fish --no-config', cwd=tree.directory)
        shell('echo hello > hmc0/message', **here)
        until(lambda: tree.read(0, 'message') == b'hello\n', 'the echo')
        equal(shell('cat hmc0/message', **here).stdout, b'hello\n', 'the log')
        equal(
            shell(
                "bash -c 'exec 3<>hmc0/message; echo request >&3;"
                'read -r reply <&3; echo $reply\'',
                **here,
            ).stdout,
            b'request\n',
            'the reply',
        )


run()
