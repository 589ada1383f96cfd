# SPDX-License-Identifier: GPL-2.0-or-later
#
# Dashboard: draws the panels of examples/grafana/vmcfs.json as an SVG, from
# answers of Prometheus about a run of the simulated hypervisor. It needs root,
# and does not start Grafana.
#
# 	VMCFS=build/vmcfs/vmcfs PYTHONPATH=tests/lib \
# 		python3 -P tests/bench/dashboard.py docs/dashboard.svg
import json
import math
import os
import runpy
import sys
import time
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'lib'))

# pylint: disable=wrong-import-position
from helpers import Child  # noqa: E402
from mounted import Tree  # noqa: E402
from prometheus import EXAMPLES, Exporter, Prometheus  # noqa: E402
from prometheus import EXPORTER, own_network  # noqa: E402

PLOT = runpy.run_path(os.path.join(HERE, 'plot.py'))
line, Axis = PLOT['line'], PLOT['Axis']
COLUMN, ROW, FOOT = 40, 24, 34  # pixels of a cell of Grafana's grid, and below
COLOURS = '#1f5fa8 #b3541e #2e7d32 #8e24aa #c62828 #00838f #6d4c41'.split()
RUN = 150  # seconds
STEP = 3  # seconds between two points of a line
STALLED = 50, 62
RESET, OPENED = 100, 110
VARIABLES = {
    '$__rate_interval': '5s',
    '$__range': f'{RUN}s',
    '$instance': '.*',
    '$hmc': '.*',
}
CONFIGURATION = f'''
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: vmcfs
    static_configs:
      - targets: [127.0.0.1:{EXPORTER}]
        labels: {{instance: part1}}
'''
CAPTION = (
    'Not a screenshot of Grafana: the queries of examples/grafana/vmcfs.json, '
    'answered by Prometheus and drawn by tests/bench/dashboard.py.'
)
STORY = (
    f'Simulated hypervisor, {RUN} s; it accepts nothing from {STALLED[0]} to '
    f'{STALLED[1]} s, resets the channel at {RESET} s; sessions are opened '
    f'again at {OPENED} s.'
)


def exchange(tree, index, pause, until):
    """Sends requests and waits for replies until a time; survives losses."""
    while time.monotonic() < until:
        try:
            channel = tree.open(os.O_RDWR, index, 'message')
        except OSError:
            time.sleep(0.1)
            continue
        try:
            while time.monotonic() < until and os.write(channel, b'.' * 200):
                if not os.read(channel, 4096):
                    break
                phase = time.monotonic() / 15 + index
                time.sleep(pause * (1.5 + math.sin(phase)))
        except OSError:
            time.sleep(0.1)
        finally:
            os.close(channel)


def write_much(tree, until):
    """Sends without reading, more while the hypervisor accepts nothing."""
    while time.monotonic() < until:
        try:
            tree.send(b'.' * 2000)
        except OSError:
            pass
        time.sleep(0.05)


def wait_until(start, seconds):
    time.sleep(max(0, start + seconds - time.monotonic()))


def scenario(tree):
    """Makes traffic and trouble for RUN seconds."""
    start = time.monotonic()
    end = start + RUN
    users = [
        Child(exchange, tree, 0, 0.01, end),
        Child(exchange, tree, 1, 0.04, end),
        Child(write_much, tree, end),
    ]
    wait_until(start, STALLED[0])
    tree.control('sim stall on')
    wait_until(start, STALLED[1])
    tree.control('sim stall off')
    wait_until(start, RESET)
    tree.control('sim reset migrated')
    wait_until(start, OPENED)
    for index in range(2):
        tree.control(index, 'open again')
    for user in users:
        user.done()


def series(server, target, start, end):
    """Legend and points of each series of a target."""
    query = target['expr']
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    answer = server.ask(
        'query_range', query=query, start=start, end=end, step=STEP
    )
    for each in answer['result']:
        legend = target['legendFormat']
        for name, value in each['metric'].items():
            legend = legend.replace('{{' + name + '}}', value)
        points = [(at - start, float(value)) for at, value in each['values']]
        yield legend, [point for point in points if math.isfinite(point[1])]


def show(value, unit):
    """Value with its unit, as short as Grafana does."""
    if unit == 's':
        for factor, name in (1, 's'), (1e-3, 'ms'), (1e-6, 'µs'):
            if value >= 0.999 * factor or factor == 1e-6:
                return f'{value / factor:.3g} {name}'
    if unit == 'percentunit':
        return f'{value:.0%}'
    if unit == 'bool_on_off':
        return 'On' if value else 'Off'
    suffix = {'cps': '/s', 'Bps': ' B/s', 'bytes': ' B'}.get(unit, '')
    return PLOT['short'](round(value, 2)) + suffix


def text(x, y, words, anchor='middle', more=''):
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{more}>'
        f'{escape(words)}</text>'
    )


def stat(panel, found, box, unit):
    left, top, width, height = box
    (_, points), *_ = found
    value = points[-1][1]
    if panel['fieldConfig']['defaults'].get('decimals') == 0:
        value = round(value)
    yield text(
        left + width / 2,
        top + height * 0.68,
        show(value, unit),
        more=' style="font-size:30px"',
    )


def pieces(points):
    """Parts of a line between which Prometheus has no number."""
    part = []
    for x, y in points:
        if part and x - part[-1][0] > STEP:
            yield part
            part = []
        part.append((x, y))
    yield part


def bends(part):
    """The ends of a line, and its points that are on no horizontal."""
    for number, point in enumerate(part):
        near = part[max(0, number - 1) : number + 2]
        if len(near) < 3 or len({value for _, value in near}) > 1:
            yield point


def axis(panel, used, pixels):
    """Vertical axis from 0, or logarithmic if the panel says so."""
    values = [value for _, points in used for _, value in points]
    most = max(values, default=0)
    custom = panel['fieldConfig']['defaults'].get('custom', {})
    if custom.get('scaleDistribution', {}).get('type') != 'log':
        return Axis(0, most or 1, pixels, False)
    low = 10 ** math.floor(math.log10(min(values)))
    return Axis(low, 10 ** math.ceil(math.log10(most)), pixels, True)


def legend(used, left, top, columns):
    for number, (name, _) in enumerate(used):
        x = left + 12 + 460 / columns * (number % columns)
        y = top + 14 * (number // columns)
        colour = COLOURS[number % len(COLOURS)]
        yield line([(x, y - 4), (x + 12, y - 4)], colour, 3)
        yield text(x + 16, y, name, 'start', ' style="font-size:10px"')


def graph(panel, found, box, unit):
    left, top, width, height = box
    used = [(name, points) for name, points in found if points]
    columns = 3 if max(len(name) for name, _ in used) < 24 else 2
    bottom = top + height - 22 - 14 * math.ceil(len(used) / columns)
    across = Axis(0, RUN, (left + 56, left + width - 24), False)
    across.ends = 0, RUN
    up = axis(panel, used, (bottom, top + 30))
    for value in up.ticks:
        y = up.at(value)
        yield line([(left + 56, y), (left + width - 24, y)], '#e4e4e4', 1)
        yield text(left + 52, y + 4, show(value, unit), 'end')
    for value in range(0, RUN + 1, 30):
        yield text(across.at(value), bottom + 15, f'{value} s')
    yield '<g fill="none" stroke-width="1.5">'
    for number, (_, points) in enumerate(used):
        colour = COLOURS[number % len(COLOURS)]
        for part in pieces(points):
            places = ' '.join(
                f'{across.at(x):.0f},{up.at(y):.0f}' for x, y in bends(part)
            )
            yield f'<polyline points="{places}" stroke="{colour}"/>'
    yield '</g>'
    yield from legend(used, left, bottom + 30, columns)


def draw(panels):
    """Lines of the SVG, from each panel and its series."""
    width = 24 * COLUMN
    rows = max(p['gridPos']['y'] + p['gridPos']['h'] for p, _ in panels)
    height = rows * ROW + FOOT
    yield '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif" font-size="12">'
    )
    yield '<rect width="100%" height="100%" fill="white"/>'
    for panel, found in panels:
        place = panel['gridPos']
        box = (
            place['x'] * COLUMN,
            place['y'] * ROW,
            place['w'] * COLUMN,
            place['h'] * ROW,
        )
        yield (
            f'<rect x="{box[0] + 2}" y="{box[1] + 2}" width="{box[2] - 4}"'
            f' height="{box[3] - 4}" fill="none" stroke="#bbb"/>'
        )
        yield text(
            box[0] + 10,
            box[1] + 18,
            panel['title'],
            'start',
            ' font-weight="bold"',
        )
        kind = stat if panel['type'] == 'stat' else graph
        unit = panel['fieldConfig']['defaults']['unit']
        yield from kind(panel, found, box, unit)
    yield text(10, height - 20, CAPTION, 'start', ' fill="#555"')
    yield text(10, height - 5, STORY, 'start', ' fill="#555"')
    yield '</svg>'


def main():
    path = os.path.join(EXAMPLES, 'grafana', 'vmcfs.json')
    with open(path, encoding='utf-8') as file:
        panels = json.load(file)['panels']
    own_network()
    options = 'sim.delay_ms=1', 'sendq=64K', 'send_timeout=20s'
    with Tree(*options, hmcs=2, sessions=2) as tree, Exporter(tree):
        with Prometheus(CONFIGURATION) as server:
            start = time.time()
            scenario(tree)
            found = [
                (
                    panel,
                    [
                        each
                        for target in panel['targets']
                        for each in series(server, target, start, start + RUN)
                    ],
                )
                for panel in panels
            ]
    with open(sys.argv[1], 'w', encoding='utf-8') as file:
        file.write('\n'.join(draw(found)) + '\n')


if __name__ == '__main__':
    main()
