#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Open session: leaves a process with an open session, for check-shutdown.sh.
# It tests nothing by itself.
import os
import signal

import driver

driver.load()
started, opened = os.pipe()
if not os.fork():
    session = driver.Session(b'left open', timeout_ms=20000)
    session.round_trip(b'works')
    os.write(opened, b'!')
    # The caller waits for the end of the output, so close these copies of it.
    for descriptor in 0, 1, 2, opened:
        os.close(descriptor)
    signal.pause()
os.close(opened)
assert os.read(started, 1), 'no session could be opened'
