# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shippers: tests the programs that take hmcN/log elsewhere as Debian
# configures them, with the files of examples/: rsyslog, logrotate, sshd, and
# lnav. Each has a private file system in place of the system's directories.
import glob
import gzip
import os
import pty
import re
import shutil
import signal
import subprocess

from helpers import Child, Tool, until
from mounted import Tree
from namespace import private
from prometheus import EXAMPLES, own_network
from tap import case, equal, run

HOSTS = '127.0.0.1 localhost loghost\n'
MOUNT_POINT = '/run/vmc'


def replace(path, text):
    """Replaces a file of the system in this mount namespace."""
    own = '/run/' + os.path.basename(path)
    with open(own, 'w', encoding='utf-8') as file:
        file.write(text)
    subprocess.run(['mount', '--bind', own, path], check=True)


def example(name, path):
    """Copies a file of the examples as an administrator does."""
    shutil.copyfile(os.path.join(EXAMPLES, name), path)
    os.chmod(path, 0o644)


def mounted(*options, **named):
    os.mkdir(MOUNT_POINT)
    return Tree(*options, directory=MOUNT_POINT, **named)


def read(path):
    opened = gzip.open if path.endswith('.gz') else open
    with opened(path, 'rb') as file:
        return file.read()


def exchange(tree, message, index=0):
    """Sends a message, and waits for the line of the reply."""
    number = int(tree.status(index)['received_messages']) + 1
    tree.send(message, index)
    until(
        lambda: b' received %d ' % number in whole(tree, index),
        'the reply',
    )


def whole(tree, index):
    """All lines of an index."""
    return b''.join(
        read(path)
        for path in (tree.path(index, 'log.1'), tree.path(index, 'log'))
        if os.path.exists(path)
    )


class Rsyslog:
    """rsyslogd with Debian's configuration, and what it has collected."""

    def __init__(self):
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(['rsyslogd', '-n'])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        equal(self.process.wait(), 0, 'the exit status of rsyslogd')

    @staticmethod
    def collected(index):
        found = glob.glob(f'/var/log/vmc/*/hmc{index}.log')
        return b''.join(read(path) for path in found)


def forwarded():
    own_network()
    private('/dev', '/run', '/var/log', '/var/spool/rsyslog', '/etc/rsyslog.d')
    replace('/etc/hosts', HOSTS)
    # The log of the kernel is for the rsyslogd of the machine.
    subprocess.run(['mount', '--bind', '/dev/null', '/proc/kmsg'], check=True)
    example('rsyslog/vmcfs.conf', '/etc/rsyslog.d/vmcfs.conf')
    example('rsyslog/loghost.conf', '/etc/rsyslog.d/loghost.conf')
    with mounted('log=512K', hmcs=2, sessions=2) as tree:
        rsyslog = Rsyslog()

        def arrived(index):
            until(
                lambda: rsyslog.collected(index) == whole(tree, index),
                f'the lines of hmc{index}',
            )

        exchange(tree, b'one\n', 1)
        exchange(tree, bytes(range(256)) * 64, 1)
        arrived(1)
        while not os.path.exists(tree.path(0, 'log.1')):
            exchange(tree, b'.' * 16000)
        arrived(0)
        rsyslog.stop()
        exchange(tree, b'nobody collects')
        rsyslog.start()
        arrived(0)
        rsyslog.stop()
        for index in range(2):
            equal(rsyslog.collected(index), whole(tree, index), 'the lines')
        assert b'nobody' not in read('/var/log/syslog')


@case('rsyslog as Debian ships it forwards each line of log once')
def rsyslog_as_it_comes():
    Child(forwarded).done()


def archived():
    private('/run', '/var/log', '/var/lib/logrotate', '/etc/logrotate.d')
    example('vmcfs.logrotate', '/etc/logrotate.d/vmcfs')
    os.mkdir('/var/log/vmc')
    with mounted('uid=61484', hmcs=2, sessions=2) as tree:
        expected = [b'', b'']
        for turn in range(4):
            for index in range(2):
                exchange(tree, b'turn %d of %d' % (turn, index), index)
                expected[index] += tree.read(index, 'log')
            subprocess.run(
                ['logrotate', '--force', '/etc/logrotate.conf'], check=True
            )
        for index in range(2):
            equal(tree.read(index, 'log'), b'', 'log')
            for name in 'log', 'log.json':
                names = [f'{name}.1'] + [f'{name}.{n}.gz' for n in (2, 3, 4)]
                paths = [f'/var/log/vmc/hmc{index}/{each}' for each in names]
                lines = b''.join(read(path) for path in reversed(paths))
                owners = {os.stat(path).st_uid for path in paths}
                equal(owners, {0}, 'the owners of the archives')
                if name == 'log':
                    equal(lines, expected[index], 'the archives')
                equal(lines.count(b'\n'), 9, 'the number of lines')


@case('logrotate as Debian ships it archives log of each index by the stanza')
def logrotate_as_it_comes():
    Child(archived).done()


SSHD = '''
ListenAddress 127.0.0.1
HostKey /run/key
AuthorizedKeysFile /run/key.pub
StrictModes no
UsePAM no
PidFile none
'''
SSH = (
    'ssh -F none -i /run/key -o BatchMode=yes -o StrictHostKeyChecking=no '
    '-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR 127.0.0.1'
)


def over_ssh():
    own_network()
    private('/run')
    os.mkdir('/run/sshd')
    subprocess.run(
        ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/run/key'],
        check=True,
    )
    with open('/run/sshd_config', 'w', encoding='ascii') as file:
        file.write(SSHD)
    with (
        mounted() as tree,
        Tool('/usr/sbin/sshd', '-D', '-e', '-f', '/run/sshd_config'),
    ):
        exchange(tree, b'hello\n')
        log = tree.read(0, 'log')

        def remote(command):
            return subprocess.run(
                f'{SSH} {command}',
                shell=True,
                cwd=MOUNT_POINT,
                capture_output=True,
                check=False,
            )

        until(lambda: not remote('true').returncode, 'the start of sshd')
        done = remote('cat < hmc0/log')
        equal((done.stdout, done.stderr), (log, b''), 'a log from here')
        done = remote(f'cat {MOUNT_POINT}/hmc0/log')
        equal((done.stdout, done.stderr), (log, b''), 'a log from there')
        command = f'tail -s 0.1 -n +1 -F {MOUNT_POINT}/hmc0/log'
        with Tool(*SSH.split(), command) as tail:
            tail.await_text(log)
            tree.send(b'followed\n')
            tail.await_text(b'received 2 9 "followed\\n"\n')


@case('ssh copies log to another machine, from it, and follows it')
def ssh():
    Child(over_ssh).done()


@case('lnav shows each line of log, and recognises the times')
def lnav():
    os.environ['HOME'] = os.environ['TMPDIR']
    with Tree() as tree:
        exchange(tree, b'hello\n')
        exchange(tree, bytes(range(256)))
        command = ['lnav', '-n', tree.path(0, 'log')]
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, check=True
        )
        equal(done.stdout, tree.read(0, 'log'), 'the output of lnav')
        query = ';SELECT log_time FROM all_logs'
        done = subprocess.run(
            command + ['-c', query, '-c', ':write-csv-to -'],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=True,
        )
        times = re.findall(rb'[-\d]+[ T][:.\d]+', done.stdout)
        equal(
            [time.replace(b' ', b'T')[:23] for time in times],
            [line[:23] for line in tree.read(0, 'log').splitlines()],
            'the times',
        )


@case('lnav on a terminal shows the lines of messages that arrive')
def lnav_live():
    os.environ.update(HOME=os.environ['TMPDIR'], TERM='xterm')
    master, slave = pty.openpty()
    with Tree() as tree:
        with Tool('lnav', tree.path(0, 'log'), terminal=slave) as viewer:
            os.close(slave)
            viewer.output = os.fdopen(master, 'rb', buffering=0)
            viewer.await_text(b'test-0')
            tree.send(b'live\n')
            viewer.await_text(b'live')


run()
