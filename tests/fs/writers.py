# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writers: tests several writers at once: of messages to a slow hypervisor, and
# of commands to one control file. Each gets its own result. A stalled
# hypervisor is tested in stall.py.
import errno
import os
import threading

from helpers import Child, until
from mounted import Tree
from tap import case, equal, lasting, note, raises, run


@case('a slow hypervisor that accepts messages is not reported as stalled')
@lasting(300)
def slow(ms):
    with Tree(
        'sendq=1',
        f'send_timeout={ms}ms',
        'sim.pool=2',
        f'sim.delay_ms={ms//5}',
    ) as tree:
        outcome = []

        def write():
            descriptor = tree.open(os.O_WRONLY, 0, 'message')
            try:
                outcome.append(os.write(descriptor, b'x'))
            except TimeoutError:
                outcome.append(0)
            os.close(descriptor)

        writers = [threading.Thread(target=write) for _ in range(12)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        sent = sum(outcome)
        note(f'{sent} of 12 messages were accepted')
        until(
            lambda: int(tree.status(0)['sent_messages']) == sent,
            'all messages',
        )
        status = tree.status(0)
        equal(status['stalled'], 'no', 'the state of the queue')
        assert 'accepted no message' not in status['last_error'], status
        tree.send(b'one more')


@case('an open fails when another writer ends it, whose own open succeeds')
def opens():
    with Tree('open_timeout=60s', sessions=0) as tree:
        descriptor = tree.open(os.O_WRONLY, 0, 'control')

        def first():
            raises(errno.ECONNRESET, os.write, descriptor, b'open first\n')

        tree.control('sim stall on')
        one = Child(first)
        until(lambda: tree.status(0)['state'] == 'opening', 'the open')
        other = Child(os.write, descriptor, b'close\nopen second\n')
        one.done()
        tree.control('sim stall off')
        other.done()
        equal(tree.status(0)['hmc_id'], '"second"', 'the name')
        os.close(descriptor)


@case('a channel reset by the user recovers without readers')
def reset():
    with Tree(sessions=0) as tree:
        tree.control('sim reset self')
        until(
            lambda: tree.status()['channel'] == 'ready'
            and tree.status()['resets'] == '1',
            'a ready channel',
        )


run()
