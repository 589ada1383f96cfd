# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rounds: measure the sides of a case in turn, and count system calls in a pass
# of its own. It defines no case (cases.py does), and prints nothing.
import contextlib
import json
import os
import re
import signal
import statistics
import subprocess

from servers import Load, client, place

# Commands without a server.
ALONE = ('socket', 'pipe', 'device', 'copy', 'node')
RATIOS = ('p50_us', 'p99_us', 'per_s', 'server_us')


class Side:
    """Server, or a command of the client that needs none, on which a case is
    measured at one size and placement."""

    def __init__(self, name, case, size, servers):
        self.name = name
        self.size = size
        self.server = None
        if name in ALONE:
            self.words = [name]
        else:
            self.server = servers.get(name)
            self.words = [
                *case.command.split(),
                os.path.join(self.server.directory, case.path),
            ]

    def run(self, *limit, cpus=(None, None)):
        """Runs the client once; returns what it prints."""
        words = ['-s', self.size or 1, *limit]
        if cpus[0] is not None:
            words += ['-c', cpus[0], '-p', cpus[1]]
        if self.server:
            place(self.server.pid, cpus[1])
            words += ['-d', self.server.pid]
        process = client(*words, *self.words)
        with process.stdout:
            text = process.stdout.read()
        assert process.wait() == 0, f'bench-client {words} {self.words}'
        return json.loads(text)


def figures(raw):
    """Figures of one run, for each operation where that applies."""
    seconds = raw['elapsed_ns'] / 1e9
    return {
        'p50_us': raw['p50_ns'] / 1e3,
        'p99_us': raw['p99_ns'] / 1e3,
        'p999_us': raw['p999_ns'] / 1e3,
        'per_s': raw['count'] / seconds,
        'mb_per_s': raw['bytes'] / seconds / 1e6,
        'server_us': raw['server_ns'] / raw['count'] / 1e3,
        'client_us': raw['client_ns'] / raw['count'] / 1e3,
        'transfers': raw['transfers'] / raw['count'],
        'faults': raw['faults'] / raw['count'],
    }


def medians(rounds):
    """Median of each figure over the rounds."""
    return {
        key: statistics.median(each[key] for each in rounds)
        for key in rounds[0]
    }


def ratios(subject, baseline):
    """Ratio and spread of each figure, from the pairs of the rounds."""
    found, spread = {}, {}
    for key in RATIOS:
        pairs = [
            mine[key] / other[key]
            for mine, other in zip(subject, baseline)
            if other.get(key)
        ]
        found[key] = statistics.median(pairs) if pairs else None
        spread[key] = [min(pairs), max(pairs)] if pairs else None
    return found, spread


def _traced(side, count, cpus):
    """System calls of the server for COUNT operations, by name."""
    tracer = subprocess.Popen(
        ['strace', '-c', '-f', '-p', str(side.server.pid)],
        text=True,
        stderr=subprocess.PIPE,
    )
    assert 'attached' in tracer.stderr.readline(), 'strace cannot attach'
    if count:
        side.run('-n', count, cpus=cpus)
    tracer.send_signal(signal.SIGINT)
    text = tracer.communicate()[1]
    rows = re.findall(
        r'^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$', text, re.MULTILINE
    )
    return {name: int(calls) for calls, name in rows if name != 'total'}


def system_calls(side, count, cpus):
    """System calls of the server for one operation, by name: the difference of
    two counts, so that opening and closing are not in it."""
    if not side.server or not count:
        return None
    few, many = _traced(side, 1, cpus), _traced(side, count + 1, cpus)
    per = {
        name: round((many[name] - few.get(name, 0)) / count, 2)
        for name in many
    }
    return {name: calls for name, calls in per.items() if calls}


def measure(case, size, placement, servers, settings):
    """Records of a case at one size and placement, one for each baseline."""
    names = (*case.baselines, case.subject)
    sides = [Side(name, case, size, servers) for name in names]
    cpus = settings.placements[placement]
    results = {name: [] for name in names}
    limit = ('-t', int(settings.time_ms * case.time))
    with Load() if placement == 'busy' else contextlib.nullcontext():
        for number in range(settings.rounds + 1):
            for side in sides:
                raw = side.run(*limit, cpus=cpus)
                if number:  # the first round warms up
                    results[side.name].append(figures(raw))
    shown = {name: medians(rounds) for name, rounds in results.items()}
    for side in sides:
        count = case.calls if placement == 'one' else 0
        shown[side.name]['calls'] = system_calls(side, count, cpus)
    for name in case.baselines:
        ratio, spread = ratios(results[case.subject], results[name])
        yield {
            'name': case.name,
            'placement': placement,
            'size': size,
            'subject': case.subject,
            'baseline': name,
            'rounds': settings.rounds,
            'figures': {
                'subject': shown[case.subject],
                'baseline': shown[name],
            },
            'ratio': ratio,
            'spread': spread,
        }
