# SPDX-License-Identifier: GPL-2.0-or-later
#
# Metrics: tests the file /metrics: its form by promtool, its names by the list
# metric-names.txt, its values by those of the status files, the histograms,
# and the example for the textfile collector. Names and meanings stay, since
# rules and dashboards rely on them; the list only grows.
import errno
import json
import os
import re
import signal
import subprocess

from helpers import Child, blocked, fill, section, until
from mounted import Tree, scratch
from tap import case, equal, raises, run

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, 'metric-names.txt')
DOCUMENT = os.path.join(HERE, '../../docs/metrics.md')
TEXTFILE = os.path.join(HERE, '../../examples/textfile.sh')
SAMPLE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)')


def metrics(tree):
    """Samples of /metrics: value by name and labels."""
    found = {}
    for line in tree.read('metrics').decode().splitlines():
        if not line.startswith('#'):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            found[name, labels or ''] = float(value)
    return found


def described(tree):
    """Lines of "NAME TYPE" in the order of the file."""
    return [
        line.removeprefix('# TYPE ')
        for line in tree.read('metrics').decode().splitlines()
        if line.startswith('# TYPE ')
    ]


def of(found, name, hmc=0):
    return found[name, f'hmc="{hmc}"']


def promtool(path):
    with open(path, 'rb') as file:
        done = subprocess.run(
            ['promtool', 'check', 'metrics'],
            stdin=file,
            capture_output=True,
            text=True,
            check=False,
        )
    equal((done.returncode, done.stderr), (0, ''), 'the result of promtool')


def round_trips(tree, count):
    channel = tree.open(os.O_RDWR, 0, 'message')
    for number in range(count):
        os.write(channel, b'%d' % number)
        equal(os.read(channel, 100), b'%d' % number, 'the echo')
    os.close(channel)


@case('promtool accepts the metrics, with and without HMC indices in use')
def form():
    with Tree(hmcs=3, sessions=0) as tree:
        promtool(tree.path('metrics'))
        tree.control(2, 'open me')
        tree.send(b'hello', 2)
        promtool(tree.path('metrics'))


@case('the metrics are those of the list, each with the label of its index')
def listed():
    with open(GOLDEN, encoding='ascii') as file:
        golden = [line.strip() for line in file if not line.startswith('#')]
    with Tree(hmcs=2) as tree:
        equal(described(tree), golden, 'names and types')
        found = metrics(tree)
        for name, labels in found:
            if labels.startswith('hmc="0"'):
                assert (name, labels.replace('0', '1', 1)) in found, name


@case('the values are those of the status files')
def values():
    with Tree('history=64K', 'memory=1M', hmcs=2) as tree:
        round_trips(tree, 10)
        tree.control('sim flood 0 500 4096')
        until(
            lambda: tree.status(0)['received_messages'] == '510',
            'the flood',
        )
        raises(errno.ENXIO, tree.send, b'x', 1)
        found, status, hmc = metrics(tree), tree.status(), tree.status(0)
        for name, key in (
            ('vmcfs_channel_resets_total', 'resets'),
            ('vmcfs_channel_hmcs', 'hmcs'),
            ('vmcfs_channel_mtu_bytes', 'mtu_bytes'),
            ('vmcfs_memory_bytes', 'memory_bytes'),
            ('vmcfs_memory_limit_bytes', 'memory_limit_bytes'),
            ('vmcfs_segments', 'segments'),
            ('vmcfs_segments_dropped_total', 'segments_dropped'),
            ('vmcfs_open_files', 'handles'),
            ('vmcfs_open_files_limit', 'handles_limit'),
            ('vmcfs_open_files_refused_total', 'handles_refused'),
            ('vmcfs_waiting_bytes', 'waiting_bytes'),
        ):
            equal(found[name, ''], float(status[key]), name)
        for name, key in (
            ('vmcfs_sessions_opened_total', 'sessions'),
            ('vmcfs_sent_messages_total', 'sent_messages'),
            ('vmcfs_sent_bytes_total', 'sent_bytes'),
            ('vmcfs_received_messages_total', 'received_messages'),
            ('vmcfs_received_bytes_total', 'received_bytes'),
            ('vmcfs_send_queue_limit_bytes', 'send_queue_limit_bytes'),
            ('vmcfs_buffers', 'buffers'),
            ('vmcfs_buffers_free', 'buffers_free'),
            ('vmcfs_segment_bytes', 'segment_bytes'),
            ('vmcfs_rotations_total', 'rotations'),
        ):
            equal(of(found, name), float(hmc[key]), name)
        equal(of(found, 'vmcfs_session_ready'), 1, 'hmc0')
        equal(of(found, 'vmcfs_session_ready', 1), 0, 'hmc1')


@case('a lost session is counted, and a closed one is not')
def lost():
    with Tree() as tree:
        tree.control(0, 'close')
        equal(of(metrics(tree), 'vmcfs_sessions_lost_total'), 0, 'losses')
        tree.control(0, 'open me')
        tree.control('sim reset migrated')
        until(lambda: tree.status(0)['state'] == 'none', 'the loss')
        found = metrics(tree)
        equal(of(found, 'vmcfs_sessions_lost_total'), 1, 'losses')
        equal(of(found, 'vmcfs_session_ready'), 0, 'the session')
        equal(found['vmcfs_channel_resets_total', ''], 1, 'resets')


def check_buckets(found, name):
    """The buckets grow to the count; returns it and the sum."""
    buckets = [
        value
        for (each, labels), value in found.items()
        if each == f'{name}_bucket' and labels.startswith('hmc="0",')
    ]
    equal(buckets, sorted(buckets), 'the buckets')
    equal(buckets[-1], of(found, f'{name}_count'), 'the last bucket')
    return buckets[-1], of(found, f'{name}_sum')


@case('each request with its reply is one round trip')
def round_trip():
    with Tree('sim.delay_ms=20') as tree:
        round_trips(tree, 5)
        found = metrics(tree)
        count, total = check_buckets(found, 'vmcfs_round_trip_seconds')
        equal(count, 5, 'round trips')
        # The simulator counts in whole milliseconds, from the last one.
        assert total >= 5 * 0.019, total
        fast = found['vmcfs_round_trip_seconds_bucket', 'hmc="0",le="0.01"']
        equal(fast, 0, 'round trips below the delay')
        tree.control('sim emit 0 unasked')
        until(lambda: b'unasked' in tree.read(0, 'message'), 'the message')
        count, _ = check_buckets(metrics(tree), 'vmcfs_round_trip_seconds')
        equal(count, 5, 'round trips')


@case('a write that waits for room counts with its wait, others count as 0')
def write_wait():
    name = 'vmcfs_write_wait_seconds'
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        written = fill(tree, 100)
        equal(check_buckets(metrics(tree), name), (written, 0), 'waits')
        writer = Child(tree.send, b'waits')
        blocked(tree, 'writers', 1)
        equal(of(metrics(tree), 'vmcfs_waiting_writers'), 1, 'writers')
        tree.control('sim stall off')
        writer.done()
        count, total = check_buckets(metrics(tree), name)
        equal(count, written + 1, 'writes')
        assert total > 0, total


@case('size and text agree, opens of metrics change nothing, and writes fail')
def file():
    with Tree() as tree:
        path = tree.path('metrics')
        text = tree.read('metrics')
        with open(path, 'rb') as one, open(path, 'rb') as other:
            equal(os.fstat(one.fileno()).st_size, len(text), 'the size')
            equal(one.read(), text, 'the text')
            equal(other.read(100) + other.read(), text, 'the text in parts')
        tree.send(b'hello')
        until(lambda: tree.read(0, 'message') == b'hello', 'the echo')
        equal(os.stat(path).st_size, len(tree.read('metrics')), 'the size')
        assert tree.read('metrics') != text, 'the text does not change'
        raises(errno.EACCES, os.open, path, os.O_WRONLY)
        equal(os.stat(path).st_mode & 0o777, 0o400, 'the mode')


@case('Prometheus accepts the queries of the document')
def queries():
    text = section(DOCUMENT, '## Queries')
    found = [line.split('#')[0].strip() for line in text.splitlines()]
    found = [query for query in found if query]
    assert len(found) > 5, found
    rules = [
        {'record': f'query:{number}', 'expr': query}
        for number, query in enumerate(found)
    ]
    directory = scratch()
    path = os.path.join(directory, 'rules')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({'groups': [{'name': 'queries', 'rules': rules}]}, file)
    done = subprocess.run(
        ['promtool', 'check', 'rules', path],
        capture_output=True,
        text=True,
        check=False,
    )
    equal(done.returncode, 0, f'the result of promtool: {done.stderr}')
    with Tree() as tree:
        known = {name for name, _ in metrics(tree)}
    for name in re.findall(r'vmcfs_\w+', text):
        assert name in known, f'{name} is in the document only'
    os.unlink(path)
    os.rmdir(directory)


@case('the example for the textfile collector writes a file of its own kind')
def textfile():
    directory = scratch()
    with Tree() as tree:
        subprocess.run(['sh', TEXTFILE, tree.directory, directory], check=True)
        equal(os.listdir(directory), ['vmcfs.prom'], 'the files')
        path = os.path.join(directory, 'vmcfs.prom')
        promtool(path)
        with open(path, 'rb') as copy:
            assert b'vmcfs_session_ready{hmc="0"} 1\n' in copy.read()
        mount_point = tree.directory
        tree.stop()
        os.mkdir(mount_point)
        done = subprocess.run(
            ['sh', TEXTFILE, mount_point, directory], check=False
        )
        assert done.returncode, 'an unmounted tree is no failure'
        equal(os.listdir(directory), [], 'the files')
        os.rmdir(mount_point)
    os.rmdir(directory)


@case('textfile.sh refuses wrong arguments, and copies nothing')
def wrong_arguments():
    directory = scratch()
    with Tree() as tree:
        both = tree.directory, directory
        wrong = [
            (),
            both[:1],
            (both[0], directory + '/none'),
            (*both, '1') * 2,
        ]
        wrong += [
            (*both, seconds) for seconds in '1x 0 0.0 abc -1 1.2.3'.split()
        ]
        for arguments in wrong:
            done = subprocess.run(
                ['sh', TEXTFILE, *arguments],
                capture_output=True,
                check=False,
            )
            equal(done.returncode, 64, f'the exit status for {arguments}')
            equal(done.stderr.count(b'\n'), 1, done.stderr)
            assert done.stderr.startswith(b'textfile.sh: '), done.stderr
            equal(os.listdir(directory), [], 'the files')
    os.rmdir(directory)


@case('textfile.sh leaves no part of a copy when a signal ends it')
def interrupted_copy():
    directory, endless = scratch(), scratch()
    # A file whose end does not arrive.
    os.mkfifo(endless + '/metrics')
    writer = os.open(endless + '/metrics', os.O_RDWR)
    os.write(writer, b'part')
    part = directory + '/vmcfs.prom.new'
    with subprocess.Popen(
        ['sh', TEXTFILE, endless, directory, '1'], start_new_session=True
    ) as copier:
        until(lambda: os.path.exists(part) and os.stat(part).st_size, 'a part')
        os.killpg(copier.pid, signal.SIGTERM)
        copier.wait()
    equal(os.listdir(directory), [], 'the files')
    os.close(writer)
    os.unlink(endless + '/metrics')
    os.rmdir(endless)
    os.rmdir(directory)


def samples(path):
    """Names with labels of a file of metrics."""
    with open(path, encoding='utf-8') as file:
        return {
            line.rsplit(' ', 1)[0]
            for line in file.read().splitlines()
            if not line.startswith('#')
        }


@case('the metrics of two trees have the names of their trees')
def two_trees():
    directory = scratch()
    with Tree() as tree, Tree() as other:
        for name, mounted in ('one', tree), ('two-2', other):
            subprocess.run(
                ['sh', TEXTFILE, mounted.directory, directory, '', name],
                check=True,
            )
            promtool(f'{directory}/vmcfs-{name}.prom')
        with open(tree.directory + '/metrics', encoding='utf-8') as file:
            number = sum(line[0] != '#' for line in file)
        one = samples(f'{directory}/vmcfs-one.prom')
        both = one | samples(f'{directory}/vmcfs-two-2.prom')
        assert 'vmcfs_open_files{tree="one"}' in one, one
        assert 'vmcfs_session_ready{tree="one",hmc="0"}' in one, one
        equal(len(one), number, 'the samples of one tree')
        equal(len(both), 2 * number, 'the samples of both')
        done = subprocess.run(
            ['sh', TEXTFILE, tree.directory, directory, '', 'a"b'],
            check=False,
        )
        equal(done.returncode, 64, 'the exit status for a wrong name')
    equal(len(os.listdir(directory)), 2, 'the number of files')
    for name in os.listdir(directory):
        os.unlink(os.path.join(directory, name))
    os.rmdir(directory)


run()
