# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests: in a guest, measures round trips through the tree beside those on the
# node below it and on an empty FUSE server. An emulated processor is much
# slower than a real one, so that only the ratios mean something. It starts no
# guest.
import driver
import modules
import report
from bench import Settings
from cases import Case, placements
from mounted import Tree
from rounds import measure
from servers import Empty

CASE = Case(
    'round-trip',
    'round-trip',
    sizes=(64, 4096),
    baselines=('node', 'empty'),
    calls=0,
)


def main():
    driver.load()
    settings = Settings({'one': placements()['one']}, rounds=5, time_ms=500)
    print(report.head())
    with Tree(prepare=modules.as_they_are) as tree:
        servers = {'vmcfs': tree, 'empty': Empty(len(tree.read(0, 'status')))}
        for size in CASE.sizes:
            records = list(measure(CASE, size, 'one', servers, settings))
            print('\n'.join(report.group_rows(records)), flush=True)
        servers['empty'].stop()


if __name__ == '__main__':
    main()
