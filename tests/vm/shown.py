#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Interfaces beside the node: tests sysfs, tracepoints, debugfs, uevents and
# the kernel log of the driver, in a guest. The ABI of the node is tested by
# tests/abi.
import errno
import os
import re
import select
import socket
import stat
import subprocess

import driver
from driver import ATTRIBUTES, Session, attribute, knob, text
from missing import Missing
from helpers import until
from tap import case, equal, run

TRACING = '/sys/kernel/debug/tracing'


def documented():
    """Attributes in docs/abi, as paths below that of the device."""
    lines = text('docs/abi/sysfs-ibmvmc').splitlines()
    return {
        line.split()[1].removeprefix(ATTRIBUTES)
        for line in lines
        if line.startswith('What:')
    }


@case('sysfs has exactly the documented attributes')
def _():
    own = {'dev', 'uevent'}  # attributes of every device
    found = set()
    for top, directories, files in os.walk(ATTRIBUTES):
        directories[:] = [name for name in directories if name != 'power']
        found |= {
            os.path.join(top, name).removeprefix(ATTRIBUTES) for name in files
        }
    equal(found - own, documented(), 'the set of attributes')


@case('every user may read an attribute, and none may write it')
def _():
    for name in documented():
        mode = stat.S_IMODE(os.stat(ATTRIBUTES + name).st_mode)
        equal(mode, 0o444, f'the mode of {name}')
    for name in os.listdir('/sys/module/ibmvmc/parameters'):
        mode = os.stat('/sys/module/ibmvmc/parameters/' + name).st_mode
        equal(stat.S_IMODE(mode), 0o444, f'the mode of parameter {name}')


@case('the attributes describe the channel with and without a device')
def _():
    before = int(attribute('resets'))
    equal(
        [
            attribute(name)
            for name in (
                'state',
                'provider',
                'hmcs',
                'pool',
                'mtu',
                'peer_version',
            )
        ],
        ['ready', driver.PROVIDER, '4', '32', '4096', '0x101'],
        'the state of the channel',
    )
    knob('live', '0')
    try:
        equal(
            [
                attribute(name)
                for name in ('state', 'hmcs', 'mtu', 'last_reset')
            ],
            ['none', '0', '0', 'removed'],
            'the state without a channel',
        )
        equal(int(attribute('resets')), before + 1, 'the resets')
    finally:
        knob('live', '1')
    driver.await_ready()
    driver.reset('terminated')
    equal(attribute('last_reset'), 'terminated', 'the last reset')
    equal(int(attribute('resets')), before + 2, 'the resets')


@case('the attributes count messages, sessions and dropped entries')
def _():
    names = (
        'sent_messages',
        'received_messages',
        'sessions',
        'transport_events',
    )
    before = [int(attribute('counters/' + name)) for name in names]
    with Session(b'counted') as session:
        for _ in range(5):
            session.round_trip(b'one of five')
        driver.reset('partner-failed')
    after = [int(attribute('counters/' + name)) for name in names]
    equal(
        [b - a for a, b in zip(before, after)],
        [5, 5, 1, 1],
        'the growth of the counters',
    )


@case('tracepoints show every entry, and neither a name nor a payload')
def _():
    enable = TRACING + '/events/ibmvmc/enable'
    driver.write(TRACING + '/trace', '')
    driver.write(enable, '1')
    try:
        with Session(b'secret-name') as session:
            session.round_trip(b'secret-payload')
    finally:
        driver.write(enable, '0')
    trace = text(TRACING + '/trace')
    for wanted in (
        r'ibmvmc_entry: sent .* 80 02 00 00',  # Open
        r'ibmvmc_entry: received .* 80 82 00 00',
        r'ibmvmc_event: session_ready hmc=0',
        r'ibmvmc_entry: sent .* 80 06 00 00',  # Signal
        r'ibmvmc_entry: received .* 80 06 00 00',
        r'ibmvmc_event: session_ended hmc=0',
        r'ibmvmc_entry: sent .* 80 03 00 00',
    ):  # Close
        assert re.search(wanted, trace), f'{wanted!r} is not in {trace}'
    assert 'secret' not in trace
    assert (
        '73 65 63 72 65 74' not in trace
    ), 'the trace contains the bytes of the payload'


@case('the session table shows the state and the owner of each index')
def _():
    with Session(b'shown') as session:
        number = session.info('hmc_session')
        rows = text('/sys/kernel/debug/ibmvmc/sessions').splitlines()
        equal(len(rows), 5, 'the number of lines')
        equal(
            rows[1].split()[:4], ['0', 'ready', str(number), '32'], 'index 0'
        )
        equal(rows[1].split()[5], str(os.getpid()), 'the process')
        equal(rows[2].split()[1], 'free', 'index 1')


@case('a change of the channel causes a uevent')
def _():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15) as events:
        events.bind((0, 1))
        knob('reset', 'partner-failed')
        poll = select.poll()
        poll.register(events, select.POLLIN)
        wanted = b'change@/devices/virtual/misc/ibmvmc\0'
        while True:
            assert poll.poll(10000), 'the uevent did not arrive'
            if events.recv(8192).startswith(wanted):
                break
    driver.await_ready()


@case('a message in several pieces is one message')
def _():
    with Session(b'pieces') as session:
        equal(os.writev(session.node, [b'head', b'', b'body']), 8, 'writev')
        first, second = bytearray(3), bytearray(100)
        equal(os.readv(session.node, [first, second]), 8, 'readv')
        equal(bytes(first + second[:5]), b'headbody', 'the message')


@case('a write does not change the times of the node')
def _():
    with Session(b'timeless') as session:
        before = os.stat(driver.NODE)
        os.utime(driver.NODE, ns=(1, 1))
        session.round_trip(b'anything')
        after = os.stat(driver.NODE)
        equal((after.st_mtime_ns, after.st_atime_ns), (1, 1), 'the times')
        equal(after.st_ino, before.st_ino, 'the node')


@case('a reader of one session is not woken by messages of another')
def _():
    with Session(b'quiet', index=1) as quiet:
        sleeper = os.fork()
        if not sleeper:
            try:
                quiet.read()
            finally:
                os._exit(0)
        driver.await_blocked(sleeper)
        before = driver.switches(sleeper)
        with Session(b'busy', index=0) as busy:
            for _ in range(500):
                busy.round_trip(b'something')
        equal(driver.switches(sleeper), before, 'the number of wake-ups')
        driver.knob('emit', '1 at last\n')
        equal(os.waitpid(sleeper, 0)[1], 0, 'the exit status')


@case('a write that waits for its memory does not delay others')
def _():
    with Session(b'slow', index=0) as slow, Session(b'fast', index=1) as fast:
        with Missing() as page:
            writer = page.start('write', slow.node, 64)
            page.await_fault()
            for _ in range(10):
                fast.round_trip(b'not delayed')
            driver.reset('terminated')  # is not delayed either
            page.provide()
            writer.join()
            equal(page.result, -errno.ECONNRESET, 'the result of the write')


@case('a read that waits for its memory does not delay others')
def _():
    with Session(b'slow', index=0) as slow, Session(b'fast', index=1) as fast:
        knob('emit', '0 hello')
        with Missing() as page:
            reader = page.start('read', slow.node, 64)
            page.await_fault()
            for _ in range(10):
                fast.round_trip(b'not delayed')
            page.provide()
            reader.join()
            equal(page.result, 5, 'the bytes')
            equal(page.bytes(5), b'hello', 'the message')


@case('the kernel log is short and contains neither addresses nor names')
def _():
    with driver.Log() as log:
        with Session(b'my-secret-console') as session:
            for _ in range(20000):
                session.fail_in_every_way()
        for _ in range(100):
            driver.reset('partner-failed')
        lines = log.lines()

        def is_logged():
            """Resets again: earlier cases may have used up the limit."""
            driver.reset('partner-failed')
            lines.extend(log.lines())
            return any('ibmvmc' in line for line in lines)

        until(is_logged, 'a line of the driver')
    ours = [line for line in lines if 'ibmvmc' in line]
    assert ours, 'no line of the driver is logged'
    assert len(ours) < 60, f'{len(ours)} lines: {ours[:80]}'
    for line in ours:
        assert 'secret' not in line, line
        assert not re.search(r'[0-9a-f]{12}', line), line


@case('a parameter out of range is refused with a message')
def _():
    subprocess.run(['rmmod', driver.CHANNEL, 'vmc_hv', 'ibmvmc'], check=True)
    try:
        for module, word in (
            ('ibmvmc', 'max_hmcs=0'),
            ('ibmvmc', 'max_hmcs=65'),
            ('ibmvmc', 'buf_pool_size=15'),
            ('ibmvmc', 'max_mtu=4095'),
            ('ibmvmc', 'max_mtu=4294967295'),
        ):
            with driver.Log() as log:
                assert driver.insmod(module, word), f'{word} was accepted'
                name = word.split('=')[0]
                assert any(
                    name in line and 'give a number' in line
                    for line in log.lines()
                ), f'no message names {word}'
        driver.insmod('ibmvmc')
        driver.insmod('vmc-hv')
        for word in 'hmcs=0', 'pool=1', 'mtu=31', 'delay_ms=60001', 'hmcs=65':
            assert driver.insmod(driver.CHANNEL, word), f'{word} was accepted'
    finally:
        driver.load()


driver.load()
run()
