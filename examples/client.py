#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Client: a request, its reply, and the messages that follow, with asyncio and
# without a thread. It needs an open session.
#
# 	python3 examples/client.py DIR/hmc0 REQUEST [COUNT]
import asyncio
import os
import signal
import sys


class Channel:
    """A descriptor that sends and receives one message in each call."""

    def __init__(self, hmc, mtu):
        self.mtu = mtu
        self.descriptor = os.open(
            os.path.join(hmc, 'message'), os.O_RDWR | os.O_NONBLOCK
        )

    async def send(self, message):
        if not message:
            raise ValueError('a message has at least one byte')
        while True:
            try:
                sent = os.write(self.descriptor, message)
                if sent != len(message):  # by ulimit -f, for instance
                    raise OSError(f'only {sent} bytes were sent')
                return
            except BlockingIOError:
                await self.ready(asyncio.get_running_loop().add_writer)

    async def receive(self):
        """Returns a message, or b'' after the end of the session."""
        while True:
            try:
                return os.read(self.descriptor, self.mtu)
            except BlockingIOError:
                await self.ready(asyncio.get_running_loop().add_reader)

    async def ready(self, watch):
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        watch(self.descriptor, event.set)
        try:
            await event.wait()
        finally:
            loop.remove_reader(self.descriptor)
            loop.remove_writer(self.descriptor)

    def close(self):
        os.close(self.descriptor)


def mtu_of(hmc):
    """The largest message, of which a read must be able to take all."""
    with open(os.path.join(hmc, '..', 'status'), encoding='ascii') as status:
        for line in status:
            if line.startswith('mtu_bytes: '):
                return int(line.split()[1])
    raise ValueError('the status has no mtu_bytes')


async def next_message(channel):
    try:
        return await asyncio.wait_for(channel.receive(), 10)
    except asyncio.TimeoutError:
        sys.exit('client.py: no message arrived in 10 seconds')


async def main(hmc, request, count='1'):
    count = int(count)
    channel = Channel(hmc, mtu_of(hmc))
    try:
        await channel.send(os.fsencode(request))
        for _ in range(count):
            message = await next_message(channel)
            if not message:
                sys.exit('the session has ended')
            print(message.decode(errors='backslashreplace'), flush=True)
    finally:
        channel.close()


if len(sys.argv) not in (3, 4):
    sys.exit('usage: python3 client.py DIR/hmc0 REQUEST [COUNT]')
signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback at Ctrl-C
try:
    asyncio.run(main(*sys.argv[1:]))
except (OSError, ValueError) as error:
    sys.exit(f'client.py: {error}')
