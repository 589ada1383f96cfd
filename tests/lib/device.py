# SPDX-License-Identifier: GPL-2.0-or-later
#
# Device of the file-system tests: the simulated one in the daemon, or the
# character device on a simulated hypervisor, as VMCFS_TEST_DEVICE selects.
# Creates it with given properties, turns its knobs, and lists the cases that
# do not apply to it. It mounts nothing and contains no test.
import errno
import os

from machine import call

NAME = os.environ.get('VMCFS_TEST_DEVICE', 'sim')
MTU = 16384

# absolute, since a test may change its directory
KERNEL = os.path.abspath(os.environ.get('VMCFS_TEST_KERNEL', ''))


def channel_module():
    """Module that provides the channel on this kernel."""
    with open(os.path.join(KERNEL, 'channel'), encoding='utf-8') as file:
        return file.read().strip()


def is_in_tree():
    """Whether the driver is the one of Linux."""
    return os.path.exists(os.path.join(KERNEL, 'driver'))


class Simulated:
    """In the daemon: mount options create it, its control file turns knobs."""

    absent_keys = ()

    def prepare(self, **properties):
        """Mount options for a device with these properties."""
        return tuple(f'sim.{key}={value}' for key, value in properties.items())

    def turn(self, command):
        """Whether the knob was turned here, and not through the tree."""
        del command
        return False

    def left_out(self, program):
        """Cases of a program that do not apply to this device: name,
        reason."""
        del program
        return {}


# Cases that are left out on a device: program, then name and reason.
ANY_LEFT_OUT = {
    'control': [
        (
            'a read returns the grammar and the settings in force',
            'it includes the grammar of "sim"',
        )
    ],
    'errors': [
        (
            'simulator commands without an index or a session fail',
            'the tree has no commands for it',
        )
    ],
    'quick': [
        (
            'unsolicited messages of the hypervisor appear in the log',
            'a shell turns that knob through the tree',
        )
    ],
}
SILENT = 'the driver does not report the removal of its device'
IN_TREE_LEFT_OUT = {
    'in-tree': [
        ('the channel recovers when the device is removed and added', SILENT),
        (
            'the modules can be unloaded and loaded again during a mount',
            SILENT,
        ),
        (
            'a session can be opened after a refused one',
            'the driver loses the buffer that it needs for that',
        ),
    ]
}
NATIVE_LEFT_OUT = {
    'in-tree': [
        (
            'the longest message has the negotiated MTU',
            'the driver takes reads of any length, so it cannot be found',
        )
    ]
}


class Node:
    """/dev/ibmvmc: modules are loaded for each mount; debugfs has the
    knobs."""

    # prefix of the status keys that only the other device has
    absent_keys = ('channel sim_',)

    path = os.path.join(KERNEL, 'modules')
    driver_reset = '/sys/kernel/debug/ibmvmc/reset'

    def __init__(self):
        self.channel = channel_module()
        self.knobs = f'/sys/kernel/debug/{self.channel}/'

    def load(self, module, **properties):
        path = os.path.join(self.path, module + '.ko')
        words = ' '.join(f'{key}={value}' for key, value in properties.items())
        with open(path, 'rb') as file:
            call('finit_module', file.fileno(), words.encode(), 0)

    def prepare(self, refuse_open=0, **properties):
        for module in self.channel, 'vmc-hv', 'ibmvmc':
            name = module.replace('-', '_')
            if os.path.exists('/sys/module/' + name):
                call('delete_module', name.encode(), os.O_NONBLOCK)
        self.load('ibmvmc', max_hmcs=64, buf_pool_size=64, max_mtu=MTU)
        self.load('vmc-hv')
        self.load(self.channel, **{'mtu': MTU, **properties})
        if int(refuse_open):
            self.write('refuse', 'open on')
        return ()

    def write(self, knob, text):
        descriptor = os.open(os.path.join(self.knobs, knob), os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                raise
            # errno of the tree for "no session is open"
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO)) from error
        finally:
            os.close(descriptor)

    def turn(self, command):
        if command == 'sim reset self':
            self.write(self.driver_reset, '1')
            return True
        match command.split(' ', 2):
            case ['sim', knob, words]:
                self.write(knob, words + '\n')
                return True
        return False

    def left_out(self, program):
        own = IN_TREE_LEFT_OUT if is_in_tree() else NATIVE_LEFT_OUT
        return dict(ANY_LEFT_OUT.get(program, []) + own.get(program, []))


DEVICE = Simulated() if NAME == 'sim' else Node()
