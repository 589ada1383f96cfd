# SPDX-License-Identifier: GPL-2.0-or-later
#
# Closing: measures how long other requests wait while many channels of an
# ended session are closed at once. It judges nothing: times depend on the load
# of the machine.
#
# VMCFS=build/vmcfs/vmcfs PYTHONPATH=tests/lib \ python3 -P
# tests/bench/closing.py [CHANNELS [SEGMENTS]]
#
# It prints the request times of a second client and those on the idle tree.
# Under chrt -f 10 the daemon and the client have priority over all other
# processes, including those that end.
import os
import resource
import sys
import time

from helpers import Child, until
from mounted import Tree

CHANNELS = int(sys.argv[1]) if len(sys.argv) > 1 else 50000
SEGMENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 500
IDLE = 2000  # requests on the idle tree


def request(tree):
    """Time of one request in milliseconds."""
    before = time.perf_counter()
    os.stat(tree.path(0, 'status'))
    return (time.perf_counter() - before) * 1000


def show(what, times):
    times = sorted(times)
    print(
        f'{what}: {len(times)} requests, '
        f'median {times[len(times) // 2]:.3f} ms, '
        f'99 % {times[len(times) * 99 // 100]:.3f} ms, '
        f'longest {times[-1]:.3f} ms',
        flush=True,
    )
    return times[-1]


class Holder:
    """Process that holds channels open until it is killed."""

    def __init__(self, tree, count):
        side, ready = os.pipe()
        end, self.order = os.pipe()

        def hold():
            os.close(self.order)
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
            for _ in range(count):
                tree.open(os.O_RDWR, 0, 'message')
            os.write(ready, b'.')
            os.read(end, 1)

        self.child = Child(hold)
        os.close(ready)
        os.close(end)
        assert os.read(side, 1), 'the channels were not opened'
        os.close(side)

    def end(self):
        os.kill(self.child.pid, 9)


def hold_all(tree):
    """Opens channels in as many processes as the limit of descriptors
    requires."""
    share = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 100
    return [
        Holder(tree, min(share, CHANNELS - start))
        for start in range(0, CHANNELS, share)
    ]


def fill_segments(tree):
    for number in range(SEGMENTS):
        tree.send(b'x')
        until(
            lambda n=number: tree.status(0)['received_messages'] == str(n + 1),
            'the message',
        )
        tree.control(0, 'rotate')


def main():
    with Tree(f'handles={CHANNELS + 100}', 'memory=64M') as tree:
        idle = show('idle', [request(tree) for _ in range(IDLE)])
        holders = hold_all(tree)
        fill_segments(tree)
        show('open', [request(tree) for _ in range(IDLE)])
        status = tree.status(0)
        print(
            f"{status['channels']} channels, {status['log_segments']} segments"
        )
        tree.control(0, 'close')
        started = time.perf_counter()
        for holder in holders:
            holder.end()
        times = []
        while len(times) < 100 or tree.status(0)['channels'] != '0':
            times.extend(request(tree) for _ in range(20))
        took = time.perf_counter() - started
        longest = show('closing', times)
        for holder in holders:
            holder.child.join()
        print(
            f'closed in {took:.2f} s; longest request {longest / idle:.1f} '
            f'times that on the idle tree'
        )


main()
