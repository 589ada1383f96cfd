# SPDX-License-Identifier: GPL-2.0-or-later
#
# Administration: tests the advice of docs/using.md for administrators, and the
# first session of the README, with the real tools. It does not test the tree
# itself.
import os
import re
import subprocess
from html import unescape

import recording
from helpers import Child, Tool, shell, until
from mounted import DAEMON, Tree, is_mounted, scratch
from tap import GUARD, case, equal, run


def scratch_file(name, text):
    path = os.path.join(os.environ['TMPDIR'], name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


@case('the first session of the README runs as printed and ends cleanly')
def first_session():
    lines = recording.commands()
    assert lines[0].startswith('build/vmcfs/vmcfs ') and len(lines) > 5, lines
    directory = scratch()
    script = scratch_file(
        'session',
        'set -m\n'
        + '\n'.join(lines)
        .replace('build/vmcfs/vmcfs', os.path.abspath(DAEMON))
        .replace('/mnt', directory)
        + '\n',
    )
    done = subprocess.run(
        ['bash', '-e', script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=GUARD,
        check=False,
    )
    equal(done.returncode, 0, f'the exit status; {done.stderr}')
    assert 'busy' not in done.stderr, done.stderr
    assert done.stdout.startswith('hello\n'), done.stdout
    assert not is_mounted(directory), 'the tree is still mounted'
    os.rmdir(directory)


@case('the recording in the README shows the commands of the first session')
def recorded():
    with open('docs/session.svg', encoding='utf-8') as image:
        shown = re.findall(r'>(.*?)<set ', image.read())
    prompt = recording.PROMPT
    typed = [
        unescape(line).removeprefix(prompt)
        for line in shown
        if line.startswith(prompt)
    ]
    equal(typed, recording.commands(), 'the list of commands')


@case('umount reports a busy target, and fuser lists its users')
def busy():
    with Tree() as tree:
        with Tool('tail', '-f', tree.path(0, 'message')) as tail:
            tree.send(b'line\n')
            tail.await_text(b'line\n')
            done = shell('umount "$1"', tree.directory, status=None)
            assert done.returncode and b'busy' in done.stderr, done.stderr
            done = shell(
                'fuser -m "$1" 2>/dev/null', tree.directory, status=None
            )
            assert str(tail.process.pid).encode() in done.stdout.split(), done


LOGROTATE = '''
%(tree)s/hmc0/message.1 {
    copy
    olddir %(archive)s
    rotate 14
    missingok
    prerotate
        echo rotate > %(tree)s/hmc0/control
    endscript
}
'''


def send_numbers(tree, first, last):
    for number in range(first, last):
        tree.send(b'%d\n' % number)


def echoed(tree, count):
    until(
        lambda: tree.status(0)['received_messages'] == str(count), 'the echo'
    )


@case('logrotate with copy archives every message, while others are sent')
def logrotate():
    with Tree() as tree:
        archive = scratch()
        config = scratch_file(
            'logrotate.conf',
            LOGROTATE % {'tree': tree.directory, 'archive': archive},
        )
        state = config + '.state'
        send_numbers(tree, 0, 100)
        echoed(tree, 100)
        tree.control(0, 'rotate')
        for turn in range(3):
            sender = Child(
                send_numbers, tree, 100 * turn + 100, 100 * turn + 200
            )
            shell('logrotate --force --state "$1" "$2"', state, config)
            sender.done()
            echoed(tree, 200 + 100 * turn)
        shell('logrotate --force --state "$1" "$2"', state, config)
        names = sorted(os.listdir(archive), reverse=True)
        equal(names, [f'message.1.{age}' for age in (4, 3, 2, 1)], 'archive')
        got = b''
        for name in names:
            with open(os.path.join(archive, name), 'rb') as file:
                got += file.read()
        got += tree.read(0, 'message')
        # A segment is archived again unless a message followed it.
        equal(
            list(dict.fromkeys(got.split()))[-300:],
            [b'%d' % number for number in range(100, 400)],
            'the messages',
        )


RSYSLOG = '''
module(load="imfile" mode="polling" pollingInterval="1")
input(type="imfile" file="%(tree)s/hmc0/message" tag="vmc:")
template(name="line" type="string" string="%%msg%%\\n")
action(type="omfile" file="%(output)s" template="line")
'''


@case('rsyslog in its polling mode continues after a rotation and a remount')
def rsyslog():
    tree = Tree()
    work = scratch()
    output = os.path.join(work, 'output')
    config = scratch_file(
        'rsyslog.conf',
        f'global(workDirectory="{work}")'
        + RSYSLOG % {'tree': tree.directory, 'output': output},
    )

    def has(line):
        try:
            with open(output, 'rb') as file:
                return line in file.read().splitlines()
        except FileNotFoundError:
            return False

    tree.send(b'before\n')
    with Tool('rsyslogd', '-n', '-f', config, '-i', work + '/pid'):
        until(lambda: has(b'before'), 'the first line')
        tree.control(0, 'rotate')
        tree.send(b'after\n')
        until(lambda: has(b'after'), 'the line after the rotation')
        tree.stop()
        os.mkdir(tree.directory)
        with Tree(directory=tree.directory) as again:
            again.send(b'again\n')
            until(lambda: has(b'again'), 'the line after the remount')


@case('an editor that saves message sends the log to the hypervisor again')
def editor():
    with Tree() as tree:
        tree.send(b'one\n')
        until(lambda: tree.read(0, 'message') == b'one\n', 'the echo')
        shell('printf "w\\nq\\n" | ed -s hmc0/message', cwd=tree.directory)
        equal(tree.status(0)['sent_messages'], '2', 'the number of messages')


@case('a file size limit splits a message into two')
def size_limit():
    with Tree() as tree:
        shell(
            'ulimit -f 1; head -c 2000 /dev/zero |'
            'dd bs=2000 iflag=fullblock status=none of=hmc0/message',
            cwd=tree.directory,
        )
        equal(tree.status(0)['sent_messages'], '2', 'the number of messages')


@case('bind mounts of a directory and of message show the current log')
def bind_mounts():
    with Tree() as tree:
        work = scratch()
        os.mkdir(work + '/directory')
        with open(work + '/file', 'wb'):
            pass
        shell(
            'mount --bind "$1" "$3/directory"; mount --bind "$2" "$3/file"',
            tree.path(0),
            tree.path(0, 'message'),
            work,
        )
        try:
            for number in range(2):
                tree.send(b'%d\n' % number)
                until(lambda: tree.read(0, 'message'), 'the echo')
                tree.control(0, 'rotate')
            with open(work + '/directory/message.1', 'rb') as file:
                equal(file.read(), b'1\n', 'message.1 of the directory')
            tree.send(b'2\n')
            until(lambda: tree.read(0, 'message'), 'the echo')
            with open(work + '/file', 'rb') as file:
                equal(file.read(), b'2\n', 'the bound message')
        finally:
            shell('umount "$1/directory" "$1/file"', work)


run()
