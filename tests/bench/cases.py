# SPDX-License-Identifier: GPL-2.0-or-later
#
# Cases: what is measured, as data: the command of the client, its file, sizes,
# baselines, placements. It runs nothing.
import dataclasses
import os

MESSAGE_SIZES = (64, 4096, 16384)
EVERYWHERE = ('one', 'two', 'unpinned')
KIB = 1024


@dataclasses.dataclass(frozen=True)
class Case:
    """Operation that is measured on a subject and on each baseline in turn.

    name: of the row, and by which the case is selected
    command: words for bench-client
    path: file below the mount point
    sizes: bytes of a message or of a buffer
    placements: keys of placements()
    subject, baselines: names of servers, or of commands of the client that
        need no server
    time: factor of the length of a round
    calls: operations for which system calls are counted, or 0
    """

    name: str
    command: str
    path: str = 'hmc0/message'
    sizes: tuple = MESSAGE_SIZES
    placements: tuple = EVERYWHERE
    subject: str = 'vmcfs'
    baselines: tuple = ('empty',)
    time: float = 1
    calls: int = 1000


CASES = [
    Case('write', 'write', baselines=('empty', 'empty-device')),
    Case(
        'round-trip',
        'round-trip',
        baselines=('empty', 'empty-device', 'socket', 'pipe'),
    ),
    Case(
        'round-trip-busy',
        'round-trip',
        sizes=(64,),
        placements=('busy',),
        time=4,
    ),
    Case('round-trip-log', 'round-trip', baselines=('no-log',)),
    Case(
        'round-trip-capture',
        'round-trip',
        subject='capture',
        baselines=('no-log',),
    ),
    Case(
        'device',
        'device',
        placements=('one',),
        subject='device',
        baselines=('copy',),
    ),
    Case('writers-8', '-j 8 writers'),
    Case('fan-out-1', '-j 1 fan-out', sizes=(64,)),
    Case('fan-out-10', '-j 10 fan-out', sizes=(64,), calls=200),
    Case('fan-out-100', '-j 100 fan-out', sizes=(64,), calls=50),
    Case('fan-out-1000', '-j 1000 fan-out', sizes=(64,), time=3, calls=20),
    Case('follow', 'follow'),
    Case('read-log', 'read', 'hmc1/message', (128 * KIB, 1024 * KIB)),
    Case('cat-status', 'cat', 'hmc1/status', (0,)),
    Case('ls-l', 'ls', 'hmc1', (0,)),
    Case('echo-message', 'echo', sizes=(64,)),
    Case('fstat-message', 'look', sizes=(0,)),
    Case(
        'wake-waiters-1000',
        '-j 1 fan-out',
        sizes=(64,),
        subject='waiters-1000',
        baselines=('waiters-10',),
    ),
    Case(
        'round-trip-handles',
        'round-trip',
        sizes=(64,),
        placements=('one',),
        subject='handles',
        baselines=('vmcfs',),
    ),
]


def placements():
    """Processors of client and server by name; None is any processor."""
    cpus = sorted(os.sched_getaffinity(0))
    found = {'one': (cpus[0], cpus[0]), 'unpinned': (None, None)}
    if len(cpus) > 1:
        found['two'] = (cpus[0], cpus[1])
    if len(cpus) > 1 and os.sched_getscheduler(0) == os.SCHED_OTHER:
        found['busy'] = found['two']
    return found
