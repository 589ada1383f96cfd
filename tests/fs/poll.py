# SPDX-License-Identifier: GPL-2.0-or-later
#
# poll, select and epoll on message: when it is readable, writable, and hung up;
# for a channel and for a log.
import errno
import os
import select

from helpers import Child, until
from mounted import Tree
from tap import case, equal, raises, run

IN, OUT, HUP, ERR = (select.POLLIN, select.POLLOUT, select.POLLHUP,
	select.POLLERR)
RDWR, NONBLOCK = os.O_RDWR, os.O_NONBLOCK


def events(descriptor, wanted=IN, wait=0):
	poll = select.poll()
	poll.register(descriptor, wanted)
	found = poll.poll(wait)
	return found[0][1] if found else 0


def later(action, *arguments):
	"""Does it in another process, while this one waits."""
	return Child(lambda: action(*arguments))


@case('poll: a channel is writable at once, readable with a message')
def poll_channel():
	with Tree() as tree:
		channel = tree.open(RDWR, 0, 'message')
		equal(events(channel, IN | OUT), OUT, 'the events')
		child = later(tree.send, b'x')
		equal(events(channel, IN, None), IN, 'the events')
		child.done()
		equal(os.read(channel, 100), b'x', 'the answer')
		equal(events(channel, IN), 0, 'the events')
		os.close(channel)


@case('select: the same')
def select_channel():
	with Tree() as tree:
		channel = tree.open(RDWR, 0, 'message')
		equal(select.select([channel], [], [], 0)[0], [], 'the readable')
		equal(select.select([], [channel], [], 0)[1], [channel],
			'the writable')
		child = later(tree.send, b'x')
		equal(select.select([channel], [], [])[0], [channel],
			'the readable')
		child.done()
		equal(os.read(channel, 100), b'x', 'the answer')
		equal(select.select([channel], [], [], 0)[0], [], 'the readable')
		os.close(channel)


@case('epoll, level-triggered: reported until all is read')
def epoll_level():
	with Tree() as tree, select.epoll() as epoll:
		channel = tree.open(RDWR | NONBLOCK, 0, 'message')
		epoll.register(channel, select.EPOLLIN)
		equal(epoll.poll(0), [], 'the events')
		child = later(tree.send, b'ab')
		for part in b'a', b'b':
			equal(epoll.poll(), [(channel, select.EPOLLIN)], 'the events')
			equal(os.read(channel, 1), part, 'the part')
		child.done()
		equal(epoll.poll(0), [], 'the events')
		os.close(channel)


@case('epoll, edge-triggered: read until EAGAIN, then woken again')
def epoll_edge():
	with Tree() as tree, select.epoll() as epoll:
		channel = tree.open(RDWR | NONBLOCK, 0, 'message')
		epoll.register(channel, select.EPOLLIN | select.EPOLLET)
		for number in range(20):
			child = later(tree.send, b'%d' % number)
			got = []
			while not got:
				equal(epoll.poll(), [(channel, select.EPOLLIN)],
					'the events')
				try:
					while True:
						got.append(os.read(channel, 100))
				except BlockingIOError:
					pass
			equal(got, [b'%d' % number], 'the answer')
			child.done()
		os.close(channel)


@case('several pollers of several channels are all woken')
def many():
	with Tree() as tree:
		def wait():
			channel = tree.open(RDWR, 0, 'message')
			os.write(ready, b'.')
			equal(events(channel, IN, None), IN, 'the events')
			equal(os.read(channel, 100), b'all', 'the answer')
		side, ready = os.pipe()
		children = [Child(wait) for _ in range(10)]
		for _ in children:
			os.read(side, 1)
		tree.send(b'all')
		for child in children:
			child.done()


@case('a log is readable while there is unread data')
def poll_log():
	with Tree() as tree:
		log = tree.open(os.O_RDONLY, 0, 'message')
		equal(events(log), 0, 'the events')
		child = later(tree.send, b'abc')
		equal(events(log, IN, None), IN, 'the events')
		child.done()
		equal(os.read(log, 2), b'ab', 'the data')
		equal(events(log), IN, 'the events')
		equal(os.read(log, 9), b'c', 'the data')
		equal(events(log), 0, 'the events')
		equal(os.read(log, 9), b'', 'the end')
		os.close(log)


@case('a log that will not grow hangs up once it is read')
def hang_up():
	with Tree() as tree:
		log = tree.open(os.O_RDONLY, 0, 'message')
		tree.send(b'abc')
		equal(events(log, IN, None), IN, 'the events')
		tree.control(0, 'close')
		equal(events(log) & IN, IN, 'the events')
		equal(os.read(log, 9), b'abc', 'the data')
		assert events(log) & HUP
		equal(os.read(log, 9), b'', 'the end')
		os.close(log)


@case('a rotated segment hangs up, the new one does not')
def rotated():
	with Tree() as tree:
		old = tree.open(os.O_RDONLY, 0, 'message')
		child = later(tree.control, 0, 'rotate')
		assert events(old, IN, None) & HUP
		child.done()
		new = tree.open(os.O_RDONLY, 0, 'message')
		equal(events(new), 0, 'the events')
		os.close(old)
		os.close(new)


@case('a channel hangs up when its session ends')
def channel_hang_up():
	with Tree() as tree:
		channel = tree.open(RDWR, 0, 'message')
		child = later(tree.control, 0, 'close')
		assert events(channel, IN, None) & HUP
		child.done()
		equal(os.read(channel, 9), b'', 'the end')
		raises(errno.ENXIO, os.write, channel, b'x')
		os.close(channel)


@case('POLLOUT goes while the send queue is full and comes back')
def writable():
	with Tree('sendq=1K') as tree:
		tree.control('sim stall on')
		channel = tree.open(RDWR | NONBLOCK, 0, 'message')
		sent = 0
		try:
			while True:
				sent += os.write(channel, b'%04d' % sent) > 0
		except BlockingIOError:
			pass
		equal(events(channel, OUT), 0, 'the events')
		child = later(tree.control, 'sim stall off')
		equal(events(channel, OUT, None), OUT, 'the events')
		child.done()
		os.close(channel)


@case('a loop over poll and read follows the log')
def loop():
	with Tree() as tree:
		log = tree.open(os.O_RDONLY, 0, 'message')
		def writer():
			for number in range(200):
				tree.send(b'%d\n' % number)
		child = Child(writer)
		got = b''
		while got.count(b'\n') < 200:
			assert events(log, IN, None) & IN
			got += os.read(log, 64)
		child.done()
		equal(got, b''.join(b'%d\n' % n for n in range(200)), 'the log')
		os.close(log)


run()
