#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Transport of a POWER partition: makes each hypervisor call return each
# documented result, breaks the device tree, loses interrupts, and removes and
# adds the device and the driver. Runs in a guest that is such a partition,
# with vmc-phyp below the driver. Behaviour common to all channels is tested by
# tests/abi.
import errno
import fcntl
import os
import select
import socket
import struct
import threading

import driver
import modules
from driver import Log, Session, attribute, figure, knob, text
from helpers import until
from tap import case, equal, note, raises, run

DRIVER = '/sys/bus/vio/drivers/ibmvmc/'
SESSIONS = '/sys/kernel/debug/ibmvmc/sessions'
UNKNOWN = '80ff000000000000 0'
REQUESTVMC = 0x4004CC02  # on POWER
EVENTS = 'partner-failed', 'deregistered', 'terminated', 'migrated'
FULL = 1 << 20  # more than all calls
NO_TCE = 'not-enough-resources'  # the kernel hides other results


def fail(hcall, answer, count=1):
    knob('fail', f'{hcall} {answer} {count}')


def calls(hcall):
    return int(figure('fail', hcall).split()[1].rstrip(','))


def stat(key):
    return int(figure('stats', key))


def hash_table():
    """Returns whether the hash MMU is in use, whose hcalls count as missed."""
    return 'Hash' in text('/proc/cpuinfo')


def add():
    knob('live', '1')


def remove():
    knob('live', '0')


def ready():
    until(lambda: attribute('state') == 'ready', 'a ready channel')


def reload_modules():
    """Removes and adds the device, which resets the state of earlier cases."""
    remove()
    add()
    ready()


def works():
    with Session(b'works', timeout_ms=20000) as session:
        for length in 1, 4096:
            session.round_trip(os.urandom(length))
    equal(stat('violations'), 0, 'the number of protocol violations')
    equal(
        stat('tce_faults'), 0, 'the number of accesses to unmapped addresses'
    )
    if not hash_table():
        equal(stat('missed_calls'), 0, 'calls that were not emulated')


def nothing_is_mapped():
    equal(stat('mapped'), 0, 'I/O pages that are mapped')


def bound():
    return [name for name in os.listdir(DRIVER) if name.startswith('3000')]


def idle(index):
    """Waits until the last close is complete: the initial buffer is back."""

    def is_free():
        info = [line.split() for line in text(SESSIONS).splitlines()][
            index + 1
        ]
        return (info[1], info[3]) == ('free', '1')

    until(is_free, 'the initial buffer')


def refused(words):
    """Adds the device, which the driver must refuse with these words."""
    with Log() as log:
        add()
        lines = '\n'.join(log.lines())
    assert words in lines, lines
    equal(
        (bound(), attribute('state')),
        ([], 'none'),
        'the list of bound devices',
    )
    nothing_is_mapped()
    remove()


@case('D-11: a device tree without two windows is refused, and reported')
def windows():
    remove()
    for kind in 'one', 'short', 'none':
        knob('window', kind)
        refused('two DMA windows')
    for kind in 'no-cells', 'two':
        knob('window', kind)
        add()
        ready()
        works()
        remove()
    add()
    ready()


@case('D-34: the driver waits for a late partner')
def late():
    remove()
    knob('partner', '0')
    add()
    until(lambda: attribute('state') == 'initializing', 'the wait')
    knob('partner', '1')
    ready()
    works()


@case('D-34: a queue that is already registered is freed and registered again')
def left_over():
    remove()
    before = calls('free_crq')
    fail('reg_crq', 'resource')
    add()
    ready()
    equal(calls('free_crq'), before + 1, 'calls of H_FREE_CRQ')
    works()


@case('D-42: a failed registration releases all resources')
def no_registration():
    remove()
    for answer in 'hardware', 'parameter', 'not-found', 'function', '-77':
        fail('reg_crq', answer)
        refused('cannot be registered')
    fail('reg_crq', 'hardware')
    add()
    name = next(
        name
        for name in os.listdir('/sys/bus/vio/devices')
        if name.startswith('3000')
        and 'vmc' in text(f'/sys/bus/vio/devices/{name}/modalias')
    )
    driver.write(DRIVER + 'bind', name)
    ready()
    works()


@case('D-42: a queue that cannot be mapped fails the probe')
def no_queue():
    remove()
    fail('put_tce', NO_TCE, FULL)
    add()
    fail('put_tce', NO_TCE, 0)
    equal(
        (bound(), attribute('state')),
        ([], 'none'),
        'the list of bound devices',
    )
    nothing_is_mapped()
    reload_modules()
    works()


@case('D-42: enabling of interrupts is repeated after a failure')
def no_interrupts():
    for answer in 'hardware', 'parameter':
        remove()
        fail('vio_signal', answer)
        add()
        ready()
        works()
        fail('vio_signal', answer, 2)
        knob('reset', 'partner-failed')
        until(lambda: attribute('resets') != '0', 'the reset')
        ready()
        works()


@case('D-43: a busy queue is freed when it is no longer busy')
def busy_free():
    for answer in (
        'busy',
        'long-busy-1ms',
        'long-busy-10ms',
        'long-busy-100ms',
        'long-busy-1s',
    ):
        before = calls('free_crq')
        fail('free_crq', answer, 2)
        remove()
        equal(calls('free_crq'), before + 3, 'calls of H_FREE_CRQ')
        equal(attribute('state'), 'none', 'the channel')
        nothing_is_mapped()
        add()
        ready()
    works()


@case('D-43: a reset of our own waits for a busy queue')
def busy_reset():
    fail('free_crq', 'long-busy-10ms', 5)
    modules.reset()
    until(lambda: attribute('resets') != '0', 'the reset')
    ready()
    works()


@case('a queue that cannot be freed is unmapped, and the next one is usable')
def not_freed():
    for answer in 'hardware', 'parameter', 'resource':
        fail('free_crq', answer)
        with Log() as log:
            remove()
            lines = '\n'.join(log.lines())
        assert 'did not free the queue' in lines, lines
        equal(attribute('state'), 'none', 'the channel')
        nothing_is_mapped()
        add()
        ready()
    # The hypervisor counts the failures that it injected.
    modules.unload()
    driver.load()
    works()


@case('a send to a full queue of the partner is repeated')
def dropped():
    with Session(b'full', timeout_ms=20000) as session:
        before = calls('send_crq')
        fail('send_crq', 'dropped', 5)
        session.round_trip(b'late')
        assert calls('send_crq') >= before + 6, 'the send is not repeated'
    reload_modules()


@case('a send without a partner ends the session, and the channel recovers')
def closed():
    with Session(b'alone', timeout_ms=20000) as session:
        fail('send_crq', 'closed')
        raises(errno.ECONNRESET, os.write, session.node, b'x')
        raises(errno.ECONNRESET, session.read)
    ready()
    works()


@case('a failed send is reported, and the session continues')
def send_fails():
    with Session(b'send', timeout_ms=20000) as session:
        for answer in 'hardware', 'parameter', 'function', '-77':
            fail('send_crq', answer)
            raises(errno.EIO, os.write, session.node, b'x')
            session.round_trip(answer.encode())


@case('a failed copy to the hypervisor is reported, and the session continues')
def copy_fails():
    with Session(b'copy', timeout_ms=20000) as session:
        for answer in (
            'hardware',
            'parameter',
            'source-parm',
            'dest-parm',
            'function',
            '-77',
        ):
            fail('copy_rdma', answer)
            raises(errno.EIO, os.write, session.node, b'x')
            session.round_trip(answer.encode())
        fail('copy_rdma', 'permission')
        raises(errno.ECONNRESET, os.write, session.node, b'x')
    ready()
    works()


@case('a failed copy from the hypervisor loses and counts the message')
def receive_fails():
    with Session(b'lose', timeout_ms=20000) as session:
        for number, answer in enumerate(
            ('hardware', 'parameter', 'source-parm', 'dest-parm', '-77'), 1
        ):
            fail('copy_rdma', answer)
            knob('emit', '0 lost')
            knob('emit', '0 kept')
            equal(session.read(), b'kept', 'the message')
            equal(
                session.info('lost_messages'),
                number,
                'the number of lost messages',
            )


@case('D-35: enabling of a disabled queue is repeated until it succeeds')
def enabling():
    for answer in (
        'busy',
        'in-progress',
        'long-busy-1ms',
        'long-busy-10ms',
        'long-busy-100ms',
    ):
        resets = int(attribute('resets'))
        before = calls('enable_crq')
        with Session(b'moved', timeout_ms=20000) as session:
            fail('enable_crq', answer, 3)
            knob('reset', 'migrated')
            raises(errno.ECONNRESET, session.read)
        ready()
        assert calls('enable_crq') > before + 3, 'enabling is not repeated'
        equal(int(attribute('resets')), resets + 1, 'resets')
        equal(attribute('last_reset'), 'migrated', 'the last reset')
    works()


@case('D-35: a queue that cannot be enabled is registered again')
def not_enabled():
    for answer in 'hardware', 'parameter', 'function':
        before = calls('reg_crq')
        fail('enable_crq', answer)
        knob('reset', 'migrated')
        until(lambda: calls('reg_crq') > before, 'a registration')
        ready()
    works()


def request():
    node = os.open(driver.NODE, os.O_RDWR)
    answer = bytearray(4)
    try:
        fcntl.ioctl(node, REQUESTVMC, answer)
    finally:
        os.close(node)
    return struct.unpack('=I', answer)[0]


@case('D-60: each result of a request for a device is an errno or a device')
def requests():
    index = request()
    assert index, 'no DRC index'
    equal(int(attribute('drc_index'), 0), index, 'the DRC index')
    for answer, number in (
        ('function', errno.EPERM),
        ('authority', errno.EPERM),
        ('not-available', errno.EPERM),
        ('hardware', errno.EIO),
        ('resource', errno.ENODEV),
        ('parameter', errno.EINVAL),
        ('not-found', errno.EIO),
        ('closed', errno.EIO),
        ('77', errno.EIO),
        ('-77', errno.EIO),
    ):
        fail('request_vmc', answer)
        raises(number, request)
    equal(int(attribute('drc_index'), 0), index, 'the DRC index')
    for answer in 'busy', 'long-busy-1ms', 'long-busy-100ms':
        fail('request_vmc', answer, 3)
        equal(request(), index, 'the DRC index')


@case('a device can be requested without a device')
def requests_without():
    remove()
    assert request(), 'no DRC index'
    add()
    ready()


@case('D-36: a lost interrupt loses no entry')
def lost_interrupts():
    with Session(b'window', timeout_ms=20000) as session:
        for number in range(200):
            knob('lost_interrupts', '3')
            session.round_trip(b'%d' % number)
    knob('lost_interrupts', '0')


@case('a buffer that cannot be mapped is refused, and the channel stays ready')
def not_mapped():
    idle(0)
    fail('put_tce', NO_TCE, 20)
    try:
        with Session(b'few', timeout_ms=20000) as session:
            buffers = session.info('buffers')
            assert buffers < 32, f'the index has {buffers} buffers'
            session.round_trip(b'with few')
    finally:
        fail('put_tce', NO_TCE, 0)
    reload_modules()
    with Session(b'all', timeout_ms=20000) as session:
        until(lambda: session.info('buffers') == 32, 'all buffers')


@case('an initial buffer that cannot be mapped is added again after a reset')
def first_buffer():
    idle(0)
    resets = int(attribute('resets'))
    session = Session(b'last', timeout_ms=20000)
    fail('put_tce', NO_TCE, 2)
    os.close(session.node)
    try:
        until(
            lambda: 'failures left 2' not in figure('fail', 'put_tce'),
            'the refused buffer',
        )
    finally:
        fail('put_tce', NO_TCE, 0)
    until(lambda: int(attribute('resets')) > resets, 'a reset')
    ready()
    works()


class Traffic:
    """Client that exchanges messages and opens again after each loss."""

    def __init__(self, index):
        self.index = index
        self.trips = self.losses = 0
        self.problem = None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.work)

    def work(self):
        try:
            while not self.stopped.is_set():
                self.session()
        except BaseException as problem:
            self.problem = problem

    def session(self):
        try:
            with Session(b'traffic', self.index, timeout_ms=60000) as session:
                while not self.stopped.is_set():
                    message = b'%d ' % self.trips * 20
                    session.round_trip(message)
                    self.trips += 1
        except OSError as error:
            if error.errno not in (errno.ECONNRESET, errno.ENODEV):
                raise
            self.losses += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        if self.problem:
            raise self.problem

    def goes_on(self, count=5):
        wanted = self.trips + count
        until(lambda: self.trips >= wanted or self.problem, 'an echo')


@case('each transport event during traffic causes one reset and is reported')
def events():
    reload_modules()
    with Traffic(0) as first, Traffic(1) as second:
        for event in EVENTS * 5:
            first.goes_on()
            second.goes_on()
            resets = int(attribute('resets'))
            knob('reset', event)
            first.goes_on()
            second.goes_on()
            equal(attribute('last_reset'), event, 'the last reset')
            equal(int(attribute('resets')), resets + 1, 'resets')
    note(
        f'{first.trips + second.trips} round trips, '
        f'{first.losses + second.losses} losses'
    )
    equal((first.losses, second.losses), (20, 20), 'losses')
    works()


@case('an unknown event is handled as a failed partner')
def strange_events():
    for kind in 0x00, 0x07, 0x08, 0x55, 0xFF:
        with Session(b'strange', timeout_ms=20000) as session:
            knob('entry', f'ff{kind:02x}000000000000 0')
            raises(errno.ECONNRESET, session.read)
        ready()
    works()


@case('unknown entries are dropped, and the session continues')
def garbage():
    with Session(b'garbage', timeout_ms=20000) as session:
        for word in 'c0ff', '80ff', '8001', '8084', '8106', 'fe01':
            dropped = int(attribute('counters/dropped_entries'))
            knob('entry', word + '000000000000 0')
            session.round_trip(word.encode())
            equal(
                int(attribute('counters/dropped_entries')),
                dropped + 1,
                'entries dropped',
            )


@case('an event that overwrites the last entry of a full queue is handled')
def overrun():
    with Session(b'overrun', timeout_ms=20000) as session:
        session.round_trip(b'works')
        entries = 0
        knob('mute', '1')
        try:
            while entries < FULL:
                knob('entry', UNKNOWN)
                entries += 1
        except OSError as error:
            note(f'{entries} entries, then {error.strerror}')
        knob('reset', 'migrated')
        knob('mute', '0')
        raises(errno.ECONNRESET, os.write, session.node, b'x')
    equal(attribute('last_reset'), 'migrated', 'the last reset')
    ready()
    works()


@case('removing and adding the device under traffic leaves no mapping')
def removed():
    reload_modules()
    with Traffic(0) as first, Traffic(1) as second:
        for _ in range(20):
            first.goes_on()
            second.goes_on()
            remove()
            nothing_is_mapped()
            add()
    works()


@case('D-52: unbinding and binding the driver leaves no mapping')
def unbound():
    reload_modules()
    (name,) = bound()
    with Traffic(0) as traffic:
        for _ in range(10):
            traffic.goes_on()
            driver.write(DRIVER + 'unbind', name)
            nothing_is_mapped()
            equal(attribute('state'), 'none', 'the channel')
            driver.write(DRIVER + 'bind', name)
    works()


@case('unloading and loading the driver leaves no mapping')
def reloaded():
    for _ in range(20):
        works()
        assert modules.rmmod('ibmvmc'), 'the driver cannot be unloaded'
        nothing_is_mapped()
        modules.insmod('ibmvmc')
        ready()


@case('a listener gets the uevent of the node before that of its channel')
def listened():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15) as events:
        events.bind((0, 1))
        for _ in range(20):
            assert modules.rmmod('ibmvmc'), 'the driver cannot be unloaded'
            modules.insmod('ibmvmc')
            ready()
            heard = []
            while select.select([events], [], [], 0.5)[0]:
                event = events.recv(8192).split(b'\0')[0]
                if event.endswith(b'@/devices/virtual/misc/ibmvmc'):
                    heard.append(event.split(b'@')[0])
            assert heard.index(b'change', heard.index(b'add')), heard


@case('slow hcalls and late interrupts change no result')
def jitter():
    knob('jitter_us', '2000')
    try:
        with Traffic(0) as first, Traffic(1) as second:
            for event in EVENTS:
                first.goes_on(20)
                second.goes_on(20)
                knob('reset', event)
    finally:
        knob('jitter_us', '0')
    works()


modules.unload()
driver.load()
run()
