# SPDX-License-Identifier: GPL-2.0-or-later
#
# Soak: runs rounds of the system-call fuzzer, each with its own seed, against
# one daemon, and samples the resources of the daemon. It draws nothing.
#
# usage: soak.py HOURS DIRECTORY
import csv
import os
import sys
import threading
import time

import storm
from mounted import Tree

ROUND = 60  # seconds
SAMPLE = 10  # seconds
NOBODY = 65534
PACE = int(os.environ.get('VMCFS_SOAK_PACE', '900'))
FIELDS = (
    'seconds',
    'messages',
    'resident_kib',
    'descriptors',
    'memory_bytes',
    'segments',
    'buffers',
    'buffers_free',
    'channels',
    'sessions',
    'rotations',
    'resets',
    'latency_us',
)


def latency(tree):
    """Median time of an open, read and close of a status, in us."""
    times = []
    for _ in range(21):
        begun = time.monotonic()
        tree.read('status')
        times.append(time.monotonic() - begun)
    return round(sorted(times)[10] * 1e6)


def sample(tree, begun):
    channel = tree.status()
    indices = [tree.status(index) for index in range(storm.INDICES)]

    def total(key):
        return sum(int(each[key]) for each in indices)

    return {
        'seconds': round(time.monotonic() - begun, 1),
        'messages': total('sent_messages') + total('received_messages'),
        'resident_kib': storm.resident(tree.pid) >> 10,
        'descriptors': storm.descriptors(tree.pid),
        'memory_bytes': channel['memory_bytes'],
        'segments': channel['segments'],
        'buffers': total('buffers'),
        'buffers_free': total('buffers_free'),
        'channels': total('channels'),
        'sessions': total('sessions'),
        'rotations': total('rotations'),
        'resets': channel['resets'],
        'latency_us': latency(tree),
    }


class Sampler(threading.Thread):
    """Writes a line of samples at intervals until it is stopped."""

    def __init__(self, tree, path):
        super().__init__()
        self.tree, self.begun = tree, time.monotonic()
        self.file = open(path, 'w', encoding='ascii', newline='')
        self.out = csv.DictWriter(self.file, FIELDS, lineterminator='\n')
        self.out.writeheader()
        self.stopped = threading.Event()

    def run(self):
        while True:
            self.out.writerow(sample(self.tree, self.begun))
            self.file.flush()
            if self.stopped.wait(SAMPLE):
                return

    def stop(self):
        self.stopped.set()
        self.join()
        self.file.close()


def soak(hours, directory):
    end = time.monotonic() + hours * 3600
    with Tree(
        'allow_other',
        'mode=0666',
        'dmode=0777',
        'history=1M',
        'memory=32M',
        hmcs=storm.INDICES,
        sessions=0,
    ) as tree:
        balance = storm.Balance(tree)
        sampler = Sampler(tree, os.path.join(directory, 'samples.csv'))
        sampler.start()
        try:
            number = 0
            while time.monotonic() < end:
                number += 1
                storm.SEED += 1
                before = [
                    balance.counters(index) for index in range(storm.INDICES)
                ]
                judged, _ = storm.run(
                    tree,
                    ROUND,
                    uid=NOBODY,
                    pace=PACE,
                    traffic=30,
                    kill_ms=2000,
                    stop_ms=2000,
                )
                balance.counted = before
                balance.check(judged)
                print(
                    f'round {number}, seed {storm.SEED}: '
                    f'{len(judged.result)} messages tried, nothing lost',
                    flush=True,
                )
        finally:
            sampler.stop()
        print(f'messages through the daemon: {sample(tree, 0)["messages"]}')


storm.announce()
soak(float(sys.argv[1]), sys.argv[2])
