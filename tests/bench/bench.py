# SPDX-License-Identifier: GPL-2.0-or-later
#
# Benchmarks: chooses cases, measures them and prints the table. The cases are
# in cases.py; tests/bench/run.sh builds what is needed and calls this program.
import argparse
import dataclasses
import os
import platform
import signal
import sys
import time

import idle
import report
import rounds
from cases import CASES, placements
from closing import closing
from mounted import DAEMON
from servers import Servers

SPECIAL = {'idle': idle.idle, 'closing': closing}


@dataclasses.dataclass
class Settings:
    """Lengths and numbers of a run; `idle_s` and `handles` are those of the
    cases of these names."""

    placements: dict
    rounds: int = 9
    time_ms: int = 60
    idle_s: float = 10
    handles: int = 50000
    segments: int = 500


QUICK = {
    'rounds': 5,
    'time_ms': 20,
    'idle_s': 2,
    'handles': 5000,
    'segments': 50,
}


def parse():
    parser = argparse.ArgumentParser(
        prog='run.sh', description='Times beside their baselines, in pairs.'
    )
    names = [case.name for case in CASES] + list(SPECIAL)
    parser.add_argument('case', nargs='*', help=', '.join(names))
    parser.add_argument(
        '--quick',
        action='store_true',
        help='short rounds, fewer files, one or two processors',
    )
    parser.add_argument(
        '--placement',
        action='append',
        choices=('one', 'two', 'unpinned', 'busy'),
    )
    parser.add_argument('--rounds', type=int, help='pairs, 9 by default')
    parser.add_argument(
        '--time', type=int, dest='time_ms', help='milliseconds of a round'
    )
    parser.add_argument(
        '--options',
        action='append',
        default=[],
        help='mount option of the daemon',
    )
    parser.add_argument(
        '--against',
        metavar='PROGRAM',
        nargs='?',
        const=DAEMON,
        help='daemon that replaces the baselines; by default the same',
    )
    parser.add_argument(
        '--against-options',
        action='append',
        default=[],
        help='mount option of that daemon',
    )
    parser.add_argument(
        '--json',
        default=os.environ.get('VMCFS_BENCH_JSON'),
        help='file for the records',
    )
    arguments = parser.parse_args()
    for name in arguments.case:
        if name not in names:
            parser.error(f'no case is called {name}')
    arguments.case = arguments.case or names
    return arguments


def settings_of(arguments):
    settings = Settings(placements())
    names = arguments.placement or settings.placements
    if arguments.quick:
        settings = dataclasses.replace(settings, **QUICK)
        names = arguments.placement or ('one', 'two', 'busy')
    for key in 'rounds', 'time_ms':
        if getattr(arguments, key):
            setattr(settings, key, getattr(arguments, key))
    settings.placements = {
        name: cpus
        for name, cpus in settings.placements.items()
        if name in names
    }
    return settings


def machine():
    """Description of the machine, for the table and the records."""
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        models = [
            line.split(':', 1)[1].strip()
            for line in file
            if line.startswith(('model name', 'cpu\t'))
        ]
    return {
        'kernel': platform.release(),
        'processor': (models or ['?'])[0],
        'processors': len(os.sched_getaffinity(0)),
        'nice': os.nice(0),
        'load': os.getloadavg()[0],
    }


def chosen(arguments):
    """Cases that are measured, with their baselines."""
    for case in CASES:
        if case.name not in arguments.case:
            continue
        if not arguments.against:
            yield case
        elif case.subject == 'vmcfs':
            yield dataclasses.replace(case, baselines=('other',))


def groups(arguments, settings, servers):
    """Lists of records, each of which is a group of rows."""
    for case in chosen(arguments):
        for placement in case.placements:
            if placement in settings.placements:
                for size in case.sizes:
                    yield list(
                        rounds.measure(
                            case, size, placement, servers, settings
                        )
                    )
    for name, special in SPECIAL.items():
        if name in arguments.case and not arguments.against:
            yield from special(servers, settings)


def main():
    arguments = parse()
    settings = settings_of(arguments)
    started = time.monotonic()
    described = machine()
    print(', '.join(f'{key} {value}' for key, value in described.items()))
    if 'two' not in placements():
        print('one processor: placements "two" and "busy" are left out')
    elif 'busy' not in placements():
        print('real-time policy: placement "busy" is left out')
    print(report.head(), flush=True)
    servers = Servers(
        arguments.options,
        settings.handles,
        (arguments.against, arguments.against_options),
    )
    records = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        for group in groups(arguments, settings, servers):
            records += group
            print('\n'.join(report.group_rows(group)), flush=True)
    finally:
        servers.stop()
    print(f'{time.monotonic() - started:.0f} s')
    if arguments.json:
        report.write_json(
            arguments.json, described, dataclasses.asdict(settings), records
        )


if __name__ == '__main__':
    sys.exit(main())
