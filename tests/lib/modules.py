# SPDX-License-Identifier: GPL-2.0-or-later
#
# Modules: loads and unloads the driver and the provider of the channel in a
# guest, under a mounted tree, and reads the driver's table of sessions. It
# contains no test.
import os
import subprocess

import driver
from device import MTU


def loaded(name):
    return os.path.isdir('/sys/module/' + name.replace('-', '_'))


def insmod(name, **parameters):
    words = (f'{key}={value}' for key, value in parameters.items())
    assert not driver.insmod(name, *words), f'{name} cannot be loaded'


def rmmod(name):
    """Returns whether the module was unloaded."""
    return (
        subprocess.run(
            ['rmmod', name], check=False, stderr=subprocess.DEVNULL
        ).returncode
        == 0
    )


def load_driver():
    """Loads the driver only: a node without a channel."""
    insmod('ibmvmc', max_mtu=MTU, max_hmcs=64)


def load_channel(**parameters):
    """Loads the provider of the channel, the simulated hypervisor."""
    if not loaded('vmc-hv'):
        insmod('vmc-hv')
    insmod(driver.CHANNEL, **parameters)


def load(**parameters):
    """Unloads and loads all modules."""
    unload()
    load_driver()
    load_channel(**parameters)


def unload():
    for name in driver.CHANNEL, 'vmc-hv', 'ibmvmc':
        assert not loaded(name) or rmmod(name), f'{name} cannot be unloaded'


def as_they_are(**_):
    """For mounted.Tree: mount on the modules that are loaded."""
    return ()


def reset():
    """Resets the channel from the partition's side."""
    driver.write('/sys/kernel/debug/ibmvmc/reset', '1')


def sessions():
    """Table of the driver: index -> (state, pid of the opener)."""
    lines = driver.text('/sys/kernel/debug/ibmvmc/sessions').splitlines()
    rows = [line.split() for line in lines if not line.startswith('#')]
    return {int(row[0]): (row[1], row[5]) for row in rows}
