# SPDX-License-Identifier: GPL-2.0-or-later
#
# Report: prints records as one table while they are measured, and writes them
# as JSON; as a program, prints the records of a file in Markdown.
# docs/performance.md describes all of it. It computes no figure.
import json
import sys

# Columns: title, width; figures and ratios by their keys in a record.
WORDS = (('case', 18), ('cpus', 8), ('size', 4), ('side', 12))
FIGURES = {
    'p50_us': ('p50 us', 7),
    'p99_us': ('p99 us', 7),
    'p999_us': ('p99.9 us', 8),
    'per_s': ('per s', 7),
    'mb_per_s': ('MB/s', 6),
    'server_us': ('cpu us', 6),
    'transfers': ('r+w', 5),
    'faults': ('faults', 6),
}
CALLS = ('calls', 5)
RATIOS = {
    'p50_us': ('p50 ratio', 18),
    'p99_us': ('p99', 6),
    'per_s': ('per s ratio', 18),
    'server_us': ('cpu', 5),
}
WITH_SPREAD = ('p50_us', 'per_s')
COLUMNS = (*WORDS, *FIGURES.values(), CALLS, *RATIOS.values())
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


def ratio(record, key):
    """Ratio, some with the least and greatest ratio of a pair."""
    value = record['ratio'].get(key)
    if value is None:
        return '-'
    if key not in WITH_SPREAD:
        return f'{value:.2f}'
    low, high = record['spread'][key]
    return f'{value:.2f} ({low:.2f}..{high:.2f})'


def row(cells):
    """Line of the table: words to the left, figures to the right."""
    return '  '.join(
        f'{cell:<{width}}' if number < len(WORDS) else f'{cell:>{width}}'
        for number, (cell, (_, width)) in enumerate(zip(cells, COLUMNS))
    ).rstrip()


def side_row(first, name, figures, ratios=()):
    calls = figures.get('calls')
    shown = [number(figures.get(key)) for key in FIGURES]
    shown.append(number(sum(calls.values()) if calls else None))
    return row([*first, name, *shown, *ratios])


def group_rows(records):
    """Lines of the records of one case, size and placement: the subject, then
    each baseline with the ratio of the subject to it."""
    first = records[0]
    names = (first['name'], first['placement'], short(first['size']))
    yield side_row(names, first['subject'], first['figures']['subject'])
    for record in records:
        ratios = [ratio(record, key) for key in RATIOS]
        figures = record['figures']['baseline']
        yield side_row(('', '', ''), record['baseline'], figures, ratios)


def head():
    """Title of the table."""
    return row([title for title, _ in COLUMNS])


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


def markdown(records):
    """Lines of a Markdown table of the records with durations: medians of p50
    on both sides, ratios, and counts of the subject."""
    titles = 'case', 'cpus', 'size', 'p50 us', 'baseline', 'p50 us'
    titles += 'p50 ratio', 'p99', 'cpu', 'r+w', 'faults'
    yield f'| {" | ".join(titles)} |'
    yield '|---|---|--:|--:|---' + '|--:' * 6 + '|'
    for record in records:
        subject = record['figures']['subject']
        baseline = record['figures']['baseline']
        if 'p50_us' not in subject:
            continue
        cells = [
            record['name'],
            record['placement'],
            short(record['size']),
            number(subject.get('p50_us')),
            record['baseline'],
            number(baseline.get('p50_us')),
            *(ratio(record, key) for key in ('p50_us', 'p99_us', 'server_us')),
            number(subject.get('transfers')),
            number(subject.get('faults')),
        ]
        yield f'| {" | ".join(cells)} |'


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf-8') as records_file:
        print('\n'.join(markdown(json.load(records_file)['records'])))
