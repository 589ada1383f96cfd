# SPDX-License-Identifier: GPL-2.0-or-later
#
# Closing: request times while many channels of an ended session are closed at
# once, beside those on the idle tree of the same daemon.
import os
import time

import rounds
from servers import Daemon

IDLE = 2000  # requests on the idle tree
LEAST = 100  # requests while the channels are closed


def _request_ns(path):
    before = time.perf_counter_ns()
    os.stat(path)
    return time.perf_counter_ns() - before


def _figures(times):
    times = sorted(times)
    found = {
        f'{key}_us': times[int(len(times) * part)] / 1e3
        for key, part in (('p50', 0.5), ('p99', 0.99), ('p999', 0.999))
    }
    return found | {'per_s': 1e9 * len(times) / sum(times)}


def fill_segments(tree, count):
    """Segments of one message, which the channels have not read."""
    reader = tree.open(os.O_RDWR, 0, 'message')
    for _ in range(count):
        tree.send(b'x')
        os.read(reader, 1)
        tree.control(0, 'rotate')
    os.close(reader)


def _round(options, settings):
    """Figures on the idle tree, and while the channels are closed."""
    daemon = Daemon(*options, 'memory=64M', handles=settings.handles)
    tree = daemon.tree
    path = tree.path(0, 'status')
    idle = [_request_ns(path) for _ in range(IDLE)]
    fill_segments(tree, settings.segments)
    tree.control(0, 'close')
    for held in daemon.held:
        held.kill()
    times = []
    while len(times) < LEAST or tree.status(0)['channels'] != '0':
        times += [_request_ns(path) for _ in range(20)]
    daemon.stop()
    return _figures(idle), _figures(times)


def closing(servers, settings):
    """One group: the closing tree beside the idle one."""
    pairs = [_round(servers.options, settings) for _ in range(settings.rounds)]
    baseline, subject = zip(*pairs)
    ratio, spread = rounds.ratios(subject, baseline)
    yield [
        {
            'name': f'closing-{settings.handles}',
            'placement': 'unpinned',
            'size': 0,
            'subject': 'closing',
            'baseline': 'idle',
            'rounds': settings.rounds,
            'figures': {
                'subject': rounds.medians(subject),
                'baseline': rounds.medians(baseline),
            },
            'ratio': ratio,
            'spread': spread,
        }
    ]
