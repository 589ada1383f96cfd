# SPDX-License-Identifier: GPL-2.0-or-later
#
# Plot: makes the SVG plots of docs/performance.md from points of growth.py. It
# measures nothing.
#
# 	python3 tests/bench/plot.py FILE DIRECTORY
import json
import math
import os
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 480, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 34, 48
LINES = (('subject', 'vmcfs', '#1f5fa8'), ('baseline', 'empty', '#b3541e'))
FONT = 'font-family="sans-serif" font-size="12"'
LOG_FROM = 20  # ratio of the extremes from which the vertical axis is one


def short(value):
    """Number with a suffix: 50000 is 50k."""
    for factor, suffix in (1e9, 'G'), (1e6, 'M'), (1e3, 'k'):
        if value >= factor:
            return f'{value / factor:g}{suffix}'
    return f'{value:g}'


class Axis:
    """Scale from two values to pixels, with its ticks."""

    def __init__(self, low, high, pixels, log):
        self.log = log
        self.pixels = pixels
        if log:
            self.ticks = powers(low, high)
            self.ends = math.log(low), math.log(high)
        else:
            step = tick_step(high)
            count = math.ceil(high * 1.05 / step)
            self.ticks = [step * i for i in range(count + 1)]
            self.ends = 0, self.ticks[-1]

    def at(self, value):
        low, high = self.ends
        part = ((math.log(value) if self.log else value) - low) / (high - low)
        return self.pixels[0] + part * (self.pixels[1] - self.pixels[0])


def powers(low, high):
    """Powers of ten, or of four where fewer than three of them fit."""
    for base in 10, 4:
        first = math.ceil(math.log(low, base) - 1e-9)
        last = math.floor(math.log(high, base) + 1e-9)
        found = [base**power for power in range(first, last + 1)]
        if len(found) > 2:
            break
    return found


def tick_step(most):
    """Step of 1, 2 or 5 times a power of ten for about five ticks."""
    step = 10 ** math.floor(math.log10(most / 4))
    for factor in 5, 2:
        if most / (step * factor) >= 3:
            return step * factor
    return step


def upward(low, high):
    """Vertical axis from zero, or of whole powers of ten."""
    log = high > LOG_FROM * low
    if log:
        low = 10 ** math.floor(math.log10(low))
        high = 10 ** math.ceil(math.log10(high))
    return Axis(low, high, (HEIGHT - BOTTOM, TOP), log)


def text(x, y, words, anchor='middle', more=''):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {FONT}'
        f'{more}>{escape(words)}</text>'
    )


def line(points, colour, width):
    joined = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
    return (
        f'<polyline points="{joined}" fill="none" stroke="{colour}"'
        f' stroke-width="{width}"/>'
    )


def frame(across, up, titles):
    """Ticks, grid and titles of both axes."""
    for value in across.ticks:
        x = across.at(value)
        yield line([(x, HEIGHT - BOTTOM), (x, HEIGHT - BOTTOM + 4)], '#444', 1)
        yield text(x, HEIGHT - BOTTOM + 18, short(value))
    for value in up.ticks:
        y = up.at(value)
        yield line([(LEFT, y), (WIDTH - RIGHT, y)], '#ddd', 1)
        yield text(LEFT - 6, y + 4, short(value), 'end')
    yield line([(LEFT, TOP), (LEFT, HEIGHT - BOTTOM)], '#444', 1)
    yield line(
        [(LEFT, HEIGHT - BOTTOM), (WIDTH - RIGHT, HEIGHT - BOTTOM)], '#444', 1
    )
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, titles[0])
    turn = f' transform="rotate(-90 14 {(TOP + HEIGHT - BOTTOM) / 2})"'
    yield text(14, (TOP + HEIGHT - BOTTOM) / 2, titles[1], more=turn)


def plot(points, key, factor, titles):
    """Lines of an SVG file: both sides of a series."""
    values = [
        [point[side][key] * factor for point in points] for side, _, _ in LINES
    ]
    numbers = [point['number'] for point in points]
    every = sum(values, [])
    across = Axis(min(numbers), max(numbers), (LEFT, WIDTH - RIGHT), True)
    up = upward(min(every), max(every))
    yield '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}"'
        f' height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    )
    yield '<rect width="100%" height="100%" fill="white"/>'
    yield from frame(across, up, titles)
    for number, (_, name, colour) in enumerate(LINES):
        places = [
            (across.at(x), up.at(y)) for x, y in zip(numbers, values[number])
        ]
        yield line(places, colour, 2)
        for x, y in places:
            yield (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"'
                f' fill="{colour}"/>'
            )
        x = LEFT + 12 + 90 * number
        yield line([(x, 18), (x + 20, 18)], colour, 2)
        yield text(x + 26, 22, name, 'start')
    yield '</svg>'


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        series = json.load(file)['series']
    for each in series:
        plots = [(each['name'], 'p50_us', 1, 'p50 of an operation, µs')]
        if each['name'] == 'messages':
            plots.append(
                ('memory', 'resident_kib', 1 / 1024, 'resident memory, MiB')
            )
        for name, key, factor, title in plots:
            lines = plot(each['points'], key, factor, (each['title'], title))
            path = os.path.join(sys.argv[2], f'growth-{name}.svg')
            with open(path, 'w', encoding='utf-8') as file:
                file.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
