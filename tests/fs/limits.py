# SPDX-License-Identifier: GPL-2.0-or-later
#
# Limits: tests that the daemon refuses to start without descriptors, memory,
# stack, processes, FUSE, /proc or a working directory. It prints a sentence,
# and exits with a status of sysexits.h, never by a signal or an assertion.
# Limits that are reached later are tested elsewhere.
import os
import resource
import shutil
import subprocess

from device import DEVICE
from helpers import Child
from mounted import DAEMON, ON_DEVICE, Tree, is_mounted, scratch
from namespace import private
from tap import case, equal, note, run

OSERR, CANTCREAT, USAGE = os.EX_OSERR, os.EX_CANTCREAT, os.EX_USAGE
USER = 54321  # a user without processes
SANITIZED = os.environ.get('VMCFS_TEST_BUILD') == 'sanitized'


# A sanitizer that looks for leaks needs a process of its own.
NO_LEAKS = dict(
    os.environ,
    ASAN_OPTIONS=os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0',
)


def start(directory, *arguments, program=DAEMON, **named):
    options = DEVICE.prepare()
    if options:
        arguments += '-o', ','.join(options)
    return subprocess.run(
        [program, ON_DEVICE, *arguments, directory],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **named,
    )


def refused(done, status, *words):
    """Requires an output of one sentence of the daemon with the reason."""
    equal(done.returncode, status, f'the status after {done.stderr}')
    for line in done.stderr.splitlines():
        assert line.startswith(('vmcfs: ', 'fusermount3: ')), done.stderr
    for word in words:
        assert word in done.stderr, f'{word} is not in {done.stderr}'
    for word in 'GLib', 'signal', 'gmem', 'rror: ':
        assert word not in done.stderr, done.stderr


def limited(kind, value):
    return {'preexec_fn': lambda: resource.setrlimit(kind, (value, value))}


def try_limits(kind, values, word):
    """Starts the daemon repeatedly; each start is refused until one
    succeeds."""
    directory = scratch()
    count = 0
    for value in values:
        named = limited(kind, value)
        if subprocess.run(
            [DAEMON, '--version'],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **named,
        ).returncode:
            continue  # too little memory even for the program itself
        done = start(directory, **named)
        if not done.returncode:
            break
        refused(done, OSERR, word)
        refused(start(directory, '-f', **named), OSERR, word)
        assert not is_mounted(directory), 'the directory is mounted'
        count += 1
    note(f'refused {count} times, then started with {value}')
    assert count, 'no start was refused'
    equal(done.returncode, 0, 'the exit status of the last start')
    subprocess.run(['umount', directory], check=True)
    os.rmdir(directory)


@case('a start with too few descriptors is refused with a remedy')
def descriptors():
    try_limits(resource.RLIMIT_NOFILE, range(3, 100), 'ulimit -n')


@case('a start with too little memory is refused with a remedy')
def memory():
    if SANITIZED:
        note(
            'a sanitizer needs terabytes of addresses: tried in the other '
            'build'
        )
        return
    for kind in resource.RLIMIT_AS, resource.RLIMIT_DATA:
        try_limits(kind, range(0, 64 << 20, 1500 << 10), 'ulimit -v')


@case('a start with too small a stack is refused with a remedy')
def stack():
    done = start(scratch(), **limited(resource.RLIMIT_STACK, 128 << 10))
    refused(done, OSERR, 'ulimit -s')


@case('a start with the minimum of descriptors serves sessions')
def enough():
    with Tree(**limited(resource.RLIMIT_NOFILE, 32)) as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        os.write(channel, b'x')
        equal(os.read(channel, 10), b'x', 'the message')
        os.close(channel)


def become_user(limit):
    os.setgroups([])
    os.setgid(USER)
    os.setuid(USER)
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


@case('a user with too few processes is refused with a remedy')
def processes():
    directory = scratch()
    program = os.path.join(directory, 'vmcfs')
    shutil.copy(DAEMON, program)
    mount_point = os.path.join(directory, 'mount')
    os.mkdir(mount_point)
    os.chown(mount_point, USER, USER)
    for limit, option in (1, []), (2, []), (3, []), (1, ['-f']), (2, ['-f']):
        done = start(
            mount_point,
            *option,
            program=program,
            cwd='/',
            env=NO_LEAKS,
            preexec_fn=lambda limit=limit: become_user(limit),
        )
        refused(done, OSERR, 'ulimit -u')
        assert not is_mounted(mount_point), 'the directory is mounted'
    shutil.rmtree(directory)


def without_fuse():
    private('/dev')
    directory = scratch()
    os.unlink('/dev/fuse')
    refused(start(directory), OSERR, '/dev/fuse', 'modprobe fuse')
    os.mknod('/dev/fuse', 0o20600, os.makedev(1, 3))
    refused(start(directory), OSERR, '/dev/fuse')
    os.rmdir(directory)


@case('a start without FUSE is refused with a remedy')
def fuse():
    if ON_DEVICE == '--device=sim':
        Child(without_fuse).done()


def without_proc():
    directory = scratch()
    private('/proc')
    refused(start(directory), OSERR, '/proc')
    os.rmdir(directory)


@case('a start without /proc is refused with a remedy')
def proc():
    if SANITIZED:
        note('a sanitizer needs /proc: tried in the other build')
    else:
        Child(without_proc).done()


@case('a start in a removed working directory is refused')
def gone():
    directory = scratch()
    os.chdir(directory)
    os.rmdir(directory)
    try:
        for path in '.', 'x', '..':
            refused(start(path), USAGE, 'working directory')
    finally:
        os.chdir('/')


@case('a mount on the root directory is refused')
def root():
    directory = scratch()
    os.symlink('/', directory + '/link')
    for path in '/', '/..', directory + '/link':
        refused(start(path), CANTCREAT, 'root directory')
    shutil.rmtree(directory)


DEVICE.prepare()
run()
