# SPDX-License-Identifier: GPL-2.0-or-later
#
# The device that file-system tests mount: the simulated one in the daemon, or
# the character device with the simulated hypervisor behind it. Says how it is
# made with given properties, how its knobs are turned, and which cases are not
# about it. VMCFS_TEST_DEVICE chooses. It mounts nothing and contains no test.
import ctypes
import errno
import os

SYS_FINIT_MODULE, SYS_DELETE_MODULE = 313, 176  # x86-64
LIBC = ctypes.CDLL(None, use_errno=True)

NAME = os.environ.get('VMCFS_TEST_DEVICE', 'sim')
MTU = 16384


def call(number, *arguments):
	"""A system call. Modules change for each mount: programs cost too much."""
	if LIBC.syscall(number, *arguments) < 0:
		code = ctypes.get_errno()
		raise OSError(code, os.strerror(code), arguments)


class Simulated:
	"""In the daemon: mount options make it, its control file turns knobs."""

	absent_keys = ()

	def prepare(self, **properties):
		"""The mount options for a device with these properties."""
		return tuple(f'sim.{key}={value}' for key, value in properties.items())

	def turn(self, command):
		"""Whether it was turned here, and not through the tree."""
		del command
		return False

	def left_out(self, program):
		"""Cases of a program that are not about this device: name, reason."""
		del program
		return {}


class Node:
	"""/dev/ibmvmc: modules make it, anew for each mount; debugfs has the knobs."""

	# status keys that are of the other device alone begin like this
	absent_keys = ('channel sim_',)

	# absolute, since a test may go elsewhere
	path = os.path.abspath(os.path.join(
		os.environ.get('VMCFS_TEST_KERNEL', ''), 'modules'))
	knobs = '/sys/kernel/debug/ibmvmc-sim/'
	driver_reset = '/sys/kernel/debug/ibmvmc/reset'
	modules = 'ibmvmc_sim', 'vmc_hv', 'ibmvmc'

	def load(self, module, **properties):
		path = os.path.join(self.path, module + '.ko')
		words = ' '.join(f'{key}={value}' for key, value in properties.items())
		with open(path, 'rb') as file:
			call(SYS_FINIT_MODULE, file.fileno(), words.encode(), 0)

	def prepare(self, refuse_open=0, **properties):
		for module in self.modules:
			if os.path.exists('/sys/module/' + module):
				call(SYS_DELETE_MODULE, module.encode(), os.O_NONBLOCK)
		self.load('ibmvmc', max_hmcs=64, buf_pool_size=64, max_mtu=MTU)
		self.load('vmc-hv')
		self.load('ibmvmc-sim', **{'mtu': MTU, **properties})
		if int(refuse_open):
			self.write('refuse_open', '1')
		return ()

	def write(self, knob, text):
		descriptor = os.open(os.path.join(self.knobs, knob), os.O_WRONLY)
		try:
			os.write(descriptor, text.encode())
		except OSError as error:
			if error.errno != errno.ENOTCONN:
				raise
			# the tree's word for "no session is open there"
			raise OSError(errno.ENXIO, os.strerror(errno.ENXIO)) from error
		finally:
			os.close(descriptor)

	def turn(self, command):
		switch = {'on': '1', 'off': '0'}
		match command.split(' ', 3):
			case ['sim', 'stall', value]:
				self.write('stall', switch[value])
			case ['sim', 'delay', value]:
				self.write('delay_ms', value)
			case ['sim', 'refuse', 'open', value]:
				self.write('refuse_open', switch[value])
			case ['sim', 'refuse', 'request-vmc', value]:
				self.write('refuse_request_vmc', switch[value])
			case ['sim', 'reset', 'self']:
				self.write(self.driver_reset, '1')
			case ['sim', 'reset', kind]:
				self.write('reset', kind)
			case ['sim', 'emit', index, text]:
				self.write('emit', f'{index} {text}\n')
			case ['sim', 'flood', index, rest]:
				self.write('flood', f'{index} {rest}')
			case _:
				return False
		return True

	def left_out(self, program):
		return {
			'control': {
				'reading gives the grammar and what is in force':
					'the grammar of "sim" is in it',
			},
			'errors': {
				'errors of the simulated device: no such index, no session':
					'its commands are not in the tree',
			},
			'quick': {
				'what the hypervisor sends by itself appears':
					'a shell tells the simulated device so through the tree',
			},
		}.get(program, {})


DEVICE = Simulated() if NAME == 'sim' else Node()
