#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DMA mappings on POWER: makes the hypervisor refuse to map the driver's
# memory, for the queue, the initial buffers, and the buffers of a session, one
# more each time. No mapping may be leaked, and once mapping succeeds,
# everything must work. Other allocations are tested by storm.py and faults.c.
# Runs in a guest. Prints TAP.
import glob

import driver

BOUND = '/sys/bus/vio/drivers/ibmvmc/[0-9]*'
DRIVER_RESET = '/sys/kernel/debug/ibmvmc/reset'
SLOTS = 4  # each has one buffer, and more while a session is open
BUFFERS = 8
SIZES = 1, 100, 4000
number = 0


def verdict(good, name):
    global number
    number += 1
    print(f'{"ok" if good else "not ok"} {number} - {name}', flush=True)


def refuse(count):
    driver.knob('fail', f'put_tce not-enough-resources {count}')


def refused_all():
    return ' failures left 0,' in driver.figure('fail', 'put_tce')


def attempt():
    """Returns the number of messages of a session that were echoed."""
    done = 0
    try:
        with driver.Session(b'mappings', -1, 5000) as session:
            for size in SIZES:
                session.round_trip(b'\1' * size)
                done += 1
    except OSError as error:
        print(f'# after {done} messages: {error}')
    return done


def works():
    driver.await_ready()
    return attempt() == len(SIZES)


driver.knob('live', '0')
refuse(1)
driver.knob('live', '1')
verdict(
    refused_all() and not glob.glob(BOUND),
    'a device whose queue cannot be mapped stays unused',
)
verdict(
    driver.figure('stats', 'mapped') == '0',
    'a refused device leaves no mapping',
)
driver.knob('live', '0')
driver.knob('live', '1')
verdict(works(), 'a refused device is used when it is added again')

for count in range(1, SLOTS + 1):
    # Until the partner returns, nothing is mapped.
    driver.knob('partner', '0')
    driver.write(DRIVER_RESET, '1')
    refuse(count)
    driver.knob('partner', '1')
    driver.await_ready()
    attempt()
    verdict(
        refused_all(), f'refused mappings of {count} buffers leave no mapping'
    )
    driver.write(DRIVER_RESET, '1')
    verdict(works(), 'a session works after a reset')

for count in range(1, BUFFERS + 1):
    refuse(count)
    attempt()
    verdict(refused_all(), f'{count} buffers of a session cannot be mapped')
    driver.write(DRIVER_RESET, '1')
    verdict(works(), 'a session works after a reset')

driver.knob('live', '0')
verdict(
    driver.figure('stats', 'mapped') == '0',
    'a removed device leaves no mapping',
)
driver.knob('live', '1')
verdict(
    driver.figure('stats', 'tce_faults') == '0',
    'the hypervisor accessed only mapped memory',
)
print(f'1..{number}')
