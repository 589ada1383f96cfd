#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storm of failures: makes a share of the allocations of kernel workers fail,
# which run the driver's work items, while it opens sessions, sends messages,
# resets the channel, and removes and adds the device. Operations may fail, but
# must return; once no allocation fails, everything must work again. System
# calls are tested by faults.c. Needs a guest with fault injection. Prints TAP.
#
# usage: storm.py [ROUNDS]
import os
import random
import select
import sys
import time

import driver

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 150
DEBUG = '/sys/kernel/debug/'
KINDS = 'partner-failed', 'deregistered', 'terminated', 'migrated'
WHAT = 'failslab', 'fail_page_alloc'
MANY = 10**8
LIMIT = 60  # seconds in which the channel has to be usable again


def turn(path, value):
    """Turns a knob and ignores a failure to do so."""
    try:
        driver.write(path, value)
    except OSError:
        pass


def mark_workers():
    """Limits the failures to kernel workers, so that the guest survives."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            if driver.text(f'/proc/{pid}/comm').startswith('kworker'):
                driver.write(f'/proc/{pid}/make-it-fail', '1')
        except OSError:
            pass  # the process has ended


def fail(percent):
    for what in WHAT:
        driver.write(f'{DEBUG}{what}/probability', str(percent))


def failed():
    """Number of failures so far, computed from the remaining ones."""
    return sum(
        MANY - int(driver.text(f'{DEBUG}{what}/times')) for what in WHAT
    )


def exchange(timeout_ms):
    """Opens a session and sends messages; returns the number of echoes."""
    with driver.Session(b'storm', -1, timeout_ms) as session:
        os.set_blocking(session.node, False)
        poll = select.poll()
        poll.register(session.node, select.POLLIN)
        count = 0
        for size in 1, 100, 4000:
            message = b'\1' * size
            os.write(session.node, message)
            count += bool(poll.poll(timeout_ms)) and session.read() == message
        return count


def attempt(timeout_ms):
    try:
        return exchange(timeout_ms)
    except OSError:
        return 0


def storm(noise):
    done = 0
    for number in range(ROUNDS):
        mark_workers()
        done += attempt(200)
        if number % 5 == 4:
            turn(driver.KNOBS + 'reset', noise.choice(KINDS))
        if number % 7 == 6:
            turn(DEBUG + 'ibmvmc/reset', '1')
        if number % 11 == 10:
            turn(driver.KNOBS + 'live', '0')
            turn(driver.KNOBS + 'live', '1')
        turn(driver.KNOBS + 'emit', '0 by itself')
    return done


def works():
    """Returns whether all messages of a session are echoed in time."""
    turn(driver.KNOBS + 'live', '1')  # adding the device may have failed
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if attempt(5000) == 3:
            return True
    return False


for what in WHAT:
    for knob, value in (
        ('verbose', 0),
        ('times', MANY),
        ('task-filter', 'Y'),
        ('ignore-gfp-wait', 'N'),
        ('probability', 0),
    ):
        driver.write(f'{DEBUG}{what}/{knob}', str(value))
for index, percent in enumerate((2, 10, 40), 1):
    before = failed()
    fail(percent)
    done = storm(random.Random(percent))
    fail(0)
    count = failed() - before
    good = works() and count
    print(
        f'# {percent} %: {count} allocations failed, {done} of '
        f'{3 * ROUNDS} messages were echoed'
    )
    print(
        f'{"ok" if good else "not ok"} {index} - with {percent} % failing',
        flush=True,
    )
print('1..3')
