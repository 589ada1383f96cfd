# SPDX-License-Identifier: GPL-2.0-or-later
#
# Status files: tests their form and their keys. Scripts rely on both, so keys
# are only added; status-keys.txt lists them. Values are tested elsewhere.
import base64
import json
import os
import re

from device import DEVICE
from helpers import until
from mounted import Tree
from tap import case, equal, run

LINE = re.compile(
    r'[a-z][a-z0-9_]*: '
    r'(?:[A-Za-z0-9_./:+-]+|"(?:[ !#-\[\]-~]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*")'
)
GOLDEN = os.path.join(os.path.dirname(__file__), 'status-keys.txt')


def golden():
    """Lines of "channel KEY" and "hmc KEY", without those of other devices."""
    with open(GOLDEN, encoding='utf-8') as file:
        return {
            line.strip()
            for line in file
            if not line.startswith(('#', *DEVICE.absent_keys))
        }


def keys(tree):
    return {f'channel {key}' for key in tree.status()} | {
        f'hmc {key}' for key in tree.status(0)
    }


@case('every documented key is present')
def promised():
    with Tree() as tree:
        equal(golden() - keys(tree), set(), 'the list of missing keys')


@case('every key is documented')
def listed():
    with Tree() as tree:
        equal(keys(tree) - golden(), set(), 'the list of undocumented keys')


@case('every line is "key: value"; text is quoted, and other values are plain')
def form():
    with Tree(sessions=0) as tree:

        def check():
            for target in (), (0,):
                text = tree.read(*target, 'status').decode('ascii')
                assert text.endswith('\n')
                for line in text.splitlines():
                    assert LINE.fullmatch(line), line
                found = [line.split(':')[0] for line in text.splitlines()]
                equal(len(set(found)), len(found), 'the number of keys')

        check()
        tree.control(0, 'open a "quoted" \\ name: {x}')
        check()
        equal(
            tree.status(0)['hmc_id'],
            r'"a \"quoted\" \\ name: {x}"',
            'the HMC ID',
        )
        tree.control(0, 'close')
        tree.control(0, 'open hex:00ff0a22')
        check()
        for target in (), (0,):
            try:
                tree.control(*target, 'bad "\\')
            except OSError:
                pass
        check()


@case('the counters increase with each message')
def counters():
    with Tree() as tree:
        for number in range(10):
            tree.send(b'x' * number)
        until(
            lambda: tree.status(0)['received_messages'] == '9',
            'the echo of every message',
        )
        status = tree.status(0)
        for key, value in (
            ('sent_messages', 9),
            ('sent_bytes', 45),
            ('received_messages', 9),
            ('received_bytes', 45),
            ('waiting_readers', 0),
            ('waiting_writers', 0),
            ('send_queue_messages', 0),
            ('sessions', 1),
        ):
            equal(status[key], str(value), key)


@case('the status shows the limits of the channel')
def limits():
    with Tree(
        'history=1M', 'memory=8M', 'sendq=32K', hmcs=3, mtu=8192
    ) as tree:
        status = tree.status()
        for key, value in (
            ('channel', 'ready'),
            ('hmcs', '3'),
            ('mtu_bytes', '8192'),
            ('history_bytes', str(1 << 20)),
            ('memory_limit_bytes', str(8 << 20)),
        ):
            equal(status[key], value, key)
        equal(tree.status(0)['send_queue_limit_bytes'], '32768', 'sendq')


def bytes_of(record):
    """Bytes of the HMC ID of an object of log.json, as in vmcfs(5)."""
    if 'id_base64' in record:
        return base64.b64decode(record['id_base64'])
    return record['id'].encode('utf-8')


@case('an HMC ID of any bytes can be compared in status and log.json')
def joined():
    with Tree(sessions=0) as tree:
        for data in (
            b'my "console"',
            'Büro é €'.encode(),
            b'\xe9',
            b'\xff\x00\xc3\xa9\x80!',
            b'\xc2\x80',
            bytes(range(1, 33)),
        ):
            tree.control(0, 'open hex:' + data.hex())
            text = json.loads(tree.status(0)['hmc_id'])
            equal(text.encode('latin-1'), data, 'the ID in the status')
            tree.control(0, 'close')
            records = map(json.loads, tree.read(0, 'log.json').splitlines())
            opened = [each for each in records if each['kind'] == 'open']
            equal(bytes_of(opened[-1]), data, 'the ID in log.json')


run()
