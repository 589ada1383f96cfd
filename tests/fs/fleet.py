# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fleet: runs examples/fleet: three partitions in network namespaces, whose
# messages a real rsyslog collects and whose metrics a real Prometheus, by
# fleet/prometheus.yml with one second instead of fifteen. It also runs the
# commands of docs/fleet.md.
import json
import os
import re
import signal
import subprocess

from helpers import Tool, section, shell, until
from mounted import DAEMON, scratch
from prometheus import EXAMPLES, SERVER
from tap import case, equal, run

DOCUMENT = os.path.join(EXAMPLES, '..', 'docs', 'fleet.md')
FLEET = os.path.join(EXAMPLES, 'fleet', 'fleet.sh')
PARTITIONS = 'part1', 'part2', 'part3'


class Fleet(Tool):
    """The running example; its end must be clean."""

    def __init__(self):
        self.directory = scratch()
        super().__init__('sh', FLEET, self.directory, DAEMON, '1')
        self.await_text(b'The fleet runs.\n')

    def pid(self, machine):
        with open(
            os.path.join(self.directory, machine + '.pid'), encoding='ascii'
        ) as file:
            return file.read().strip()

    def path(self, partition, name):
        """File of the tree of a partition, in its mount namespace."""
        return f'/proc/{self.pid(partition)}/root/run/vmc/{name}'

    def read(self, partition, name):
        with open(self.path(partition, name), 'rb') as file:
            return file.read()

    def write(self, partition, name, data):
        descriptor = os.open(self.path(partition, name), os.O_WRONLY)
        equal(os.write(descriptor, data), len(data), 'the result of write')
        os.close(descriptor)

    def collected(self, partition):
        """Lines of hmc0 that the log host has from a partition."""
        try:
            with open(
                f'{self.directory}/log/{partition}/hmc0.log', 'rb'
            ) as file:
                return file.read()
        except FileNotFoundError:
            return b''

    def query(self, expression):
        """Labels and value of each series, from Prometheus on the hub."""
        done = subprocess.run(
            ['nsenter', '--net', '--target', self.pid('hub')]
            + ['promtool', 'query', 'instant', '--format=json']
            + [f'http://127.0.0.1:{SERVER}', expression],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return []
        return [
            (each['metric'], float(each['value'][1]))
            for each in json.loads(done.stdout)
        ]

    def by_partition(self, expression):
        return {
            labels['instance'].partition(':')[0]: value
            for labels, value in self.query(expression)
        }

    def firing(self):
        return {
            (labels['alertname'], labels['instance'], labels.get('hmc'))
            for labels, _ in self.query('ALERTS{alertstate="firing"}')
        }

    def inside(self, machine, *command):
        """Command that runs in the namespaces of a machine."""
        words = 'nsenter', '--mount', '--net', '--uts', '--target'
        return (*words, self.pid(machine), *command)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        equal(self.process.wait(), 143, 'the exit status')


def has_all(fleet, partition):
    """Whether the log host has each line of hmc0/log, and no other."""
    return fleet.collected(partition) == fleet.read(partition, 'hmc0/log')


@case('one rsyslog gets the messages of all, and one Prometheus the metrics')
def collects():
    with Fleet() as fleet:
        for number, partition in enumerate(PARTITIONS, 1):
            for _ in range(number):
                fleet.write(
                    partition, 'hmc0/message', partition.encode() + b'\xff\n'
                )
        for number, partition in enumerate(PARTITIONS, 1):
            until(lambda: has_all(fleet, partition), f'lines of {partition}')
            lines = fleet.collected(partition).splitlines()
            equal(len(lines), 1 + 2 * number, 'the number of lines')
            assert lines[-1].endswith(
                b'"%s\\xff\\n"' % partition.encode()
            ), lines
        until(
            lambda: fleet.by_partition('vmcfs_sent_messages_total{hmc="0"}')
            == {'part1': 1, 'part2': 2, 'part3': 3},
            'the metrics',
        )
        ready = fleet.by_partition('vmcfs_session_ready{hmc="0"}')
        equal(ready, dict.fromkeys(PARTITIONS, 1), 'the sessions')
        equal(fleet.firing(), set(), 'the alerts')
        fleet.end()


@case('lines wait while the log host is away, and arrive when it is back')
def away():
    pid_file = '/run/rsyslog.pid'
    configuration = os.path.join(EXAMPLES, 'rsyslog', 'loghost.conf')
    with Fleet() as fleet:
        fleet.write('part1', 'hmc0/message', b'before')
        until(lambda: has_all(fleet, 'part1'), 'the first lines')
        path = f'/proc/{fleet.pid("hub")}/root{pid_file}'
        with open(path, encoding='ascii') as file:
            os.kill(int(file.read()), signal.SIGTERM)
        until(lambda: not os.path.exists(path), 'the end of rsyslogd')
        for number in range(5):
            fleet.write('part1', 'hmc0/message', b'away %d' % number)
        assert not has_all(fleet, 'part1'), 'the log host is not away'
        with Tool(
            *fleet.inside('hub', 'rsyslogd', '-n', '-f', configuration),
            *('-i', pid_file),
        ):
            until(lambda: has_all(fleet, 'part1'), 'the lines')
            fleet.end()


@case('the commands of docs/fleet.md run as printed on a running fleet')
def document():
    text = section(DOCUMENT, '## Trying it')
    commands = re.findall(r'^    ([^#\n]*)', text, re.MULTILINE)
    commands = [each for each in commands if 'fleet.sh' not in each]
    assert len(commands) > 3, commands
    with Fleet() as fleet:
        found = {}
        for command in commands:
            command = command.replace('DIR', fleet.directory).strip()

            def execute():
                done = shell(command, status=None)
                found[command] = done.stdout
                return not done.returncode

            until(execute, command)
        fleet.end()
    assert any(b'hello' in text for text in found.values()), found
    assert any(b'part2' in text for text in found.values()), found


@case('fleet.sh refuses wrong arguments, and a directory that is not empty')
def refused():
    directory = scratch()
    path = os.path.join(directory, 'sshd.pid')
    with open(path, 'wb') as file:
        file.write(b'1')
    for arguments, says in (
        ((), b'the directory is missing'),
        (('/nowhere', DAEMON), b'/nowhere'),
        ((directory, DAEMON, 'x'), b'is not a whole number of seconds'),
        ((directory, DAEMON), b'is not empty'),
    ):
        # A fleet that is not refused ends, with its processes.
        done = subprocess.run(
            ['timeout', '30', 'sh', FLEET, *arguments],
            capture_output=True,
            check=False,
        )
        assert done.returncode and says in done.stderr, (arguments, done)
        equal(os.listdir(directory), ['sshd.pid'], 'the files')
    os.unlink(path)


@case('an alert fires for a lost session, and another one for a missing tree')
def alert():
    with Fleet() as fleet:
        until(
            lambda: fleet.by_partition('vmcfs_sessions_lost_total{hmc="0"}')
            == dict.fromkeys(PARTITIONS, 0),
            'the metrics',
        )
        subprocess.run(
            fleet.inside('part3', 'umount', '--lazy', '/run/vmc'), check=True
        )
        fleet.write('part2', 'control', b'sim reset migrated\n')
        lost = 'VmcSessionLost', 'part2:9100', '0'
        until(lambda: lost in fleet.firing(), 'the alert')
        until(lambda: has_all(fleet, 'part2'), 'the lines of part2')
        last = fleet.collected('part2').splitlines()[-1]
        assert b' close 1 ' in last, last
        equal({instance for _, instance, _ in fleet.firing()}, {lost[1]})
        # VmcMetricsAbsent fires after two minutes.
        absent = 'ALERTS{alertname="VmcMetricsAbsent", alertstate="pending"}'
        until(lambda: fleet.by_partition(absent) == {'part3': 1}, 'the alert')
        fleet.write('part2', 'hmc0/control', b'open again\n')
        fleet.write('part2', 'hmc0/message', b'again\n')
        until(
            lambda: b'received 1 6 "again' in fleet.collected('part2'),
            'the message of the next session',
        )
        fleet.end()


run()
