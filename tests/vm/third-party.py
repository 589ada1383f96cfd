# SPDX-License-Identifier: GPL-2.0-or-later
#
# Third-party suites: runs fio, stress-ng and trinity on the node and on a
# tree. After each of them an open must succeed and no buffer may be lost. It
# does not run the parts that do not apply (docs/third-party.md). Runs in a
# guest.
import os
import random
import subprocess

import driver
import left
from device import DEVICE
from helpers import until
from mounted import Tree, scratch
from tap import case, equal, note, run

SEED = int(os.environ.get('VMCFS_TEST_SEED') or random.randrange(1 << 16))
SECONDS = int(os.environ.get('VMCFS_TEST_SECONDS', '3'))  # of stress-ng
CALLS = SECONDS * 2000  # of trinity
USER = '65534'  # trinity as root can end the guest
AS_USER = ('setpriv', '--reuid', USER, '--regid', USER, '--clear-groups')
HMCS = 2
MESSAGES, SIZE = 128, 512
FIO = (
    'fio',
    f'--bs={SIZE}',
    f'--size={MESSAGES * SIZE}',
    '--verify=crc32c',
    '--fallocate=none',
    '--allow_file_create=0',
    '--create_on_open=1',
)
WRITERS = 'libaio', 'io_uring', 'posixaio'
READERS = ('sync', 'psync', 'pvsync2', 'splice', *WRITERS)
# Descriptors that trinity creates.
OTHERS = 'sockets,perf,drm,memfd,testfile,timerfd,eventfd'
# Calls that make the kernel log warnings for any file.
EXCLUDED = 'mount', 'umount', 'fanotify_init', 'fanotify_mark', 'flock'


def tool(*words, limit=300, **named):
    """Runs a program; returns its exit status and its output."""
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        text=True,
        errors='replace',
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit,
        check=False,
        **named,
    )
    return done.returncode, done.stdout


def succeeds(*words, **named):
    status, said = tool(*words, **named)
    assert not status, f'{words} ended with {status}: {said[-2000:]}'
    return said


def fio(path, engines, rw, *words):
    """Arguments of fio for one job of each engine, in sequence."""
    jobs = [
        (
            f'--name={engine}',
            f'--filename={path}',
            f'--ioengine={engine}',
            f'--rw={rw}',
            '--stonewall',
            *words,
        )
        for engine in engines
    ]
    return [*FIO, *(word for job in jobs for word in job)]


def owned():
    """Tree that the user of trinity and stress-ng may use."""
    return Tree(f'uid={USER},gid={USER}', hmcs=HMCS)


def exchanges(tree):
    """Requires an echo, after an open if the session was closed."""
    if tree.status(0)['state'] == 'closed':
        tree.control(0, 'open again')
    channel = tree.open(os.O_RDWR | os.O_NONBLOCK, 0, 'message')
    os.write(channel, b'there and back')
    last = b''
    while last != b'there and back':
        try:
            last = os.read(channel, 1 << 20)
        except BlockingIOError:
            pass
    os.close(channel)


def processes():
    """Processes of the user."""
    found = []
    for pid in left.processes():
        try:
            if str(os.stat(f'/proc/{pid}').st_uid) == USER:
                found.append(pid)
        except OSError:
            pass
    return found


@case('fio on a file without a session fails with every engine')
def fio_node():
    driver.load()
    for engine in 'io_uring', 'libaio', 'psync', 'sync':
        for rw in 'write', 'read':
            status, said = tool(
                'fio',
                '--name=node',
                '--ioengine=' + engine,
                '--filename=' + driver.NODE,
                '--rw=' + rw,
                '--bs=64',
                '--size=4k',
                '--allow_file_create=0',
            )
            assert status, f'{engine} {rw} succeeded: {said}'
    driver.usable()


@case('fio: asynchronous writes are echoed completely and in order')
def fio_channel():
    for writer in WRITERS:
        with Tree(hmcs=HMCS) as tree:
            message = tree.path(0, 'message')
            channel = tree.open(os.O_RDWR, 0, 'message')
            succeeds(*fio(message, [writer], 'write', '--do_verify=0'))
            copy = os.path.join(scratch(), 'copy')
            with open(copy, 'wb') as file:
                for number in range(MESSAGES):
                    got = os.read(channel, 1 << 20)
                    equal(len(got), SIZE, f'the size of message {number}')
                    file.write(got)
            os.close(channel)
            succeeds(*fio(copy, ['psync'], 'read'))
            succeeds(*fio(message, READERS, 'randread', '--iodepth=4'))
        driver.usable(HMCS)


@case('fio: writes at an offset fail and send nothing')
def fio_positional():
    with Tree(hmcs=HMCS) as tree:
        status, said = tool(*fio(tree.path(0, 'message'), ['psync'], 'write'))
        assert status and 'Illegal seek' in said, said
        equal(
            tree.status(0)['sent_messages'], '0', 'the number of sent messages'
        )
    driver.usable(HMCS)


@case('stress-ng uses the node and the tree, and leaves both usable')
def stress():
    with owned() as tree:
        os.chmod(driver.NODE, 0o666)
        directory = scratch()
        os.chmod(directory, 0o777)
        for user, words in (
            ((), ('--dev', '1', '--dev-file', driver.NODE)),
            (AS_USER, ('--fstat', '1', '--fstat-dir', tree.path(0))),
        ):
            said = succeeds(
                *user,
                'stress-ng',
                '--timeout',
                str(SECONDS),
                '--temp-path',
                directory,
                '--metrics-brief',
                *words,
            )
            note(words[0], *said.splitlines()[-2].split()[3:5], 'operations')
            exchanges(tree)
    driver.usable(HMCS)


def trinity(victim):
    directory = scratch()
    os.chmod(directory, 0o777)
    excluded = [word for name in EXCLUDED for word in ('-x', name)]
    said = succeeds(
        'timeout',
        '-s',
        'INT',
        '240',
        *AS_USER,
        'trinity',
        '-q',
        '-l',
        'off',
        '-C',
        '4',
        '-N',
        str(CALLS),
        '-s',
        str(SEED),
        '-g',
        'vfs',
        '--disable-fds=' + OTHERS,
        *excluded,
        '-V',
        victim,
        cwd=directory,
    )
    note(victim, said.splitlines()[-1])
    until(lambda: not processes(), 'the end of the fuzzer processes')


@case('trinity uses the node and the tree, and leaves both usable')
def fuzz():
    note(f'seed {SEED}; repeat: VMCFS_TEST_SEED={SEED}')
    with owned() as tree:
        os.chmod(driver.NODE, 0o666)
        for victim in driver.NODE, tree.directory:
            trinity(victim)
            exchanges(tree)
            note(
                'sent',
                tree.status(0)['sent_messages'],
                'received',
                tree.status(0)['received_messages'],
                'last error',
                tree.status(0)['last_error'],
            )
    driver.usable(HMCS)


DEVICE.prepare()
run()
