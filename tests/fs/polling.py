# SPDX-License-Identifier: GPL-2.0-or-later
#
# Polling: tests the system calls of a request without polling, that an idle
# daemon makes none, that processors are kept awake only during polls, that no
# work is left when it sleeps, and that messages pass with each value of
# poll_us=. It does not test when polling begins, which depends on the
# scheduler.
import os
import time

from helpers import Child, blocked, state_of, until
from mounted import Tree
from tap import case, equal, run

COUNT = 500
LATENCY = '/dev/cpu_dma_latency'


def calls(tree):
    """Numbers of reads and writes that the daemon has made."""
    with open(f'/proc/{tree.pid}/io', encoding='ascii') as file:
        values = dict(line.split(': ') for line in file)
    return int(values['syscr']), int(values['syscw'])


def states(tree):
    """States of the daemon's threads."""
    for thread in os.listdir(f'/proc/{tree.pid}/task'):
        yield state_of(f'{tree.pid}/task/{thread}')


def round_trips(tree, count):
    channel = tree.open(os.O_RDWR, 0, 'message')
    for number in range(count):
        message = b'%d' % number
        os.write(channel, message)
        equal(os.read(channel, 64), message, 'the message')
    os.close(channel)


@case('without polling a request costs one read and one write')
def two_calls():
    with Tree('poll_us=0', 'notify_ms=0') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        reads, writes = calls(tree)
        for _ in range(COUNT):
            os.write(channel, b'message')
            os.read(channel, 64)
        more_reads, more_writes = calls(tree)
        equal(more_reads - reads, 2 * COUNT, 'the number of reads')
        equal(more_writes - writes, 2 * COUNT, 'the number of writes')
        os.close(channel)


@case('an idle daemon makes no system call, whether it has polled or not')
def idle():
    for option in 'poll_us=0', 'poll_us=1000':
        with Tree(option, 'notify_ms=0') as tree:
            round_trips(tree, COUNT)
            until(lambda: set(states(tree)) == {'S'}, 'sleeping threads')
            before = calls(tree)
            time.sleep(1)
            equal(calls(tree), before, 'the reads and writes')


def requests_latency(tree):
    """Whether the daemon has opened the file for requests to the kernel."""
    directory = f'/proc/{tree.pid}/fd'
    return LATENCY in [
        os.readlink(f'{directory}/{number}')
        for number in os.listdir(directory)
    ]


def can_request_latency():
    """Whether this machine lets the daemon keep its processors awake."""
    if not 1 < len(os.sched_getaffinity(0)) <= os.cpu_count() <= 8:
        return False
    try:
        os.close(os.open(LATENCY, os.O_RDWR))
    except OSError:
        return False
    return True


def latency():
    """The shortest latency in microseconds that a process requests."""
    with open(LATENCY, 'rb', buffering=0) as file:
        return int.from_bytes(file.read(4), 'little')


def have_processors(pid, first, second):
    """Gives this process and another one a processor each, before all others,
    so that none is preempted between two requests."""
    os.sched_setaffinity(0, {first})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    for thread in os.listdir(f'/proc/{pid}/task'):
        os.sched_setaffinity(int(thread), {second})
        os.sched_setscheduler(int(thread), os.SCHED_FIFO, os.sched_param(1))


def keep_awake(tree):
    before = latency()
    have_processors(tree.pid, *sorted(os.sched_getaffinity(0))[:2])
    while latency():
        round_trips(tree, COUNT)
    until(lambda: latency() == before, 'the end of the request')


@case('processors stay awake while one request follows the other')
def awake():
    with Tree('poll_us=1000', 'notify_ms=0') as tree:
        equal(requests_latency(tree), can_request_latency(), 'the open file')
        if can_request_latency():
            Child(keep_awake, tree).done()
    with Tree('poll_us=0') as tree:
        equal(requests_latency(tree), False, 'the open file')


@case('messages pass with each value of poll_us=')
def values():
    for value in 0, 1, 50, 1000:
        with Tree(f'poll_us={value}') as tree:
            round_trips(tree, COUNT)


@case('a command after one that waits wakes the readers of its messages')
def later_command():
    with Tree() as tree:
        control = tree.open(os.O_WRONLY, 'control')

        def reader():
            channel = tree.open(os.O_RDWR, 0, 'message')
            equal(os.read(channel, 100), b'hello\n', 'the message')

        for _ in range(5):
            child = Child(reader)
            blocked(tree, 'readers', 1)
            os.write(control, b'request-vmc\nsim emit 0 hello\n')
            child.done()
        os.close(control)


@case('a daemon that has just polled ends at once')
def ends():
    for how in 'terminate', 'unmount':
        for _ in range(5):
            with Tree('poll_us=1000') as tree:
                round_trips(tree, 20)
                tree.stop(how)


run()
