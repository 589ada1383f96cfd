# SPDX-License-Identifier: GPL-2.0-or-later
#
# Volume: tests that a large number of messages of random sizes returns byte
# for byte and in order, to a channel reader and in the log, with two sessions
# in use. It does not measure speed.
import hashlib
import itertools
import os
import select

from helpers import VOLUME, Child, Numbered
from mounted import Tree
from tap import GUARD, case, equal, note, run

MTU = 4096
COUNT = VOLUME
SEED = int(os.environ.get('VMCFS_TEST_SEED', '1'))


def messages(index):
    return itertools.islice(Numbered(SEED + index, 1, MTU), COUNT)


def write(tree, index):
    writer = tree.open(os.O_WRONLY, index, 'message')
    for message in messages(index):
        equal(os.write(writer, message), len(message), 'the length')
    os.close(writer)


def read_channel(tree, index, ready):
    channel = tree.open(os.O_RDWR, index, 'message')
    os.write(ready, b'.')
    for number, message in enumerate(messages(index)):
        got = os.read(channel, 1 << 16)
        if got != message:
            equal(got, message, f'message {number} of hmc{index}')
    os.close(channel)


def read_log(tree, index, ready):
    """Follows the log by poll, and compares the messages as they arrive."""
    log = tree.open(os.O_RDONLY, index, 'message')
    os.write(ready, b'.')
    poll = select.poll()
    poll.register(log, select.POLLPRI)
    expected, total = hashlib.sha256(), 0
    for message in messages(index):
        expected.update(message)
        total += len(message)
    seen, offset = hashlib.sha256(), 0
    while offset < total:
        poll.poll()
        data = os.read(log, 1 << 18)
        seen.update(data)
        offset += len(data)
    equal(offset, total, f'the size of the log of hmc{index}')
    equal(seen.hexdigest(), expected.hexdigest(), f'hmc{index}')
    equal(os.read(log, 1), b'', 'the end')
    os.close(log)


@case(
    f'{COUNT} messages on each of two sessions are echoed without a loss',
    guard=8 * GUARD,
)
def volume():
    with Tree(
        'history=256M', 'memory=1G', hmcs=2, sessions=2, mtu=MTU
    ) as tree:
        side, ready = os.pipe()
        readers = [
            Child(reader, tree, index, ready)
            for index in (0, 1)
            for reader in (read_channel, read_log)
        ]
        for _ in readers:
            os.read(side, 1)
        writers = [Child(write, tree, index) for index in (0, 1)]
        for child in writers + readers:
            child.done()
        for index in 0, 1:
            status = tree.status(index)
            equal(
                status['sent_messages'],
                str(COUNT),
                'the number of sent messages',
            )
            equal(
                status['received_messages'],
                str(COUNT),
                'the number of received messages',
            )
            equal(status['overruns'], '0', 'overruns')
            note(f"hmc{index}: {status['received_bytes']} bytes")


@case('messages of the largest size are echoed')
def largest():
    with Tree(hmcs=1, mtu=16384) as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        for message in itertools.islice(Numbered(SEED, 16384, 16384), 500):
            os.write(channel, message)
            equal(os.read(channel, 1 << 16), message, 'the message')
        os.close(channel)


run()
