# SPDX-License-Identifier: GPL-2.0-or-later
#
# System-call fuzzer: runs it under several mount options. No message is lost
# without a report, no wait is endless, and the daemon ends with the resources
# of its start. It does not choose the calls.
import os

import storm
from mounted import Tree
from tap import GUARD, case, note, run

SECONDS = storm.SECONDS or 60
NOBODY = 65534
called = {}


def fuzz(share, *options, sessions=True, **named):
    with Tree(*options, hmcs=storm.INDICES, sessions=0) as tree:
        balance = storm.Balance(tree, sessions)
        judged, calls = storm.run(
            tree, SECONDS * share, kill_ms=150, stop_ms=100, **named
        )
        balance.check(judged)
    for name, (count, _) in calls.items():
        called[name] = called.get(name, 0) + count


@case('nothing is lost silently with default options', guard=3 * GUARD)
def default():
    fuzz(0.3)


@case('nothing is lost silently with the smallest limits', guard=3 * GUARD)
def smallest():
    fuzz(
        0.3,
        'history=4K',
        'memory=64K',
        'log=64K',
        'capture=64K',
        'sendq=1K',
        'send_timeout=100ms',
        'open_timeout=300ms',
    )


@case(
    'the counters balance with two users, few buffers and a slow hypervisor',
    guard=3 * GUARD,
)
def users():
    fuzz(
        0.25,
        'allow_other',
        'mode=0666',
        'dmode=0777',
        'sim.pool=4',
        'sim.delay_ms=1',
        'send_timeout=500ms',
        uid=NOBODY,
    )


@case('a read-only mount survives every operation', guard=3 * GUARD)
def read_only():
    fuzz(0.15, 'ro', 'open=0:fixed', sessions=False, read_only=True)


@case('every operation was called')
def all_called():
    note(f'{len(called)} operations')
    assert len(called) >= 60
    rare = [name for name, count in called.items() if not count]
    assert not rare, f'never called: {rare}'


os.umask(0o022)
storm.announce()
run()
