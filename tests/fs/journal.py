# SPDX-License-Identifier: GPL-2.0-or-later
#
# Journal: tests that the lines of the daemon's log arrive in the journal with
# their fields, and that journalctl explains them. The journal is
# systemd-journald with a /run of its own. The words of the lines are tested in
# lifecycle.py, the catalogue in check/catalog.
import errno
import json
import os
import shutil
import socket
import subprocess

from device import DEVICE
from helpers import Child, until
from mounted import DAEMON, ON_DEVICE, Foreground, Tree, scratch
from namespace import private
from tap import case, equal, raises, run

CATALOGUE = os.path.join(
    os.path.dirname(__file__), '../../vmcfs/data/vmcfs.catalog'
)
JOURNAL = '/run/systemd/journal'


def start_journal():
    """systemd-journald with a /run of its own, which has the catalogue."""
    private('/run', '/var/lib/systemd/catalog', '/usr/lib/systemd/catalog')
    shutil.copy(CATALOGUE, '/usr/lib/systemd/catalog')
    subprocess.run(['journalctl', '--update-catalog'], check=True)
    os.makedirs(JOURNAL)
    os.mkdir('/run/log')
    os.mkdir('/run/systemd/journald.conf.d')
    with open(
        '/run/systemd/journald.conf.d/test.conf', 'w', encoding='ascii'
    ) as file:
        # the kernel's log and its audit are those of the machine
        file.write('[Journal]\nReadKMsg=no\nAudit=\n')
    journald = subprocess.Popen(['/lib/systemd/systemd-journald'])
    until(lambda: os.path.exists(f'{JOURNAL}/socket'), 'the journal')
    return journald


def journal(*match, form='json'):
    """Entries of the daemons, after all that arrived was stored."""
    subprocess.run(['journalctl', '--sync'], check=True)
    return subprocess.run(
        ['journalctl', '-D', '/run/log/journal', '-q', '-o', form]
        + ['SYSLOG_IDENTIFIER=vmcfs', *match],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def entry(words):
    """The entry whose message contains the words."""
    found = []

    def look():
        found[:] = [
            each
            for each in map(json.loads, journal().splitlines())
            if words in each['MESSAGE']
        ]
        return found

    until(look, words)
    return found[0]


def expect(found, **fields):
    for key, value in fields.items():
        equal(found.get(key), value, f'{key} of "{found["MESSAGE"]}"')


def to_journal():
    """Standard error as systemd connects that of a service."""
    stderr = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stderr.connect(f'{JOURNAL}/stdout')
    stderr.sendall(b'vmcfs\n\n6\n1\n0\n0\n0\n')
    return stderr


def check_fields(tree):
    tree.control('sim reset migrated')
    opened = entry('was opened')
    expect(
        opened,
        PRIORITY='5',
        SYSLOG_FACILITY='3',
        HMC_INDEX='0',
        SESSION='1',
        CALLER_UID='0',
        CALLER_PID=str(os.getpid()),
        _PID=str(tree.pid),
        _TRANSPORT='journal',
    )
    expect(
        entry('was lost'),
        PRIORITY='4',
        HMC_INDEX='0',
        SESSION='1',
        CALLER_UID=None,
    )
    expect(entry('the channel was reset'), PRIORITY='4', HMC_INDEX=None)
    return opened['MESSAGE_ID']


def service_journal():
    journald = start_journal()
    with to_journal() as stderr, Foreground(stderr=stderr.fileno()) as tree:
        identity = check_fields(tree)
        tree.control('log-level info')
        expect(
            entry('the log level was changed from message to info'),
            PRIORITY='5',
            CALLER_UID='0',
            CALLER_PID=str(os.getpid()),
        )
        raises(errno.EINVAL, tree.control, 'nonsense')
        expect(entry('nonsense'), PRIORITY='6', MESSAGE_ID=None)
    explained = subprocess.run(
        ['journalctl', '-x', '-D', '/run/log/journal']
        + [f'MESSAGE_ID={identity}'],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert 'A session was opened on hmc0.' in explained, explained
    for each in map(json.loads, journal().splitlines()):
        if int(each['PRIORITY']) <= 5:
            assert 'MESSAGE_ID' in each, each['MESSAGE']
    journald.terminate()
    journald.wait()


@case('under systemd the journal has the fields, and explains each line')
def service():
    Child(service_journal).done()


def check_reason(words):
    """The reason of a failed start is an error, without a second name."""
    found = entry(words)
    expect(found, PRIORITY='3', MESSAGE_ID=None, _TRANSPORT='stdout')
    assert found['MESSAGE'].startswith(words), found['MESSAGE']


def refused_journal():
    journald = start_journal()
    directory = scratch()
    with to_journal() as stderr:
        process = subprocess.Popen(
            [DAEMON, ON_DEVICE, '-f', '-o', 'open=0:me']
            + ['-o', ','.join(DEVICE.prepare(refuse_open=1)), directory],
            stderr=stderr.fileno(),
        )
        equal(process.wait(), os.EX_UNAVAILABLE, 'the exit status')
    warning = entry('no session "me" was opened for the option open=')
    expect(warning, PRIORITY='4', HMC_INDEX='0', _TRANSPORT='journal')
    assert warning['MESSAGE_ID'], warning
    check_reason('open=0: ')
    for status, reason, words in (
        (os.EX_USAGE, "unknown option 'nonsense'", ['-o', 'nonsense', '/mnt']),
        (os.EX_NOINPUT, '/nonsense: ', ['/nonsense']),
    ):
        with to_journal() as stderr:
            done = subprocess.run(
                [DAEMON, ON_DEVICE, *words],
                check=False,
                stderr=stderr.fileno(),
            )
        equal(done.returncode, status, 'the exit status')
        check_reason(reason)
    with to_journal() as stderr, Foreground(
        'sim.delay_ms=60000',
        'open_timeout=10ms',
        sessions=0,
        stderr=stderr.fileno(),
    ):
        late = entry(': the channel is not up yet')
        expect(late, PRIORITY='4', _TRANSPORT='stdout')
    os.rmdir(directory)
    journald.terminate()
    journald.wait()


@case('a start that fails logs its warnings with fields, its reason as error')
def refused_start():
    Child(refused_journal).done()


def background_journal():
    journald = start_journal()
    with Tree() as tree:
        check_fields(tree)
    journald.terminate()
    journald.wait()


@case('in the background the fields go to the journal too')
def background():
    Child(background_journal).done()


def late_journal():
    private('/run')
    os.makedirs(JOURNAL)
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.bind(f'{JOURNAL}/stdout')
    stream.listen()
    with to_journal() as stderr, Foreground(stderr=stderr.fileno()) as tree:
        log = stream.accept()[0].makefile('rb')
        for _ in range(7):
            log.readline()
        while b'was opened' not in (line := log.readline()):
            assert line, 'the end of the stream'
        assert line.startswith(b'<5>hmc0: session 1 "test-0"'), line
        native = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        native.bind(f'{JOURNAL}/socket')
        tree.control(0, 'close')
        fields = dict(
            line.split('=', 1)
            for line in native.recv(1 << 16).decode().splitlines()
        )
        expect(fields, PRIORITY='5', HMC_INDEX='0', SESSION='1')


@case('without the socket of the journal lines go to its stream')
def late():
    Child(late_journal).done()


run()
