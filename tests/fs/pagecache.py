# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reads that do not come from read(2): sendfile, splice and asynchronous I/O.
# On a channel they must neither wait with a page locked, which would lock every
# other open of the file out, nor keep a close from getting through. Before Linux
# 6.5 sendfile and splice read such a file as read(2) does (docs/kernels.md).
import ctypes
import errno
import os
import signal
import struct

from helpers import Child, blocked, shell, until
from machine import call
from mounted import Tree
from tap import case, equal, raises, run

RDWR = os.O_RDWR
IOCB_CMD_PREAD = 0
LIKE_READ = tuple(map(int, os.uname().release.split('.')[:2])) < (6, 5)


def waiting(tree, channel, pipe):
	"""What sendfile does before Linux 6.5: it waits, as read(2) does, with
	the pipe locked; and who waits can be interrupted."""
	child = Child(lambda: equal(os.sendfile(pipe, channel, None, 4096), 5,
		'the count of sendfile'))
	blocked(tree, 'readers', 1)
	other = Child(os.sendfile, os.pipe()[1], channel, None, 4096)
	blocked(tree, 'readers', 2)
	other.end(signal.SIGINT)
	blocked(tree, 'readers', 1)
	equal(tree.read(0, 'message'), b'first\n', 'the log')
	tree.send(b'third')
	child.done()


@case('sendfile from a channel is a read(2) or is refused, and harms nobody')
def refused():
	with Tree() as tree:
		tree.send(b'first\n')
		until(lambda: tree.read(0, 'message') == b'first\n', 'the answer')
		channel = tree.open(RDWR, 0, 'message')
		end, pipe = os.pipe()
		if LIKE_READ:
			waiting(tree, channel, pipe)
			equal(os.read(end, 99), b'third', 'what came through the pipe')
		else:
			raises(errno.EINVAL, os.sendfile, pipe, channel, None, 4096)
		assert tree.read(0, 'message').startswith(b'first\n')
		os.write(channel, b'second\n')
		equal(os.read(channel, 99), b'second\n', 'the message')
		for descriptor in (channel, end, pipe):
			os.close(descriptor)


@case('busybox cat, which tries sendfile first, reads a channel')
def busybox():
	with Tree() as tree:
		channel = tree.open(RDWR, 0, 'message')
		os.write(channel, b'answer\n')
		got = shell(f'timeout 1 busybox cat <&{channel}', status=124,
			pass_fds=[channel])
		equal(got.stdout, b'answer\n', 'what it printed')
		os.close(channel)


@case('sendfile from a log gives what read gives')
def log():
	with Tree() as tree:
		tree.send(b'0123456789' * 1000)
		until(lambda: len(tree.read(0, 'message')) == 10000, 'the answer')
		for _ in range(2):
			got = shell('busybox cat "$1"', tree.path(0, 'message'))
			equal(got.stdout, tree.read(0, 'message'), 'what it printed')
			tree.send(b'more')
			until(lambda: tree.read(0, 'message')[-4:] == b'more', 'it')


class Submission:
	"""Asynchronous reads of one byte, which nobody has to wait for."""

	def __init__(self):
		self.context = ctypes.c_ulong(0)
		self.buffer = ctypes.create_string_buffer(1)
		self.blocks = []
		call('io_setup', 64, ctypes.byref(self.context))

	def read(self, descriptor):
		block = ctypes.create_string_buffer(struct.pack('<QIIHhIQQqQII', 0, 0, 0,
			IOCB_CMD_PREAD, 0, descriptor, ctypes.addressof(self.buffer),
			1, 0, 0, 0, 0))
		pointer = ctypes.c_void_p(ctypes.addressof(block))
		self.blocks.append(block)
		equal(call('io_submit', self.context, ctypes.c_long(1),
			ctypes.byref(pointer)), 1, 'the count of io_submit')


@case('many asynchronous reads that wait do not keep a close from happening')
def asynchronous():
	with Tree() as tree:
		tree.send(b'the kernel asks for nothing behind the end of a file')
		until(lambda: tree.read(0, 'message'), 'the answer')
		waiting = tree.open(RDWR | os.O_DIRECT, 0, 'message')
		others = [tree.open(RDWR, 0, 'message') for _ in range(10)]
		submission = Submission()
		for _ in range(20):
			submission.read(waiting)
		blocked(tree, 'readers', 20)
		for descriptor in others:
			os.close(descriptor)
		until(lambda: tree.status(0)['channels'] == '1', 'the closes')
		tree.control(0, 'close')
		os.close(waiting)


run()
