# SPDX-License-Identifier: GPL-2.0-or-later
#
# Errors: tests each error that a user can meet on the simulated device: the
# errno of system calls, the message and status of shells, and the sentence in
# the status. It does not test errors of the start.
import errno
import os
import re

from helpers import Child, blocked, fill, shell
from mounted import MTU, Tree
from tap import case, equal, lasting, raises, run


def sentence(tree, name, *target):
    """Requires a sentence in last_error that begins with the errno's name."""
    status = tree.status(*target)
    found = status['last_error']
    assert found.startswith(f'"{name}') and len(found) > 20, found
    assert status['last_error_time'][:2] == '20', status['last_error_time']


def says(tree, script, text):
    """Requires the error text from bash, and a failure of each shell."""
    done = shell(script, cwd=tree.directory, status=None)
    assert done.returncode, f'{script!r} succeeded'
    assert text in done.stderr, done.stderr
    for name in 'dash', 'busybox sh':
        done = shell(script, cwd=tree.directory, shell=name, status=None)
        assert done.returncode, f'{script!r} succeeded in {name}'


@case('vmcfs(5) lists exactly the errnos of README in the tree')
def documented():
    with open('docs/man/vmcfs.5.scd', encoding='utf-8') as file:
        listed = re.findall(r'^\*(E.*)\*$', file.read(), re.MULTILINE)
    with Tree() as tree:
        text = tree.read('README').decode().split('The errors:\n')[1]
    equal(
        sorted(re.findall('E[A-Z]+', ' '.join(listed))),
        sorted(line.split()[0] for line in text.splitlines()),
        'the errors',
    )


@case('last_error is empty before the first error')
def none():
    with Tree() as tree:
        for target in (), (0,):
            equal(tree.status(*target)['last_error'], '""', 'last_error')


@case('ENXIO: a call without a session')
def no_session():
    with Tree(sessions=0) as tree:
        raises(errno.ENXIO, tree.send, b'x')
        sentence(tree, 'ENXIO', 0)
        says(tree, 'echo x > hmc0/message', b'No such device or address')
        says(tree, 'echo close > hmc0/control', b'No such device or address')
        raises(errno.ENXIO, tree.control, 0, 'close')
        says(tree, 'exec 3<>hmc0/message', b'No such device or address')


@case('EBUSY: a session is open already')
def open_already():
    with Tree() as tree:
        raises(errno.EBUSY, tree.control, 0, 'open other')
        sentence(tree, 'EBUSY', 0)
        says(
            tree, 'echo open other > hmc0/control', b'Device or resource busy'
        )
        equal(tree.status(0)['hmc_id'], '"test-0"', 'the HMC ID')


@case('EMSGSIZE: a message above the MTU')
def too_long():
    for mtu in 4096, MTU:
        with Tree(mtu=mtu) as tree:
            tree.send(b'x' * mtu)
            for size in mtu + 1, 2 * mtu, 1 << 20:
                raises(errno.EMSGSIZE, tree.send, b'x' * size)
            sentence(tree, 'EMSGSIZE', 0)
            says(
                tree,
                'head -c 16385 /dev/zero | tr "\\0" x |'
                'dd bs=64K iflag=fullblock of=hmc0/message status=none',
                b'Message too long',
            )
            equal(
                tree.status(0)['sent_messages'],
                '1',
                'the number of sent messages',
            )


@case('EINVAL: an invalid command')
def no_command():
    with Tree() as tree:
        for target in (), (0,):
            raises(errno.EINVAL, tree.control, *target, 'nonsense')
            sentence(tree, 'EINVAL', *target)
        says(tree, 'echo nonsense > control', b'Invalid argument')


@case('ECONNREFUSED: the hypervisor refuses an open')
def refused():
    with Tree(sessions=0) as tree:
        tree.control('sim refuse open on')
        raises(errno.ECONNREFUSED, tree.control, 0, 'open me')
        sentence(tree, 'ECONNREFUSED', 0)
        says(tree, 'echo open me > hmc0/control', b'Connection refused')
        equal(tree.status(0)['state'], 'none', 'the state')
        tree.control('sim refuse open off')
        tree.control(0, 'open me')
        equal(tree.status(0)['state'], 'ready', 'the state')


@case('ETIMEDOUT: the hypervisor does not answer an open')
@lasting(300)
def no_answer(ms):
    with Tree(f'open_timeout={ms}ms', sessions=0) as tree:
        tree.control('sim stall on')
        raises(errno.ETIMEDOUT, tree.control, 0, 'open me')
        sentence(tree, 'ETIMEDOUT', 0)
        says(tree, 'echo open me > hmc0/control', b'Connection timed out')
        tree.control('sim stall off')
        tree.control(0, 'open me')
        tree.send(b'x')


@case('ETIMEDOUT: the hypervisor does not accept messages')
def not_taken():
    with Tree('send_timeout=200ms') as tree:
        tree.control('sim stall on')
        fill(tree, 1000)
        raises(errno.ETIMEDOUT, tree.send, b'x' * 1000)
        sentence(tree, 'ETIMEDOUT', 0)
        says(tree, 'echo x > hmc0/message', b'Connection timed out')


@case(
    'ETIMEDOUT: all writers that wait for a stalled hypervisor fail '
    'together'
)
def none_taken():
    with Tree('send_timeout=2s') as tree:
        # The kernel lets one writer of an inode wait at a time.
        writers = []
        for _ in range(3):
            writers.append(tree.open(os.O_WRONLY, 0, 'message'))
            tree.control(0, 'rotate')
        tree.control('sim stall on')
        fill(tree, 1000)
        for child in [
            Child(raises, errno.ETIMEDOUT, os.write, writer, b'x' * 1000)
            for writer in writers
        ]:
            child.done()
        equal(
            tree.status(0)['waiting_writers'],
            '0',
            'the number of waiting writers',
        )


@case('EAGAIN: O_NONBLOCK without a message to read or room to write')
def again():
    with Tree() as tree:
        channel = tree.open(os.O_RDWR | os.O_NONBLOCK, 0, 'message')
        raises(errno.EAGAIN, os.read, channel, 100)
        tree.control('sim stall on')
        fill(tree, 1000)
        raises(errno.EAGAIN, os.write, channel, b'x' * 1000)
        os.close(channel)


@case('ECONNRESET: the session is lost during a wait')
def lost():
    with Tree() as tree:

        def waiter():
            done = shell(
                'exec 3<>hmc0/message; dd bs=64K count=1 <&3',
                cwd=tree.directory,
                status=1,
            )
            assert b'Connection reset by peer' in done.stderr, done.stderr

        child = Child(waiter)
        blocked(tree, 'readers', 1)
        tree.control('sim reset partner-failed')
        child.done()
        sentence(tree, 'ECONNRESET', 0)


@case('EPERM: the hypervisor refuses a VMC')
def request_refused():
    with Tree() as tree:
        tree.control('request-vmc')
        tree.control('sim refuse request-vmc on')
        raises(errno.EPERM, tree.control, 'request-vmc')
        sentence(tree, 'EPERM')
        says(tree, 'echo request-vmc > control', b'Operation not permitted')


@case('simulator commands without an index or a session fail')
def simulator():
    with Tree(sessions=0) as tree:
        raises(errno.EINVAL, tree.control, 'sim emit 99 x')
        sentence(tree, 'EINVAL')
        raises(errno.ENXIO, tree.control, 'sim emit 0 x')
        sentence(tree, 'ENXIO')


@case('an error on one index does not change last_error of another')
def apart():
    with Tree(hmcs=2, sessions=0) as tree:
        raises(errno.ENXIO, tree.send, b'x', 0)
        equal(tree.status(1)['last_error'], '""', 'last_error')
        equal(tree.status()['last_error'], '""', 'last_error')


run()
