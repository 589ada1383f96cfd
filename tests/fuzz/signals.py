# SPDX-License-Identifier: GPL-2.0-or-later
#
# A storm of signals: timers whose signals are handled, with and without
# SA_RESTART, ended children, SIGSTOP and SIGCONT, all at a high rate.
import storm
from mounted import Tree
from tap import GUARD, case, run

SECONDS = storm.SECONDS or 30


@case('handled signals, stops and continues lose nothing and leave nobody waiting',
	guard=3 * GUARD)
def signals():
	with Tree('send_timeout=500ms', hmcs=storm.INDICES, sessions=0) as tree:
		balance = storm.Balance(tree)
		judged, _ = storm.run(tree, SECONDS, processes=12, timer_us=900,
			stop_ms=3, traffic=4)
		balance.check(judged)


storm.announce()
run()
