# SPDX-License-Identifier: GPL-2.0-or-later
#
# Report: prints records as one table while they are measured, and writes them
# as JSON. docs/performance.md describes both. It computes no figure.
import json

NAMES = (
    'case',
    'cpus',
    'size',
    'side',
    'p50 us',
    'p99 us',
    'p99.9 us',
    'per s',
    'MB/s',
    'cpu us',
    'calls',
    'p50 ratio',
    'p99 ratio',
    'per s ratio',
)
WIDTHS = (19, 8, 5, 12, 8, 8, 9, 8, 7, 7, 6, 18, 18, 18)
FIGURES = ('p50_us', 'p99_us', 'p999_us', 'per_s', 'mb_per_s', 'server_us')
FORMAT = 1


def number(value):
    """At least three digits of a figure; '-' if it does not exist."""
    if value is None:
        return '-'
    for limit, digits in (10, 2), (100, 1):
        if abs(value) < limit:
            return f'{value:.{digits}f}'
    return f'{value:.0f}'


def short(size):
    """Size in bytes, with a suffix if it is a multiple."""
    if not size:
        return '-'
    for factor, suffix in (1 << 20, 'M'), (1 << 10, 'K'):
        if size % factor == 0:
            return f'{size // factor}{suffix}'
    return str(size)


def with_spread(record, key):
    """Ratio, and the least and greatest ratio of a pair."""
    if record['ratio'].get(key) is None:
        return '-'
    low, high = record['spread'][key]
    return f'{record["ratio"][key]:.2f} ({low:.2f}..{high:.2f})'


def row(*cells):
    """Line of the table: words to the left, figures to the right."""
    return '  '.join(
        f'{cell:<{width}}' if number < 4 else f'{cell:>{width}}'
        for number, (cell, width) in enumerate(zip(cells, WIDTHS))
    ).rstrip()


def side_row(first, name, figures, ratios=()):
    calls = figures.get('calls')
    return row(
        *first,
        name,
        *(number(figures.get(key)) for key in FIGURES),
        number(calls and sum(calls.values())),
        *ratios,
    )


def group_rows(records):
    """Lines of the records of one case, size and placement: the subject, then
    each baseline with the ratio of the subject to it."""
    first = records[0]
    yield side_row(
        (first['name'], first['placement'], short(first['size'])),
        first['subject'],
        first['figures']['subject'],
    )
    for record in records:
        yield side_row(
            ('', '', ''),
            record['baseline'],
            record['figures']['baseline'],
            [
                with_spread(record, key)
                for key in ('p50_us', 'p99_us', 'per_s')
            ],
        )


def head():
    """Title of the table."""
    return row(*NAMES)


def write_json(path, machine, settings, records):
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(
            {
                'format': FORMAT,
                'machine': machine,
                'settings': settings,
                'records': records,
            },
            file,
            indent=1,
        )
        file.write('\n')
