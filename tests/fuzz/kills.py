# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storm of SIGKILLs: kills clients in every operation and starts others, while
# the daemon continues to serve. It does not kill the daemon.
import storm
from mounted import Tree
from tap import GUARD, case, run

SECONDS = storm.SECONDS or 30


@case(
    'clients that are killed at random lose nothing except their own last '
    'message',
    guard=3 * GUARD,
)
def kills():
    with Tree('history=64K', hmcs=storm.INDICES, sessions=0) as tree:
        balance = storm.Balance(tree)
        judged, _ = storm.run(
            tree, SECONDS, processes=12, kill_ms=6, traffic=4
        )
        balance.check(judged)


storm.announce()
run()
