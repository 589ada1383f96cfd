# SPDX-License-Identifier: GPL-2.0-or-later
#
# Confined: enforces the installed profile of AppArmor, and tests that the
# daemon works under it when it is started by hand, and that it denies what the
# daemon does not need. tests/vm/service.py runs these cases, and the service
# under the same profile.
import errno
import glob
import os
import re
import signal
import socket
import subprocess

from helpers import Child, echo, until
from tap import case, equal

VMCFS = '/usr/local/bin/vmcfs'
NOBODY = 65534


def load():
    (profile,) = glob.glob('/usr/local/etc/apparmor.d/*vmcfs')
    subprocess.run(['apparmor_parser', '--replace', profile], check=True)
    # The guest has the permissions of the machine that builds.
    os.chmod('/dev/fuse', 0o666)


def confinement(pid):
    with open(f'/proc/{pid}/attr/apparmor/current', encoding='ascii') as file:
        return file.read().strip('\0\n')


def daemons():
    """Process IDs of all daemons and their helpers."""
    found = []
    for comm in glob.glob('/proc/[0-9]*/comm'):
        try:
            with open(comm, encoding='ascii') as name:
                if name.read().startswith('vmcfs'):
                    found.append(int(comm.split('/')[2]))
        except OSError:
            pass
    return sorted(found)


def denials():
    """Denials of the programs of this project, from the log of the kernel."""
    log = subprocess.run(
        ['dmesg'], check=True, text=True, stdout=subprocess.PIPE
    ).stdout
    return re.findall('.*apparmor="DENIED".*comm="(?:vmcfs|mount).*', log)


def mount(*command, directory):
    subprocess.run([*command, directory], check=True)
    equal(
        {confinement(pid) for pid in daemons()},
        {'vmcfs (enforce)'},
        'the confinement',
    )


def await_end():
    """Daemons are children of this process since their parents ended."""
    while daemons():
        os.wait()


@case('under the profile a tree is mounted, passes messages, and is unmounted')
def by_hand():
    directory = '/srv/a/tree'
    os.makedirs(directory)
    mount(
        *'mount -t vmcfs -o uid=nobody,gid=daemon sim'.split(),
        directory=directory,
    )
    echo(directory)
    channel = os.open(directory + '/hmc0/message', os.O_RDWR)
    reader = Child(os.read, channel, 10)
    status = directory + '/hmc0/status'
    with open(status, encoding='ascii') as file:
        until(
            lambda: 'waiting_readers: 1'
            in os.pread(file.fileno(), 4096, 0).decode(),
            'the reader',
        )
    reader.end(signal.SIGKILL)
    os.close(channel)
    subprocess.run(['umount', directory], check=True)
    await_end()
    equal(denials(), [], 'the denials')


@case('under the profile a dead mount is replaced, and SIGTERM unmounts')
def dead():
    directory = '/tmp/tree'
    os.mkdir(directory)
    mount(VMCFS, 'sim', directory=directory)
    for pid in reversed(daemons()):
        os.kill(pid, signal.SIGKILL)
    await_end()
    mount(VMCFS, 'sim', directory=directory)
    echo(directory)
    os.kill(daemons()[0], signal.SIGTERM)
    await_end()
    assert not os.path.ismount(directory), 'the tree is still mounted'
    equal(denials(), [], 'the denials')


@case('under the profile an ordinary user mounts with fusermount3')
def ordinary():
    directory = '/tmp/own'
    os.mkdir(directory)
    os.chown(directory, NOBODY, NOBODY)

    def use():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        subprocess.run([VMCFS, 'sim', directory], check=True)
        echo(directory)
        subprocess.run(['fusermount3', '-u', directory], check=True)

    Child(use).done()
    await_end()
    equal(denials(), [], 'the denials')


def write(path):
    with open(path, 'w', encoding='ascii') as file:
        file.write('x')


ACTIONS = {
    'read /etc/shadow': lambda: os.open('/etc/shadow', os.O_RDONLY),
    'read the memory of process 1': lambda: os.open(
        '/proc/1/mem', os.O_RDONLY
    ),
    'write below /tmp': lambda: write('/tmp/own-file'),
    'write below /usr/bin': lambda: write('/usr/bin/own-file'),
    'write a file "control" below /dev': lambda: write('/dev/own/control'),
    'open /dev/kmsg': lambda: os.open('/dev/kmsg', os.O_RDONLY),
    'execute a shell': lambda: subprocess.run(
        ['/bin/sh', '-c', ':'], check=True
    ),
    'use an Internet socket': lambda: socket.socket(socket.AF_INET),
    'use a netlink socket': lambda: socket.socket(socket.AF_NETLINK),
    'signal process 1': lambda: os.kill(1, signal.SIGCONT),
    'raise a priority': lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    'set a user ID': lambda: os.setuid(NOBODY),
}


def result(action):
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno]
    return 'allowed'


def attempt(confined):
    """In a process of its own: the results of all actions."""
    if confined:
        with open(
            '/proc/self/attr/apparmor/current', 'w', encoding='ascii'
        ) as file:
            file.write('changeprofile vmcfs')
    for name, action in ACTIONS.items():
        got = result(action)
        equal(got in ('EACCES', 'EPERM'), confined, name)


@case('the profile denies what the daemon does not need')
def denied():
    os.mkdir('/dev/own')
    Child(attempt, False).done()
    Child(attempt, True).done()
