# SPDX-License-Identifier: GPL-2.0-or-later
#
# Plot of a soak: draws its samples as an SVG, one panel for each value over
# time. It computes no value.
#
# usage: plot.py SAMPLES.csv PLOT.svg
import csv
import sys

WIDTH, HEIGHT, LEFT, GAP = 860, 110, 120, 42
POINTS = 120  # maximum number of points of a line
PANELS = (
    ('messages', 'messages, sent and received, million', 1e-6),
    ('resident_kib', 'resident memory, MiB', 1 / 1024),
    ('descriptors', 'descriptors of the daemon', 1),
    ('memory_bytes', 'memory of the logs, MiB', 1 / (1 << 20)),
    ('buffers_free', 'free buffers', 1),
    ('channels', 'open channels', 1),
    ('sessions', 'sessions opened', 1),
    ('resets', 'resets of the channel', 1),
    ('latency_us', 'open, read and close of status, median, µs', 1),
)


def read(path):
    with open(path, encoding='ascii') as file:
        rows = [
            {key: float(value) for key, value in row.items()}
            for row in csv.DictReader(file)
        ]
    step = -(-len(rows) // POINTS)
    return rows[::step]


def text(x, y, words, anchor='start'):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>'


def panel(top, rows, key, title, scale):
    """Frame with its title, the highest value, and the line."""
    end = rows[-1]['seconds'] or 1
    values = [row[key] * scale for row in rows]
    high = max(values) or 1
    points = ' '.join(
        f'{LEFT + WIDTH * row["seconds"] / end:.1f},'
        f'{top + HEIGHT * (1 - value / high):.1f}'
        for row, value in zip(rows, values)
    )
    return [
        text(LEFT, top - 6, title),
        text(LEFT - 6, top + 10, f'{high:.4g}', 'end'),
        text(LEFT - 6, top + HEIGHT, '0', 'end'),
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<polyline points="{points}"/>',
    ]


def draw(rows):
    height = GAP + len(PANELS) * (HEIGHT + GAP)
    minutes = rows[-1]['seconds'] / 60
    lines = [
        '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" '
        f'height="{height}" font-family="sans-serif" font-size="12">',
        '<style>rect{fill:none;stroke:#999}'
        'polyline{fill:none;stroke:#036;stroke-width:1.5}</style>',
        f'<rect width="{LEFT + WIDTH + 20}" height="{height}" '
        'style="fill:#fff;stroke:none"/>',
    ]
    for i, each in enumerate(PANELS):
        lines += panel(GAP + i * (HEIGHT + GAP), rows, *each)
    lines.append(
        text(LEFT + WIDTH, height - GAP + 18, f'{minutes:.0f} minutes', 'end')
    )
    lines.append('</svg>')
    return '\n'.join(lines) + '\n'


with open(sys.argv[2], 'w', encoding='utf-8') as out:
    out.write(draw(read(sys.argv[1])))
