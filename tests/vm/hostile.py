# SPDX-License-Identifier: GPL-2.0-or-later
#
# Hostile peers: a hypervisor that sends malformed entries, and users that
# exceed their limits. After each case the channel must be ready, an open must
# succeed, and no buffer may be lost. Conforming peers are tested by tests/abi.
# Runs in a guest.
import errno
import os
import resource
import select
import socket
import time

import driver
from driver import attribute, knob, text, usable
from helpers import until
from tap import case, equal, raises, run

RESET = '/sys/kernel/debug/ibmvmc/reset'
INITIALIZE = 'c001000000000000 0'
STRAYS = (
    INITIALIZE,
    'c002000000000000 0',
    'ff01000000000000 0',
    'ff06000000000000 0',
    'ff42000000000000 0',
    '0 0',
)
# Capabilities Response: 4 indices, 32 buffers, MTU 4096, 64 entries, version
# 1.1
CAPABILITIES = '8081000000040020 0000100000400101'


@case('a session can be opened after a stray Initialize')
def _():
    knob('entry', INITIALIZE)
    usable()


@case('a session can be opened after any number of stray control entries')
def _():
    for entry in STRAYS:
        for count in 2, 40:
            for _ in range(count):
                try:
                    knob('entry', entry)
                except OSError:
                    break  # the queue is full or not registered
            usable()


@case('the state is starved while the ready channel has no buffer')
def _():
    knob('stall', '1')
    try:
        knob('entry', INITIALIZE)
        knob('entry', CAPABILITIES)
        until(lambda: attribute('state') == 'starved', 'starved')
        resets = int(attribute('resets'))
        until(
            lambda: attribute('state') != 'starved',
            'a state other than starved',
        )
        assert int(attribute('resets')) > resets, 'the channel is not reset'
    finally:
        knob('stall', '0')
    usable()


@case('a burst of changes causes few uevents, and one after the last change')
def _():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15) as events:
        events.bind((0, 1))
        events.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
        resets = int(attribute('resets'))
        begin = time.monotonic()
        for _ in range(900):
            try:
                knob('entry', INITIALIZE)
            except OSError:
                pass  # the queue is full
        driver.await_ready(resets + 1)
        seen, states = 0, ['']
        poll = select.poll()
        poll.register(events, select.POLLIN)
        # No event in ten intervals means that none is left.
        while poll.poll(1000):
            if events.recv(8192).startswith(
                b'change@/devices/virtual/misc/ibmvmc\0'
            ):
                seen += 1
                states.append(attribute('state'))
        took = time.monotonic() - begin
    assert (
        int(attribute('resets')) > resets + 10
    ), 'the channel changed too rarely'
    assert 0 < seen <= took / 0.1 + 2, f'{seen} uevents in {took} s'
    equal(states[-1], attribute('state'), 'the state at the last uevent')
    usable()


@case('a burst of changes causes few log lines, and the others are counted')
def _():
    lines = []

    def is_counted():
        """Causes a change, which logs the count once 5 seconds are over."""
        driver.reset('partner-failed')
        lines.extend(line for line in log.lines() if 'ibmvmc' in line)
        return any('suppressed' in line for line in lines)

    with driver.Log() as log:
        begin = time.monotonic()
        for _ in range(200):
            driver.reset('partner-failed')
            knob('entry', INITIALIZE)
        usable()
        until(is_counted, 'the number of suppressed lines')
        took = time.monotonic() - begin
    # At most 20 in 5 seconds, and one with the number of suppressed lines.
    assert len(lines) <= 21 * (
        took // 5 + 2
    ), f'{len(lines)} lines in {took} s'


def waits(index, timeout_ms=3600000):
    """Returns a new file whose OPEN waits."""
    node = os.open(driver.NODE, os.O_RDWR | os.O_NONBLOCK)
    try:
        driver.ask_open(node, b'waits', index, timeout_ms)
        raise AssertionError('OPEN did not return EINPROGRESS')
    except OSError as error:
        if error.errno != errno.EINPROGRESS:
            os.close(node)
            raise
    return node


def wait_as(user, count):
    """Lets COUNT sessions of USER wait; returns the process and a descriptor
    whose end releases them."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.setuid(user)
            for _ in range(count):
                waits(0)
            os.write(ready[1], b'x')
            os.read(go[0], 1)
            status = 0
        finally:
            os._exit(status)
    os.close(ready[1])
    equal(os.read(ready[0], 1), b'x', 'the wake-up byte')
    os.close(ready[0])
    os.close(go[0])
    return child, go[1]


@case('the number of waiting sessions is limited for one user and for all')
def _():
    resource.setrlimit(resource.RLIMIT_NOFILE, (30000, 30000))
    limit = int(text('/sys/module/ibmvmc/parameters/max_waiting'))
    os.chmod(driver.NODE, 0o666)
    knob('stall', '1')
    driver.write(RESET, '1')
    until(
        lambda: attribute('state') == 'initializing', 'the end of the channel'
    )
    files, others = [], []
    try:
        for _ in range(limit // 4):
            files.append(waits(-1))
        for _ in range(5000):
            raises(errno.EUSERS, waits, 1)
        equal(
            attribute('waiting'),
            str(limit // 4),
            'the number of waiting sessions',
        )
        os.close(files.pop())
        files.append(waits(2))
        for user in range(1001, 1004):
            others.append(wait_as(user, limit // 4))
        equal(
            attribute('waiting'), str(limit), 'the number of waiting sessions'
        )
        raises(errno.ENFILE, waits, 1)
    finally:
        knob('stall', '0')
        for node in files:
            os.close(node)
        for child, go in others:
            os.write(go, b'x')
            os.close(go)
            equal(os.waitpid(child, 0)[1], 0, 'the status of the child')
        os.chmod(driver.NODE, 0o600)
    until(lambda: attribute('waiting') == '0', 'the end of all waits')
    usable()


@case('poll and io_uring report an error at once for a file without a session')
def _():
    node = os.open(driver.NODE, os.O_RDWR)
    poll = select.poll()
    for wanted in (
        select.POLLIN,
        select.POLLOUT,
        select.POLLIN | select.POLLPRI,
    ):
        poll.register(node, wanted)
        equal(poll.poll(0), [(node, select.POLLERR)], 'the events')
    poll.register(node, select.POLLPRI)
    equal(poll.poll(0), [], 'the events')
    os.close(node)


@case('only a write of 1 to the reset file resets the channel')
def _():
    before = attribute('resets')
    for wrong in (
        b'',
        b'\n',
        b'0',
        b'0\n',
        b'x',
        b'11',
        b'1x',
        b'1\0',
        b'\0',
        b'1\0\n',
        b' 1',
        b'1 ',
        b'1\n\n',
        b'1' * 4096,
    ):
        with open(RESET, 'wb', buffering=0) as file:
            raises(errno.EINVAL, os.write, file.fileno(), wrong)
    equal(attribute('resets'), before, 'the resets')
    for number, right in enumerate((b'1', b'1\n'), 1):
        with open(RESET, 'wb', buffering=0) as file:
            equal(os.write(file.fileno(), right), len(right), 'the bytes')
        driver.await_ready(int(before) + number)
    usable()


@case('an empty or partial write changes no knob')
def _():
    top = os.path.dirname(driver.KNOBS)
    before = {
        name: text(driver.KNOBS + name)
        for name in os.listdir(top)
        if os.access(driver.KNOBS + name, os.R_OK)
        and name != 'stats'
        and os.stat(driver.KNOBS + name).st_mode & 0o400
    }
    resets = attribute('resets')
    for name in os.listdir(top):
        if not os.stat(driver.KNOBS + name).st_mode & 0o200:
            continue
        for wrong in b'', b'\n', b'\0', b'partner-', b'-', b'x' * 100000:
            node = os.open(driver.KNOBS + name, os.O_WRONLY)
            try:
                os.write(node, wrong)
                raise AssertionError(f'{name} took {wrong!r:.20}')
            except OSError as error:
                assert error.errno in (errno.EINVAL, errno.EMSGSIZE), (
                    name,
                    wrong[:20],
                    error,
                )
            finally:
                os.close(node)
    for name, value in before.items():
        equal(text(driver.KNOBS + name), value, name)
    equal(attribute('resets'), resets, 'the resets')
    usable()


driver.load()
run()
