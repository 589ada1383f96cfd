# SPDX-License-Identifier: GPL-2.0-or-later
#
# Growth: durations and resident memory as a number grows: messages, sessions,
# open files, log, segments, waiters, readers. It writes points as JSON, of
# which plot.py makes the plots of docs/performance.md. It asserts none.
import argparse
import contextlib
import dataclasses
import json
import os

from bench import machine
from cases import Case, placements
from closing import fill_segments
from helpers import blocked, until
from mounted import Tree
from rounds import Side, figures, measure
from servers import LOG_MESSAGE, Empty, Held, hold_handles

SIZE = 64
MIB = 1 << 20


@dataclasses.dataclass
class Settings:
    """Lengths of the measurement of one point."""

    placements: dict
    rounds: int = 5
    time_ms: int = 40


def sessions(count):
    return Tree(hmcs=count, sessions=count), []


def handles(count):
    tree = Tree(f'handles={count + 4096}')
    return tree, hold_handles(tree.path(0, 'message'), count)


def history(mib):
    """A log of MIB mebibytes, which does not rotate while it is measured."""
    size = int(mib * MIB)
    tree = Tree(f'history={4 * size}', f'memory={8 * size + 64 * MIB}')
    count = size // LOG_MESSAGE
    tree.control(f'sim flood 0 {count} {LOG_MESSAGE}')
    until(
        lambda: tree.status(0)['received_messages'] == str(count),
        'the log is full',
    )
    return tree, []


def segments(count):
    """Segments that are kept because a channel has not read them."""
    tree = Tree('memory=64M')
    held = hold_handles(tree.path(0, 'message'), 1)
    fill_segments(tree, count)
    return tree, held


def waiters(count):
    tree = Tree(hmcs=2, sessions=2)
    held = [Held('-j', count, 'waiters', tree.path(1, 'message'))]
    blocked(tree, 'readers', count, index=1)
    return tree, held


def readers(_count):
    return Tree(), []


@dataclasses.dataclass(frozen=True)
class Series:
    """Number that grows.

    title: words and unit for the axis
    numbers: values
    prepare: returns a tree with that number, and clients to release
    command: words for bench-client; {} is the number
    placement: key of placements()
    """

    title: str
    numbers: tuple
    prepare: callable
    command: str = 'round-trip'
    placement: str = 'one'


SERIES = {
    'sessions': Series('open sessions', (1, 2, 4, 8, 16, 32, 64), sessions),
    'handles': Series(
        'open channels', (1, 10, 100, 1000, 10000, 50000), handles
    ),
    'history': Series('log, MiB', (0.25, 1, 4, 16, 64), history),
    'segments': Series('segments that are kept', (1, 10, 100, 1000), segments),
    'waiters': Series(
        'other readers that wait',
        (1, 10, 100, 1000),
        waiters,
        '-j 1 fan-out',
    ),
    'readers': Series(
        'readers of one message',
        (1, 3, 10, 30, 100, 300, 1000),
        readers,
        '-j {} fan-out',
        'two',
    ),
}


def resident_kib(pid):
    with open(f'/proc/{pid}/status', encoding='utf-8') as file:
        for line in file:
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
    raise AssertionError(f'process {pid} has no resident memory')


def side(figures_, server):
    return figures_ | {'resident_kib': resident_kib(server.pid)}


def point(series, number, empty, settings):
    """Figures of both sides at one number."""
    tree, held = series.prepare(number)
    servers = {'vmcfs': tree, 'empty': empty}
    case = Case('growth', series.command.format(number), calls=0, time=3)
    placement = series.placement
    if placement not in settings.placements:
        placement = 'one'
    (record,) = measure(case, SIZE, placement, servers, settings)
    found = {
        'number': number,
        'subject': side(record['figures']['subject'], tree),
        'baseline': side(record['figures']['baseline'], empty),
        'ratio': record['ratio'],
        'spread': record['spread'],
    }
    for each in held:
        each.release()
    tree.stop()
    return found


def message_points(most, empty, settings):
    """Round trips on one tree, up to MOST of them; a point has the durations
    of those since the point before. The log rotates at 1 MiB."""
    tree = Tree('history=1M')
    servers = {'vmcfs': tree, 'empty': empty}
    sides = {
        name: Side(name, Case('', 'round-trip'), SIZE, servers)
        for name in servers
    }
    cpus = settings.placements['one']
    numbers = [
        step * 10**power
        for power in range(4, len(str(most)))
        for step in (1, 2, 5)
        if step * 10**power <= most
    ]
    for before, number in zip([0, *numbers], numbers):
        raw = {
            name: each.run('-n', number - before, cpus=cpus)
            for name, each in sides.items()
        }
        yield {
            'number': number,
            'subject': side(figures(raw['vmcfs']), tree),
            'baseline': side(figures(raw['empty']), empty),
        }
    tree.stop()


def show(name, found):
    words = [
        f'{found[key]["p50_us"]:.2f} us {found[key]["resident_kib"]} KiB'
        for key in ('subject', 'baseline')
    ]
    print(
        f'{name:10} {found["number"]:>9}  {"  empty: ".join(words)}',
        flush=True,
    )
    return found


def main():
    parser = argparse.ArgumentParser(prog='growth.sh')
    names = ['messages', *SERIES]
    parser.add_argument('series', nargs='*', help=', '.join(names))
    parser.add_argument('--messages', type=int, default=10**6)
    parser.add_argument('--json', default='build-test/growth.json')
    arguments = parser.parse_args()
    wanted = arguments.series or names
    settings = Settings(placements())
    described = machine()
    found = []
    with contextlib.ExitStack() as stack:
        empty = Empty(1000)
        stack.callback(empty.stop)
        for name in wanted:
            if name == 'messages':
                title = 'messages since the mount'
                points = message_points(arguments.messages, empty, settings)
            else:
                series = SERIES[name]
                title = series.title
                points = (
                    point(series, number, empty, settings)
                    for number in series.numbers
                )
            found.append(
                {
                    'name': name,
                    'title': title,
                    'points': [show(name, each) for each in points],
                }
            )
    with open(arguments.json, 'w', encoding='utf-8') as file:
        json.dump(
            {'format': 1, 'machine': described, 'series': found},
            file,
            indent=1,
        )
        file.write('\n')
    print(os.path.abspath(arguments.json))


if __name__ == '__main__':
    main()
