# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storm of freezes: freezes and thaws the cgroup of all clients, and sometimes
# that of the daemon, at random during every call. It does not kill clients.
import os
import random
import tempfile
import time

import storm
from helpers import until
from mounted import Tree
from tap import GUARD, case, note, run

SECONDS = storm.SECONDS or 30


def hierarchy():
    """Returns the mount point of cgroup v2, alone or next to version 1."""
    with open('/proc/self/mounts', encoding='utf-8') as mounts:
        for line in mounts:
            fields = line.split()
            if fields[2] == 'cgroup2':
                return fields[1]
    raise AssertionError('cgroup v2 is not mounted: nothing can be frozen')


class Group:
    """New cgroup, removed at the end."""

    def __init__(self, name):
        self.home = os.path.join(hierarchy(), own())
        self.path = tempfile.mkdtemp(prefix=f'vmcfs-{name}-', dir=hierarchy())
        self.freezes = 0

    def write(self, file, text):
        with open(os.path.join(self.path, file), 'w', encoding='ascii') as out:
            out.write(text)

    def add(self, pid):
        self.write('cgroup.procs', str(pid))

    def freeze(self):
        self.write('cgroup.freeze', '1')
        self.freezes += 1

    def thaw(self):
        self.write('cgroup.freeze', '0')

    def remove(self):
        """Moves its processes back, and removes it."""
        self.thaw()
        with open(
            os.path.join(self.path, 'cgroup.procs'), encoding='ascii'
        ) as procs:
            for pid in procs.read().split():
                with open(
                    os.path.join(self.home, 'cgroup.procs'),
                    'w',
                    encoding='ascii',
                ) as home:
                    home.write(pid)
        os.rmdir(self.path)


def own():
    """Returns the cgroup of this process, relative to the hierarchy."""
    with open('/proc/self/cgroup', encoding='utf-8') as groups:
        for line in groups:
            if line.startswith('0::'):
                return line.strip()[3:].lstrip('/')
    return ''


def weather(random_, clients, daemon):
    """Freezes and thaws until the time is over. A client that waits for a
    frozen daemon cannot be frozen itself, so the test does not wait for it."""

    def blow(process):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and process.poll() is None:
            group = daemon if random_.randrange(8) == 0 else clients
            group.freeze()
            time.sleep(random_.random() * 0.03)
            group.thaw()
            time.sleep(random_.random() * 0.05)

    return blow


@case(
    'frozen and thawed clients and daemons lose no message',
    guard=3 * GUARD,
)
def freezes():
    clients, daemon = Group('clients'), Group('daemon')
    try:
        with Tree(hmcs=storm.INDICES, sessions=0) as tree:
            balance = storm.Balance(tree)
            daemon.add(tree.pid)
            judged, _ = storm.run(
                tree,
                SECONDS,
                traffic=4,
                kill_ms=200,
                beside=weather(random.Random(storm.SEED), clients, daemon),
                prepare=lambda: clients.add(os.getpid()),
            )
            daemon.thaw()
            balance.check(judged)
        note(
            f'clients frozen {clients.freezes} times, '
            f'the daemon {daemon.freezes} times'
        )
        assert clients.freezes > SECONDS and daemon.freezes > 1
    finally:
        clients.remove()
        daemon.remove()


@case('a waiting client that is frozen and thawed gets exactly its message')
def waiting():
    group = Group('reader')
    try:
        with Tree() as tree:
            channel = tree.open(os.O_RDWR, 0, 'message')
            pid = os.fork()
            if not pid:
                os._exit(0 if os.read(channel, 100) == b'hello' else 1)
            group.add(pid)
            until(lambda: tree.status(0)['waiting_readers'] == '1', 'a reader')
            group.freeze()
            tree.send(b'hello')
            until(
                lambda: tree.status(0)['received_messages'] == '1', 'the echo'
            )
            group.thaw()
            assert os.waitpid(pid, 0)[1] == 0
            os.close(channel)
    finally:
        group.remove()


storm.announce()
run()
