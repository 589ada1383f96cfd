# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storm of signals: sends clients handled timer signals, with and without
# SA_RESTART, SIGCHLD, SIGSTOP and SIGCONT at a high rate. It sends no signal
# to the daemon.
import storm
from mounted import Tree
from tap import GUARD, case, run

SECONDS = storm.SECONDS or 30


@case(
    'handled signals, stops and continues lose no message and leave no call '
    'waiting',
    guard=3 * GUARD,
)
def signals():
    with Tree('send_timeout=500ms', hmcs=storm.INDICES, sessions=0) as tree:
        balance = storm.Balance(tree)
        judged, _ = storm.run(
            tree, SECONDS, processes=12, timer_us=900, stop_ms=3, traffic=4
        )
        balance.check(judged)


storm.announce()
run()
