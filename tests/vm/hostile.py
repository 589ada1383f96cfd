# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs inside a guest: a hypervisor that sends what it did not mean, and users that
# ask for too much. After each case the channel is ready, an open works, and every
# buffer is where it was.
import os
import select
import socket
import time

import driver
from driver import Session, attribute, figure, knob, text
from helpers import until
from tap import case, equal, run

INITIALIZE = 'c001000000000000 0'
STRAYS = (INITIALIZE, 'c002000000000000 0', 'ff01000000000000 0',
	'ff06000000000000 0', 'ff42000000000000 0', '0 0')
# Capabilities Response: 4 indices, 32 buffers, MTU 4096, 64 entries, version 1.1
CAPABILITIES = '8081000000040020 0000100000400101'


def table():
	"""The state and the buffers of each index."""
	lines = text('/sys/kernel/debug/ibmvmc/sessions').splitlines()[1:]
	return [(row[1], int(row[3])) for row in map(str.split, lines)]


def usable():
	"""An open works on every index, and leaves the initial buffers."""
	for index in range(4):
		with Session(b'usable', index=index, timeout_ms=60000) as session:
			session.round_trip(b'there and back')
	until(lambda: table() == [('free', 1)] * 4, 'the initial buffers')
	equal(attribute('state'), 'ready', 'the state')
	equal(figure('stats', 'violations'), '0', 'violations')


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
					break # the queue is full, or not registered now
			usable()


@case('the state says starved while the ready channel has no buffer')
def _():
	knob('stall', '1')
	try:
		knob('entry', INITIALIZE)
		knob('entry', CAPABILITIES)
		until(lambda: attribute('state') == 'starved', 'starved')
		resets = int(attribute('resets'))
		until(lambda: attribute('state') != 'starved', 'the way out')
		assert int(attribute('resets')) > resets, 'it was not reset'
	finally:
		knob('stall', '0')
	usable()


@case('a burst of changes makes few uevents, the last of them after the last change')
def _():
	with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15) as events:
		events.bind((0, 1))
		events.setsockopt(socket.SOL_SOCKET, 33, 1 << 24) # SO_RCVBUFFORCE
		resets = int(attribute('resets'))
		begin = time.monotonic()
		for _ in range(900):
			try:
				knob('entry', INITIALIZE)
			except OSError:
				pass # the queue is full
		driver.await_ready(resets + 1)
		seen, states = 0, ['']
		poll = select.poll()
		poll.register(events, select.POLLIN)
		# Nothing but time tells that no event is to come: ten intervals.
		while poll.poll(1000):
			if events.recv(8192).startswith(
					b'change@/devices/virtual/misc/ibmvmc\0'):
				seen += 1
				states.append(attribute('state'))
		took = time.monotonic() - begin
	assert int(attribute('resets')) > resets + 10, 'the channel hardly changed'
	assert 0 < seen <= took / 0.1 + 2, f'{seen} uevents in {took} s'
	equal(states[-1], attribute('state'), 'the state at the last uevent')
	usable()


@case('a burst of changes makes few lines in the log, and the rest is counted')
def _():
	with driver.Log() as log:
		begin = time.monotonic()
		for _ in range(200):
			driver.reset('partner-failed')
			knob('entry', INITIALIZE)
		usable()
		took = time.monotonic() - begin
		lines = [line for line in log.lines() if 'ibmvmc' in line]
	assert lines, 'nothing at all'
	# 20 in 5 seconds, and one that says how many were left out.
	assert len(lines) <= 21 * (took // 5 + 2), f'{len(lines)} in {took} s'


driver.load()
run()
