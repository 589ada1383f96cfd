# SPDX-License-Identifier: GPL-2.0-or-later
#
# Modules that come and go, for tests in a guest that look at a mounted tree
# meanwhile: what brings the node, what brings a channel, and what the driver
# says of both. It contains no test.
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
	"""Returns whether the kernel let it go."""
	return subprocess.run(['rmmod', name], check=False,
		stderr=subprocess.DEVNULL).returncode == 0


def load_driver():
	"""The driver alone: a node, and no channel."""
	insmod('ibmvmc', max_mtu=MTU, max_hmcs=64)


def load_channel(**parameters):
	"""What brings a channel: the simulated hypervisor."""
	if not loaded('vmc-hv'):
		insmod('vmc-hv')
	insmod(driver.CHANNEL, **parameters)


def load(**parameters):
	"""All of it, anew."""
	unload()
	load_driver()
	load_channel(**parameters)


def unload():
	for name in driver.CHANNEL, 'vmc-hv', 'ibmvmc':
		assert not loaded(name) or rmmod(name), f'{name} cannot be unloaded'


def as_they_are(**_):
	"""For mounted.Tree: mount on what is loaded already."""
	return ()


def reset():
	"""A reset from the partition's own side."""
	driver.write('/sys/kernel/debug/ibmvmc/reset', '1')


def sessions():
	"""The driver's own table: index -> (state, pid that opened it)."""
	lines = driver.text('/sys/kernel/debug/ibmvmc/sessions').splitlines()
	rows = [line.split() for line in lines if not line.startswith('#')]
	return {int(row[0]): (row[1], row[5]) for row in rows}
