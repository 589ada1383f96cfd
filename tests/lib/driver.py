# SPDX-License-Identifier: GPL-2.0-or-later
#
# Driver in a guest: its modules, its node by system calls, its knobs and
# attributes, and the log of the kernel. It contains no test, and does not know
# the daemon.
import errno
import fcntl
import os
import select
import struct
import subprocess

import device
import helpers
import tap
from machine import ioctl_number

NODE = '/dev/ibmvmc'
CHANNEL = device.channel_module()
# the driver's names for the providers of a channel
PROVIDER = {'ibmvmc-sim': 'ibmvmc-sim', 'vmc-phyp': 'pseries'}[CHANNEL]
KNOBS = f'/sys/kernel/debug/{CHANNEL}/'
ATTRIBUTES = '/sys/class/misc/ibmvmc/'
INFO, OPEN = ioctl_number(0xCC, 3), ioctl_number(0xCC, 4)
UNKNOWN = ioctl_number(0xCC, 15)
INFO_FORMAT = '=IIiIQIIIIIIIiIIIIIIQQQQQ'
INFO_FIELDS = (
    'size abi_version channel_state last_reset resets drc_index hmcs '
    'pool mtu peer_version file_state file_error hmc_index hmc_session '
    'buffers '
    'buffers_free queued next_length reserved sent_messages sent_bytes '
    'received_messages received_bytes lost_messages'
).split()


def text(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def write(path, value):
    descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    try:
        os.write(descriptor, value.encode())
    finally:
        os.close(descriptor)


def attribute(name):
    return text(ATTRIBUTES + name).strip()


def knob(name, value):
    write(KNOBS + name, value)


def figure(file, name):
    """Value of a name in one of the files of the hypervisor."""
    for line in text(KNOBS + file).splitlines():
        if line.startswith(name + ': '):
            return line.partition(': ')[2]
    raise AssertionError(f'{file} has no {name}')


def insmod(module, *words):
    """Returns the exit status."""
    path = os.path.join(device.KERNEL, 'modules', module)
    return subprocess.run(
        ['insmod', path + '.ko', *words],
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


def load():
    """Loads all three modules, with their defaults."""
    for module in 'ibmvmc', 'vmc-hv', CHANNEL:
        if not os.path.exists('/sys/module/' + module.replace('-', '_')):
            assert not insmod(module), f'{module} cannot be loaded'
    await_ready()


def await_ready(resets=0):
    """Waits until the channel is ready, after at least RESETS resets. The open
    of a session also waits for its buffer."""
    node = os.open(NODE, os.O_RDWR)
    poll = select.poll()
    poll.register(node, select.POLLPRI)
    try:
        while True:
            info = info_of(node)
            if info['channel_state'] == 3 and info['resets'] >= resets:
                return
            poll.poll()
    finally:
        os.close(node)


def reset(kind):
    """Breaks the channel by the hypervisor, and waits until it is ready again.
    The event may arrive on another CPU, while the state is still ready
    here."""
    resets = int(attribute('resets'))
    knob('reset', kind)
    await_ready(resets + 1)


def info_of(node):
    answer = bytearray(struct.calcsize(INFO_FORMAT))
    struct.pack_into('I', answer, 0, len(answer))
    fcntl.ioctl(node, INFO, answer)
    return dict(zip(INFO_FIELDS, struct.unpack(INFO_FORMAT, answer)))


def ask_open(node, name, index, timeout_ms):
    fcntl.ioctl(
        node, OPEN, struct.pack('=IiII32s', 48, index, timeout_ms, 0, name)
    )


class Session:
    """with Session(b'name', index=1) as session: ..."""

    def __init__(self, name, index=0, timeout_ms=0):
        self.node = os.open(NODE, os.O_RDWR)
        try:
            ask_open(self.node, name, index, timeout_ms)
        except OSError:
            os.close(self.node)
            raise

    def info(self, field):
        return info_of(self.node)[field]

    def read(self, size=16384):
        return os.read(self.node, size)

    def round_trip(self, message):
        os.write(self.node, message)
        got = self.read()
        assert got == message, f'received {got!r:.100} for {message!r:.100}'

    def fail_in_every_way(self):
        """Each call must fail: message too long, unknown ioctl, second
        open."""
        for number, call in (
            (errno.EMSGSIZE, lambda: os.write(self.node, bytes(20000))),
            (errno.ENOTTY, lambda: fcntl.ioctl(self.node, UNKNOWN, 0)),
            (
                errno.EISCONN,
                lambda: fcntl.ioctl(
                    self.node,
                    OPEN,
                    struct.pack('=IiII32s', 48, 0, 0, 0, b'again'),
                ),
            ),
        ):
            try:
                call()
            except OSError as error:
                assert error.errno == number, error
            else:
                raise AssertionError(
                    f'the call did not fail with errno {number}'
                )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.node)


def table():
    """State and number of buffers of each index."""
    lines = text('/sys/kernel/debug/ibmvmc/sessions').splitlines()[1:]
    return [(row[1], int(row[3])) for row in map(str.split, lines)]


def _opens(index):
    """Whether an open succeeds. Until earlier entries have been handled, a
    reset may end it, or the hypervisor, which still has the previous session,
    refuse it."""
    try:
        with Session(b'usable', index=index, timeout_ms=60000) as session:
            session.round_trip(b'there and back')
        return True
    except (ConnectionResetError, ConnectionRefusedError):
        return False


def usable(hmcs=4):
    """Every index can be opened, and has its initial buffer afterwards."""
    for index in range(hmcs):
        helpers.until(lambda index=index: _opens(index), 'an open')
    helpers.until(
        lambda: table() == [('free', 1)] * hmcs, 'the initial buffers'
    )
    tap.equal(attribute('state'), 'ready', 'the state')
    tap.equal(
        figure('stats', 'violations'), '0', 'the number of protocol violations'
    )


class Log:
    """Lines of the kernel log since the creation of this object."""

    def __init__(self):
        self.messages = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.messages, 0, os.SEEK_END)

    def lines(self):
        lines = []
        while True:
            try:
                line = os.read(self.messages, 8192)
            except BlockingIOError:
                return lines
            lines.append(line.decode(errors='replace').split(';', 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.messages)


def await_blocked(pid):
    helpers.until(lambda: helpers.state_of(pid) == 'S', 'a sleeping process')


def switches(pid):
    """Number of times that a process has gone to sleep."""
    for line in text(f'/proc/{pid}/status').splitlines():
        if line.startswith('voluntary_ctxt_switches:'):
            return int(line.split()[1])
    raise AssertionError('the kernel does not count context switches')
