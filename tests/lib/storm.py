# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storm: runs tests/fuzz/syscalls on a mounted tree, and checks the history and
# the balance. At the end the daemon must have the same resources as at the
# start, and the same counters as the writers. It does not choose the options
# of the fuzzer.
import os
import random
import shutil
import subprocess
import sys
import tempfile

import history
import mounted
import tap
from helpers import until

PROGRAM = os.path.join(
    os.path.dirname(mounted.DAEMON), '..', 'tests', 'fuzz', 'fuzz-syscalls'
)
INDICES = 2
SLACK = 24 << 20  # bytes that the allocator may retain

SEED = int(os.environ.get('VMCFS_TEST_SEED') or random.randrange(1 << 32))
SECONDS = float(os.environ.get('VMCFS_TEST_STORM_SECONDS', '0'))
ALLOCATOR = 'quarantine_size_mb=4:malloc_context_size=8'


def announce():
    """Prints the seed and the command that repeats a run with it."""
    name = os.path.basename(sys.argv[0]).removesuffix('.py')
    build = os.environ.get('VMCFS_TEST_BUILD', 'plain')
    tap.note(
        f'seed {SEED}; repeat: VMCFS_TEST_SEED={SEED} '
        f'sh tests/run.sh {build}/fuzz/{name}'
    )
    # Keep freed memory in quarantine from counting as growth.
    os.environ['ASAN_OPTIONS'] = ':'.join(
        filter(None, [os.environ.get('ASAN_OPTIONS'), ALLOCATOR])
    )


def resident(pid):
    with open(f'/proc/{pid}/statm', encoding='ascii') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGESIZE')


def descriptors(pid):
    return len(os.listdir(f'/proc/{pid}/fd'))


def exchange(tree, index):
    """Opens a session, sends a message, reads the echo; returns the status."""
    tree.control(index, 'open balance')
    channel = tree.open(os.O_RDWR, index, 'message')
    try:
        os.write(channel, b'balance')
        tap.equal(os.read(channel, 100), b'balance', 'the echo')
    finally:
        os.close(channel)
    until(lambda: tree.status(index)['channels'] == '0', 'a closed channel')
    return tree.status(index)


def close_all(tree):
    for index in range(INDICES):
        if tree.status(index)['state'] != 'none':
            tree.control(index, 'close')


class Balance:
    """Resources of the daemon before a storm, for comparison at its end."""

    KEYS = (
        'buffers',
        'buffers_free',
        'send_queue_messages',
        'stalled',
        'waiting_readers',
        'waiting_writers',
        'channels',
    )

    def __init__(self, tree, sessions=True):
        self.tree, self.sessions = tree, sessions
        self.status = self.exchange()
        self.resident = resident(tree.pid)
        self.descriptors = descriptors(tree.pid)
        self.counted = [self.counters(index) for index in range(INDICES)]

    def exchange(self):
        if not self.sessions:
            return []
        close_all(self.tree)
        found = [exchange(self.tree, index) for index in range(INDICES)]
        close_all(self.tree)
        return [{key: each[key] for key in self.KEYS} for each in found]

    def counters(self, index):
        status = self.tree.status(index)
        return int(status['sent_messages']) + int(status['unsent_messages'])

    def settle(self):
        """Waits for the releases of files that killed processes had open."""
        for index in range(INDICES):
            for key in 'channels', 'waiting_readers', 'waiting_writers':
                until(
                    lambda i=index, k=key: self.tree.status(i)[k] == '0',
                    f'no {key}',
                )
        until(
            lambda: descriptors(self.tree.pid) <= self.descriptors,
            'the descriptors of the start',
        )

    def check(self, judged):
        """Compares with the start. JUDGED is the history of the storm."""
        self.settle()
        for index in range(INDICES):
            sent = self.counters(index) - self.counted[index]
            accepted = judged.count(history.ACCEPTED, index)
            unknown = judged.count(history.UNKNOWN, index)
            assert accepted <= sent <= accepted + unknown, (
                f'hmc{index}: {accepted} messages accepted, {unknown} '
                f'unknown, '
                f'but {sent} sent or reported as unsent'
            )
        tap.equal(self.exchange(), self.status, 'a new session')
        status = self.tree.status()
        tap.equal(status['channel'], 'ready', 'the channel')
        tap.equal(
            status['sim_violations'], '0', 'the number of protocol violations'
        )
        grown = resident(self.tree.pid) - self.resident
        bound = int(status['memory_limit_bytes']) * 5 // 4 + SLACK
        tap.note(f'resident memory grew by {grown >> 10} KiB')
        assert grown <= bound, f'resident memory grew by {grown} bytes'


def run(tree, seconds, beside=None, prepare=None, **options):
    """Runs the program; PREPARE is called in its process before it starts,
    BESIDE is called with the process while it runs.
    Returns the history and the calls of each operation."""
    records = tempfile.mkdtemp()
    os.chmod(records, 0o777)
    words = [
        f'--{key.replace("_", "-")}' + ('' if value is True else f'={value}')
        for key, value in options.items()
        if value is not None
    ]
    command = [
        PROGRAM,
        f'--root={tree.directory}',
        f'--records={records}',
        f'--seconds={max(1, round(seconds))}',
        f'--seed={SEED}',
        *words,
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
    ) as process:
        if beside:
            beside(process)
        lines = process.communicate()[0].splitlines()
    calls = {}
    for line in lines:
        match line.split():
            case ['operation', name, 'calls', count, 'succeeded', good]:
                calls[name] = (int(count), int(good))
            case _:
                tap.note(line)
    judged = history.History.load(records)
    for sentence in judged.check()[:20]:
        tap.note(sentence)
    seen = sum(1 for stream in judged.streams for _ in stream.messages())
    tap.note(
        f'{sum(count for count, _ in calls.values())} calls, '
        f'{len(judged.result)} messages tried, '
        f'{judged.count(history.ACCEPTED)} accepted, {seen} seen by readers, '
        f'{sum(len(each.parts) - 1 for each in judged.streams)} gaps reported'
    )
    tap.equal(process.returncode, 0, 'the exit status of the fuzzer')
    assert not judged.wrong, f'{len(judged.wrong)} violations of the history'
    shutil.rmtree(records)
    return judged, calls
