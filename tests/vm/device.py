# SPDX-License-Identifier: GPL-2.0-or-later
#
# Character device: tests the daemon on the driver of this project while the
# device is absent, removed, added again, or used by other processes. Behaviour
# common to all channels is tested by tests/fs. Runs in a guest.
import errno
import os
import shutil
import signal
import subprocess
from functools import partial

import modules
import mounted
from driver import CHANNEL, NODE, PROVIDER, Session, attribute, knob
from helpers import Child, blocked, until
from mounted import daemon, helper, is_mounted, scratch
from tap import case, equal, raises, run

Tree = partial(mounted.Tree, prepare=modules.as_they_are)


def refused(device, *words, status=os.EX_UNAVAILABLE, **named):
    """Requires that the daemon refuses DEVICE with these words."""
    directory = scratch()
    done = daemon('--device=' + device, directory, **named)
    equal(done.returncode, status, 'the exit status')
    for word in (device, *words):
        assert word in done.stderr, done.stderr
    equal(done.stderr.count('\n'), 1, 'the number of lines')
    assert not is_mounted(directory), 'the directory is mounted'


def channel_is(tree, state):
    until(lambda: tree.status()['channel'] == state, state)


def fails(tree, error, name, words, index=0):
    """Requires that an open fails and that the status has the reason."""
    raises(error, tree.control, index, 'open me')
    sentence = tree.status(index)['last_error']
    assert sentence.startswith(f'"{name}') and words in sentence, sentence


def exchange(tree, message, index=0):
    """Requires an echo of the message."""
    channel = tree.open(os.O_RDWR, index, 'message')
    os.write(channel, message)
    equal(os.read(channel, 1 << 16), message, 'the message')
    os.close(channel)


@case('without the driver a mount fails with a sentence')
def no_driver():
    modules.unload()
    refused(NODE, 'does not exist', 'modprobe ibmvmc')


@case('a node of another driver is refused with its reason')
def no_channel():
    refused('/dev/null', 'is not a Virtual Management Channel')
    refused('/proc/version', 'is not a character device')
    directory = os.path.dirname(NODE)
    stale = os.path.join(directory, 'stale')
    os.mknod(stale, 0o20600, os.makedev(10, 199))
    refused(stale, 'has no driver', 'modprobe ibmvmc')
    os.unlink(stale)


@case('a user without access to the node gets EACCES')
def not_permitted():
    modules.load()
    # An unprivileged user may have no access to the source tree.
    program = shutil.copy(mounted.DAEMON, scratch())
    refused(
        NODE,
        'may not be opened by this user',
        'as root',
        status=os.EX_NOPERM,
        user=65534,
        program=program,
    )


@case('the status names the node and the driver')
def named():
    modules.load(hmcs=3, mtu=8192)
    with Tree(sessions=0) as tree:
        status = tree.status()
        for key, value in (
            ('device', f'"{NODE}"'),
            ('driver', 'vmcfs'),
            ('channel', 'ready'),
            ('hmcs', '3'),
            ('mtu_bytes', '8192'),
            ('resets', '0'),
        ):
            equal(status[key], value, key)


@case('every index has a session of its own')
def many():
    modules.load(hmcs=64)
    with Tree('open_timeout=30s', sessions=64) as tree:
        for index in range(64):
            exchange(tree, b'to %d' % index, index)
        for index in range(64):
            equal(tree.read(index, 'message'), b'to %d' % index, 'the log')
            assert tree.status(index)['session'] != '0'
    until(
        lambda: {state for state, _ in modules.sessions().values()}
        == {'free'},
        'free indices',
    )


@case(
    'a driver without a channel: the tree is mounted, and '
    'directories appear later'
)
def late_channel():
    modules.unload()
    modules.load_driver()
    with Tree('open_timeout=100ms', sessions=0) as tree:
        assert 'not up yet' in tree.said, tree.said
        equal(tree.status()['channel'], 'down', 'the state')
        equal(tree.status()['driver'], 'vmcfs', 'the driver')
        equal(os.path.exists(tree.path('hmc0')), False, 'hmc0')
        modules.load_channel(hmcs=1)
        until(lambda: os.path.exists(tree.path('hmc0')), 'hmc0')
        tree.control(0, 'open me')
        exchange(tree, b'hello')


@case('a driver without a channel: sessions of open= are opened later')
def late_session():
    modules.unload()
    modules.load_driver()
    with Tree('open_timeout=100ms', 'open=0:me', sessions=0) as tree:
        assert 'opened when the channel is up' in tree.said, tree.said
        equal(tree.status()['channel'], 'down', 'the state')
        modules.load_channel(hmcs=1)
        until(
            lambda: os.path.exists(tree.path(0))
            and tree.status(0)['state'] == 'ready',
            'the session',
        )
        exchange(tree, b'hello')


@case('a change of the channel is reported without a request')
def changes():
    modules.load()
    with Tree(sessions=0) as tree:
        for number in range(1, 4):
            modules.reset()
            until(lambda: tree.status()['resets'] == str(number), 'the reset')
            channel_is(tree, 'ready')
        equal(
            tree.status()['last_reset'],
            '"the channel was reset by this side"',
            'the reason',
        )
        knob('stall', '1')
        modules.reset()
        channel_is(tree, 'connecting')
        knob('stall', '0')
        channel_is(tree, 'ready')


@case('an open succeeds after a stray Initialize of the hypervisor')
def stray():
    modules.load(hmcs=2)
    with Tree('open_timeout=60s', sessions=2) as tree:
        exchange(tree, b'before')
        knob('entry', 'c001000000000000 0')
        for index in (0, 1):
            until(lambda: tree.status(index)['state'] == 'none', 'the end')
        for index in (0, 1):
            tree.control(index, 'open me')
            exchange(tree, b'after', index)
        channel_is(tree, 'ready')


@case('the channel recovers when the device is removed and added')
def removed():
    modules.load(hmcs=2)
    with Tree(sessions=2) as tree:
        exchange(tree, b'before')
        waiting = Child(
            lambda: raises(
                errno.ECONNRESET,
                os.read,
                tree.open(os.O_RDWR, 1, 'message'),
                100,
            )
        )
        blocked(tree, 'readers', 1, index=1)
        knob('live', '0')
        waiting.done()
        channel_is(tree, 'down')
        for index in (0, 1):
            until(lambda: tree.status(index)['state'] == 'none', 'the end')
            assert 'ENODEV' in tree.status(index)['last_error']
        equal(tree.read(0, 'message'), b'before', 'the log')
        raises(errno.ENXIO, tree.send, b'late')
        fails(tree, errno.ENODEV, 'ENODEV', 'there is no channel')
        until(
            lambda: 'removed' in tree.status()['last_reset'],
            'the cause of the reset',
        )
        knob('live', '1')
        tree.control(0, 'open me')
        exchange(tree, b'after')
        channel_is(tree, 'ready')


@case(
    'the channel recovers from repeated removals of the device '
    'during traffic'
)
def removed_busy():
    modules.load()
    with Tree() as tree:
        for _ in range(10):
            channel = tree.open(os.O_RDWR, 0, 'message')

            def write():
                try:
                    while True:
                        os.write(channel, b'x' * 1000)
                except OSError as error:
                    assert error.errno in (
                        errno.ENODEV,
                        errno.ENXIO,
                        errno.ECONNRESET,
                    ), error

            child = Child(write)
            for _ in range(50):
                equal(len(os.read(channel, 2000)), 1000, 'the message')
            knob('live', '0')
            child.done()
            os.close(channel)
            knob('live', '1')
            tree.control(0, 'open again')


@case('the modules can be unloaded and loaded again during a mount')
def reloaded():
    modules.load()
    with Tree() as tree:
        equal(modules.rmmod(CHANNEL), True, 'unloading the channel')
        channel_is(tree, 'down')
        until(lambda: modules.rmmod('ibmvmc'), 'the unloaded driver')
        until(lambda: tree.status()['driver'] == 'none', 'the driver "none"')
        fails(tree, errno.ENODEV, 'ENODEV', 'does not exist')
        modules.load_driver()
        fails(tree, errno.ENODEV, 'ENODEV', 'there is no channel')
        modules.load_channel()
        tree.control(0, 'open me')
        exchange(tree, b'after')
        equal(tree.status()['driver'], 'vmcfs', 'the driver')


@case('a driver in use is not unloaded')
def in_use():
    modules.load()
    with Tree():
        modules.rmmod(CHANNEL)
        modules.load_channel()
        equal(
            modules.loaded(CHANNEL),
            True,
            'the loaded state of the channel module',
        )
    with Tree() as tree:
        equal(modules.rmmod('ibmvmc'), False, 'unloading the driver')
        exchange(tree, b'still usable')


@case('an open of an index that another process uses fails with EBUSY')
def held():
    modules.load(hmcs=2)
    other = Session(b'another')
    with Tree(sessions=0) as tree:
        fails(tree, errno.EBUSY, 'EBUSY', 'in use by another process')
        tree.control(1, 'open me')
        exchange(tree, b'on the other', 1)
        os.close(other.node)
        tree.control(0, 'open me')
        exchange(tree, b'now')
        raises(errno.EBUSY, Session, b'another')
        equal(
            modules.sessions()[0],
            ('ready', str(helper(tree.pid))),
            'the state and owner of index 0',
        )


@case('a start whose open= session is in use fails')
def held_at_start():
    modules.load()
    with Session(b'another'):
        directory = scratch()
        done = daemon('--device=' + NODE, '-o', 'open=0:me', directory)
        equal(done.returncode, os.EX_UNAVAILABLE, 'the exit status')
        assert 'in use by another process' in done.stderr, done.stderr
        assert not is_mounted(directory), 'the directory is mounted'


@case('messages before the end of a session are read before the end')
def rest():
    modules.load()
    with Tree() as tree:
        until(
            lambda: tree.status(0)['buffers'] == '32', 'all buffers of index 0'
        )
        os.kill(tree.pid, signal.SIGSTOP)
        before = int(attribute('counters/received_entries'))
        messages = [b'message %d' % number for number in range(10)]
        for number, message in enumerate(messages, 1):
            knob('emit', '0 ' + message.decode())
            # The hypervisor queues only a few messages.
            until(
                lambda: int(attribute('counters/received_entries'))
                == before + number,
                'the received entries',
            )
        modules.reset()
        os.kill(tree.pid, signal.SIGCONT)
        until(lambda: tree.status(0)['state'] == 'none', 'the end')
        equal(tree.read(0, 'message'), b''.join(messages), 'the log')
        equal(
            tree.status(0)['received_messages'],
            '10',
            'the number of received messages',
        )


@case('a flood does not delay other sessions')
def flood():
    modules.load(hmcs=2)
    with Tree(sessions=2) as tree:
        knob('flood', '0 20000 100')
        for number in range(20):
            exchange(tree, b'%d' % number, 1)
        tree.control(1, 'close')
        until(
            lambda: tree.status(0)['received_messages'] == '20000',
            'all messages',
        )
        equal(tree.status(0)['received_bytes'], '2000000', 'bytes')
        equal(
            tree.status(0)['received_lost_messages'],
            '0',
            'the number of lost messages',
        )


@case('messages up to the MTU are echoed, and longer ones refused')
def longest():
    for mtu in 4096, 5000, 16384:
        modules.load(mtu=mtu)
        with Tree() as tree:
            exchange(tree, bytes(number % 251 for number in range(mtu)))
            raises(errno.EMSGSIZE, tree.send, b'x' * (mtu + 1))
            knob('emit', '0 ')
            until(
                lambda: tree.status(0)['received_empty_messages'] == '1',
                'the empty message',
            )
            exchange(tree, b'x')


@case('a request for a VMC device is granted or refused')
def request():
    modules.load()
    with Tree() as tree:
        equal(
            tree.status()['drc_index'],
            '0x00000000',
            'the DRC index before the request',
        )
        tree.control('request-vmc')
        assert (
            tree.status()['drc_index'] != '0x00000000'
        ), 'the DRC index is still 0'
        knob('refuse', 'request-vmc on')
        raises(errno.EPERM, tree.control, 'request-vmc')
        assert 'not permitted' in tree.status()['last_error']
        exchange(tree, b'still open')
        modules.rmmod(CHANNEL)
        if CHANNEL == PROVIDER:
            raises(errno.ENODEV, tree.control, 'request-vmc')
            assert 'no driver is loaded' in tree.status()['last_error']
        else:
            # the hypervisor of the emulator, which lacks the call
            raises(errno.EPERM, tree.control, 'request-vmc')
            assert 'did not give' in tree.status()['last_error']
        until(lambda: modules.rmmod('ibmvmc'), 'the unloaded driver')
        raises(errno.ENODEV, tree.control, 'request-vmc')


@case('a node is found by another name and by a relative path')
def other_name():
    modules.load()
    os.symlink(NODE, '/dev/vmc')
    mount = scratch()
    done = daemon('--device=vmc', mount, cwd='/dev')
    equal((done.returncode, done.stderr), (0, ''), 'the result of the start')
    with open(mount + '/status', encoding='ascii') as file:
        assert 'device: "/dev/vmc"\n' in file.read()
    with open(mount + '/hmc0/control', 'w', encoding='ascii') as file:
        file.write('open me\n')
    subprocess.run(['umount', mount], check=True)
    os.unlink('/dev/vmc')


@case('the end of the daemon closes its sessions')
def ended():
    modules.load()
    with Tree():
        equal(modules.sessions()[0][0], 'ready', 'the state')
    until(lambda: modules.sessions()[0][0] == 'free', 'a free index')
    with Session(b'another') as session:
        session.round_trip(b'now')


run()
