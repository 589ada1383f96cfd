# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bad input: tests that invalid input is refused with a clear errno and changes
# nothing. It does not test valid input.
import errno
import os
import random

from mounted import MTU, Tree
from tap import case, equal, raises, run

SAME = (
    'state',
    'session',
    'hmc_id',
    'sent_messages',
    'received_messages',
    'rotations',
    'sessions',
)


def state(tree):
    top = tree.status()
    return (
        [top[key] for key in ('channel', 'resets')],
        [tree.status(0).get(key) for key in SAME],
    )


def put(tree, data, *target):
    control = tree.open(os.O_WRONLY, *target, 'control')
    try:
        return os.write(control, data)
    finally:
        os.close(control)


def unchanged(tree, error, data, *target):
    before = state(tree)
    raises(error, put, tree, data, *target)
    equal(state(tree), before, f'the state after {data!r:.60}')


@case('invalid commands of an HMC index are refused')
def hmc_commands():
    with Tree() as tree:
        for text in (
            'open',
            'open ',
            'OPEN me',
            ' close',
            'close now',
            'close ',
            'rotate 1',
            'reopen me',
            'openme',
            'x' * 4000,
            'request-vmc',
            'sim stall on',
            'hex:00',
            'open\tme',
            '?',
        ):
            unchanged(tree, errno.EINVAL, text.encode() + b'\n', 0)
        equal(tree.status(0)['hmc_id'], '"test-0"', 'the HMC ID')


@case('invalid commands of the channel are refused')
def channel_commands():
    with Tree() as tree:
        for text in (
            'open me',
            'close',
            'rotate',
            'log-level',
            'log-level loud',
            'request-vmc now',
            'sim',
            'sim ',
            'sim stall',
            'sim stall maybe',
            'sim stall on off',
            'sim emit',
            'sim emit x y',
            'sim emit -1 y',
            'sim emit 0',
            'sim emit 99999999999999999999 x',
            'sim flood 0 1',
            'sim flood 0 1 0',
            'sim flood 0 x 1',
            'sim reset',
            'sim reset sideways',
            'sim delay',
            'sim delay x',
            'sim delay -1',
            'sim refuse',
            'sim refuse close on',
        ):
            unchanged(tree, errno.EINVAL, text.encode() + b'\n')


@case('IDs that are too long, empty or not printable are refused')
def ids():
    with Tree(sessions=0) as tree:
        for name in (
            b'x' * 33,
            b'x' * 300,
            b'tab\there',
            b'bell\a',
            b'del\x7f',
            b'nul\0nul',
            b'\xc3\xa9',
            b'\xff' * 8,
            b'hex:',
            b'hex:0',
            b'hex:0g',
            b'hex:' + b'00' * 33,
            b'hex:00 00',
            b'',
        ):
            unchanged(tree, errno.EINVAL, b'open ' + name + b'\n', 0)
        equal(tree.status(0)['state'], 'none', 'the state')


@case('IDs of any allowed form are accepted')
def good_ids():
    with Tree(sessions=0) as tree:
        for name, shown in (
            ('x' * 32, 'x' * 32),
            ('a', 'a'),
            ('two words', 'two words'),
            ('!"#$~', '!\\"#$~'),
            ('hex:616263', 'abc'),
            ('hex:' + '7a' * 32, 'z' * 32),
        ):
            tree.control(0, 'open ' + name)
            equal(tree.status(0)['hmc_id'], f'"{shown}"', 'the HMC ID')
            tree.control(0, 'close')


@case('a megabyte of garbage written to control is refused')
def garbage():
    noise = random.Random(3)
    with Tree() as tree:
        for target in (), (0,):
            unchanged(tree, errno.EMSGSIZE, noise.randbytes(1 << 20), *target)
            unchanged(tree, errno.EMSGSIZE, b'\n' * (1 << 20), *target)
            unchanged(tree, errno.EMSGSIZE, b'rotate\n' * 600, *target)
            for size in 1, 2, 10, 100, 4096:
                data = b'!' + noise.randbytes(size)[: size - 1]
                unchanged(tree, errno.EINVAL, data, *target)


@case('one invalid line among valid ones: no line is executed')
def among():
    with Tree() as tree:
        unchanged(tree, errno.EINVAL, b'rotate\nnonsense\nrotate\n', 0)
        unchanged(tree, errno.EINVAL, b'close\nopen ' + b'x' * 33 + b'\n', 0)
        unchanged(tree, errno.EINVAL, b'sim emit 0 x\nsim emit 0\n')


@case('a message longer than the MTU is refused')
def message():
    with Tree() as tree:
        before = state(tree)
        raises(errno.EMSGSIZE, tree.send, b'x' * (MTU + 1))
        equal(state(tree), before, 'the state')
        equal(tree.read(0, 'message'), b'', 'the log')


@case('messages of any bytes are echoed unchanged')
def any_bytes():
    noise = random.Random(4)
    with Tree() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        for size in list(range(1, 70)) + [255, 256, 4095, 4096, MTU]:
            # not the descriptor of a management message
            data = (b'\0' + noise.randbytes(size))[:size]
            os.write(channel, data)
            equal(
                os.read(channel, 1 << 16), data, f'the message of {size} bytes'
            )
        os.close(channel)


run()
