# SPDX-License-Identifier: GPL-2.0-or-later
#
# Denied actions: tries what vmcfs@.service denies to its main process, in a
# service with the same directives, and prints what succeeded. The last line is
# the number of actions tried.
import ctypes
import mmap
import os
import socket
import time

libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """A function of the C library, which must not succeed."""
    if getattr(libc, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def write(path):
    with open(path, 'w', encoding='ascii') as file:
        file.write('x')


def read_something(directory):
    if not os.listdir(directory):
        raise FileNotFoundError(directory)


def map_executable():
    mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)


def set_uid_file():
    path = '/tmp/program'
    write(path)
    os.chmod(path, 0o4755)


ACTIONS = {
    'become root': lambda: os.setuid(0),
    'open /dev/fuse': lambda: os.open('/dev/fuse', os.O_RDWR),
    'open /dev/kmsg': lambda: os.open('/dev/kmsg', os.O_RDONLY),
    'open /dev/vport0p1': lambda: os.open('/dev/vport0p1', os.O_RDONLY),
    'mount': lambda: call('mount', b'none', b'/tmp', b'tmpfs', 0, None),
    'unmount': lambda: call('umount2', b'/proc', 2),
    'create a user namespace': lambda: call('unshare', 0x10000000),
    'create a mount namespace': lambda: call('unshare', 0x20000),
    'use an Internet socket': lambda: socket.socket(socket.AF_INET),
    'use a netlink socket': lambda: socket.socket(socket.AF_NETLINK),
    'use a packet socket': lambda: socket.socket(socket.AF_PACKET),
    'map executable memory': map_executable,
    'write below /usr': lambda: write('/usr/bin/own'),
    'write below /run': lambda: write('/run/own'),
    'write below /dev': lambda: write('/dev/own'),
    'write to /proc/sys': lambda: write('/proc/sys/kernel/printk'),
    'write to the cgroups': lambda: os.mkdir('/sys/fs/cgroup/own'),
    'read /root': lambda: read_something('/root'),
    'read /var': lambda: read_something('/var'),
    'read the kernel log': lambda: call('klogctl', 10, None, 0),
    'load a module': lambda: call('syscall', 175, None, 0, b''),
    'set the clock': lambda: time.clock_settime(time.CLOCK_REALTIME, 0),
    'set the host name': lambda: socket.sethostname('own'),
    'signal process 1': lambda: os.kill(1, 0),
    'trace process 1': lambda: call('ptrace', 0x4206, 1, None, None),
    'use real-time scheduling': lambda: os.sched_setscheduler(
        0, os.SCHED_FIFO, os.sched_param(1)
    ),
    'set a limit': lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    'make a set-user-ID file': set_uid_file,
    'make a device node': lambda: os.mknod('/tmp/node', 0o20600, 0x10E5),
    'change the personality': lambda: call('personality', 8),
    'change the root': lambda: os.chroot('/tmp'),
    'reboot': lambda: call('reboot', 0),
    'swap': lambda: call('swapoff', b'/none'),
}

for name, action in ACTIONS.items():
    try:
        action()
        print('allowed:', name)
    except OSError:
        pass
print(len(ACTIONS))
