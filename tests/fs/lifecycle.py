# SPDX-License-Identifier: GPL-2.0-or-later
#
# Life cycle: tests the lines of the daemon's log about mounts, sessions,
# resets and losses, the limit of lines that users cause, and the levels. Slow
# and missing readers are tested in daemonlog.py, the journal in journal.py.
import errno
import os
import re
import shutil

import mounted
from device import DEVICE
from helpers import Child, fill, until
from mounted import ON_DEVICE, Foreground, Tree, daemon, scratch
from tap import case, equal, raises, run

OTHER = 4711  # a user who is not root
BURST = 10  # VMCFS_NOTICE_BURST


class Logged(Foreground):
    """Tree whose daemon logs to a file; lines() after stop()."""

    def __init__(self, *options, **named):
        self.log = mounted.scratch()
        with open(os.path.join(self.log, 'log'), 'wb') as file:
            super().__init__(*options, stderr=file, **named)

    def lines(self):
        with open(os.path.join(self.log, 'log'), encoding='ascii') as file:
            return file.read().splitlines()

    def await_line(self, pattern):
        """The first line that contains the pattern."""
        until(lambda: self.matches(pattern), pattern)
        return self.matches(pattern)[0]

    def matches(self, pattern):
        return [line for line in self.lines() if re.search(pattern, line)]

    def __exit__(self, *error):
        super().__exit__(*error)
        shutil.rmtree(self.log)


def by(pid, uid=0):
    return f'by uid {uid}, process {pid}$'


@case('a mount is logged at its start and at its end')
def mount():
    with Logged() as tree:
        place = f'on {tree.directory}$'
        tree.await_line(f'message: {mounted.device.NAME} is mounted {place}')
        tree.await_line('message: the channel of .* is ready: 1 HMC indices')
        tree.stop()
        place = f'from {tree.directory}$'
        assert re.search(f'message: unmounted {place}', tree.lines()[-1])


@case('an open and a close are logged with user, process and quoted ID')
def session():
    def other():
        os.setuid(OTHER)
        tree.control(0, 'open it is "quoted"')

    with Logged('mode=666', 'dmode=777', sessions=0) as tree:
        child = Child(other)
        child.done()
        tree.await_line(
            r'message: hmc0: session 1 "it is \\"quoted\\"" was opened '
            + by(child.pid, OTHER)
        )
        tree.control(0, 'close')
        tree.await_line(
            r'message: hmc0: session 1 "it is \\"quoted\\"" was closed '
            + by(os.getpid())
        )


@case('a session of the option open= is logged, and its end by the daemon')
def by_option():
    with Logged('open=0:early', sessions=0) as tree:
        tree.await_line('"early" was opened by the option open=$')
        tree.stop()
        assert tree.matches('"early" was closed by the end of the daemon$')


# The first entry of the handshake takes longer than the start waits.
LATE = 'sim.delay_ms=60000', 'open_timeout=1s'


@case('a session of open= is opened once, when a late channel is up')
def late_session():
    with Logged('open=0:early', 'open=7:none', *LATE, sessions=0) as tree:
        tree.await_line(
            'message: hmc0: the session "early" of the option open= is '
            'opened when the channel is up$'
        )
        equal(tree.matches('was opened'), [], 'sessions without a channel')
        tree.control('sim delay 0')
        tree.await_line(
            'message: hmc0: session 1 "early" was opened by the option open=$'
        )
        tree.await_line(
            'warning: hmc7: no session "none" was opened for the option '
            'open=: the channel offers 1 HMC indices, counted from 0$'
        )
        tree.send(b'served')
        tree.control('sim reset migrated')
        until(
            lambda: len(tree.matches('channel of .* is ready')) == 2,
            'the recovery',
        )
        tree.control(0, 'open again')
        tree.await_line(r'session 2 "again" was opened ' + by(os.getpid()))
        equal(len(tree.matches('"early" was opened')), 1, 'opened sessions')


@case('a late session of open= that is refused is a warning, and no failure')
def late_refused():
    with Logged(
        'open=0:early', 'sim.refuse_open=1', *LATE, sessions=0
    ) as tree:
        tree.await_line('is opened when the channel is up$')
        tree.control('sim delay 0')
        tree.await_line(
            'warning: hmc0: no session "early" was opened for '
            'the option open=: .*refused'
        )
        tree.control('sim refuse open off')
        tree.control(0, 'open me')
        tree.send(b'served')


@case('a start in the background does not fail if its channel is late')
def late_background():
    with Tree('open=0:early', *LATE, sessions=0) as tree:
        assert 'opened when the channel is up' in tree.said, tree.said
        tree.control('sim delay 0')
        until(
            lambda: os.path.exists(tree.path(0))
            and tree.status(0)['hmc_id'] == '"early"',
            'the session',
        )


@case('a start that fails prints its warnings and its reason')
def failed_start():
    directory = scratch()
    for foreground in [], ['-f']:
        done = daemon(
            ON_DEVICE,
            *foreground,
            '-o',
            ','.join(('open=0:me', *DEVICE.prepare(refuse_open=1))),
            directory,
        )
        equal(done.returncode, os.EX_UNAVAILABLE, 'the exit status')
        for line in (
            'warning: hmc0: no session "me" was opened for the option open=: ',
            'open=0: ',
        ):
            assert f'vmcfs: {line}' in done.stderr, done.stderr
    os.rmdir(directory)


@case('nothing is printed to the terminal of a user who mounts')
def silent():
    with Tree('open=0:early', sessions=0) as tree:
        equal(tree.said, '', 'stderr of the start')


@case('a refused open is a warning with its cause')
def refused():
    with Logged(sessions=0) as tree:
        tree.control('sim refuse open on')
        raises(errno.ECONNREFUSED, tree.control, 0, 'open me')
        tree.await_line(
            'warning: hmc0: no session "me" was opened for '
            f'uid 0, process {os.getpid()}: .*refused'
        )


@case('a reset, the lost session with its cause, and the recovery are logged')
def lost():
    with Logged() as tree:
        tree.control('sim reset migrated')
        cause = 'the partition was suspended or migrated'
        tree.await_line(f'warning: the channel was reset: {cause}; 1 reset')
        tree.await_line(f'warning: hmc0: session 1 "test-0" was lost: {cause}')
        until(
            lambda: len(tree.matches('message: the channel of .* is ready'))
            == 2,
            'the recovery',
        )
        equal(tree.matches('was closed'), [], 'lines of a close')


@case('unsent messages are a warning with their number')
def unsent():
    with Logged('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        fill(tree, 100)
        queued = tree.status(0)['send_queue_messages']
        tree.control('sim reset terminated')
        tree.control('sim stall off')
        tree.await_line(
            'warning: hmc0: the session "test-0" ended before '
            f'{queued} accepted messages were sent'
        )


@case('messages that could not be stored are a warning with their number')
def not_stored():
    with Logged() as tree:
        tree.control('sim fault hcall copy-rdma hardware count 3')
        for number in range(3):
            tree.control(f'sim emit 0 {number}')
        until(
            lambda: tree.status(0)['received_lost_messages'] == '3',
            'the losses',
        )
        tree.await_line('warning: hmc0: .* received messages? w.* not stored')
        equal(
            sum(
                int(line.split('hmc0: ')[1].split()[0])
                for line in tree.matches('not stored')
            ),
            3,
            'the messages',
        )


@case('dropped segments, and messages that a reader missed, are warnings')
def dropped():
    with Logged('history=64K', 'memory=1M') as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        tree.control('sim flood 0 2000 4096')
        until(
            lambda: tree.status(0)['received_messages'] == '2000',
            'all messages',
        )
        tree.await_line(r'warning: memory= is used up: \d+ log segment')
        raises(errno.EPIPE, os.read, channel, 1 << 16)
        tree.await_line(
            f'warning: hmc0: uid 0, process {os.getpid()} missed messages'
        )
        os.close(channel)
        counted = int(tree.status()['segments_dropped'])
        tree.stop()
        reported = [
            int(re.search(r'used up: (\d+) ', line)[1])
            for line in tree.matches('used up: ')
        ]
        assert sum(reported) <= counted, 'a segment is counted twice'


@case(
    'ten opens and closes of a loop are logged, and the number of the others'
)
def limited():
    with Logged(hmcs=2, sessions=0) as tree:
        for _ in range(3 * BURST):
            tree.control(0, 'open me')
            tree.control(0, 'close')
        tree.control(1, 'open me')
        tree.await_line('hmc1: session 1 "me" was opened')
        tree.stop()
        for word in 'opened', 'closed':
            equal(
                len(tree.matches(f'message: hmc0: session .* was {word}')),
                BURST,
                f'lines of sessions that were {word}',
            )
            assert tree.matches(
                f'message: hmc0: {2 * BURST} lines "session {word}" '
                f'were not logged; the limit is {BURST} in '
            ), tree.lines()


@case('the level selects: warning hides the life cycle, error hides losses')
def levels():
    with Logged(sessions=0) as tree:
        tree.control('log-level warning')
        tree.control(0, 'open me')
        tree.control('sim reset migrated')
        tree.await_line('was lost')
        tree.control('log-level error')
        tree.control(0, 'open me')
        tree.control('sim reset migrated')
        until(lambda: tree.status()['resets'] == '2', 'the reset')
        until(lambda: tree.status(0)['state'] == 'none', 'the end')
        tree.control('log-level message')
        tree.control(0, 'open last')
        tree.await_line('"last" was opened')
        equal(len(tree.matches('was lost')), 1, 'losses')
        equal(tree.matches('"me" was opened'), [], 'opens')


@case('each change of the level is logged at any level, with its user')
def level_changes():
    def other():
        os.setuid(OTHER)
        tree.control('log-level error')
        tree.control(0, 'open me')
        tree.control(0, 'close')
        tree.control('log-level message')

    with Logged('mode=666', 'dmode=777', sessions=0) as tree:
        child = Child(other)
        child.done()
        for change in 'message to error', 'error to message':
            tree.await_line(
                f'message: the log level was changed from {change} '
                + by(child.pid, OTHER)
            )
        tree.control('log-level message')
        tree.control(0, 'open last')
        tree.await_line('"last" was opened')
        equal(len(tree.matches('level was changed')), 2, 'changes')
        equal(tree.matches('"me" was opened'), [], 'opens')


run()
