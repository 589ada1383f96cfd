# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mount units: tests the units of docs/using.md, and those that systemd makes
# of a line of fstab. The manager of systemd is that of a user, root, in a
# mount namespace with the installed program; it is not the first process of a
# system. It does not test service units.
import os
import re
import subprocess

from device import DEVICE
from helpers import Child, read_lines, until, write_line
from installed import mount, prepare, replace, show, table, tool
from mounted import scratch
from namespace import private
from tap import case, equal, run

SYSTEMD = '/lib/systemd/systemd'
GENERATOR = '/lib/systemd/system-generators/systemd-fstab-generator'
GROUPS = '/sys/fs/cgroup'
MOUNTED, AUTOMOUNT = 'fuse.vmcfs', 'autofs'


def documented(name):
    """Text of a unit of docs/using.md, or of its line of fstab."""
    pattern = rf'^ +# /etc/\S*{name}\n((?:      .*\n|\n(?=      ))+)'
    with open('docs/using.md', encoding='utf-8') as page:
        found = re.search(pattern, page.read(), re.M)
    assert found, f'docs/using.md has no {name}'
    return found[1].replace('      ', '')


def here(text, directory):
    """A text of the documents for the simulated channel, at a directory."""
    text = text.replace('/dev/ibmvmc', 'sim').replace('gid=vmc', 'gid=daemon')
    return text.replace('/run/vmc', directory)


class Manager:
    """A manager of systemd with these units, in a control group."""

    def __init__(self, base, units):
        show()
        mount('-t', 'cgroup2', 'cgroup2', GROUPS)
        self.group = os.path.join(GROUPS, f'vmcfs-test-{os.getpid()}')
        os.mkdir(self.group)
        self.enter(self.group)
        os.makedirs('/run/systemd/system')  # as on a system with systemd
        os.environ['XDG_RUNTIME_DIR'] = os.path.join(base, 'runtime')
        os.environ['XDG_CONFIG_HOME'] = os.path.join(base, 'configuration')
        self.units = os.path.join(base, 'configuration/systemd/user')
        os.mkdir(os.path.join(base, 'runtime'), 0o700)
        os.makedirs(self.units)
        for name, text in units.items():
            path = os.path.join(self.units, name)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)

    def enter(self, group):
        path = os.path.join(group, 'cgroup.procs')
        with open(path, 'w', encoding='ascii') as file:
            file.write(str(os.getpid()))

    def __enter__(self):
        self.process = subprocess.Popen(
            [SYSTEMD, '--user'],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its group does not trigger a mount
        )
        socket = os.path.join(os.environ['XDG_RUNTIME_DIR'], 'systemd/private')
        until(lambda: os.path.exists(socket), 'the socket of systemd')
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()
        self.enter(GROUPS)
        until(self.is_empty, 'the end of the processes of the units')
        for path, _, _ in sorted(os.walk(self.group), reverse=True):
            os.rmdir(path)

    def is_empty(self):
        with open(self.group + '/cgroup.events', encoding='ascii') as events:
            return 'populated 0\n' in events.read()

    def control(self, *words, status=0):
        return tool('systemctl', '--user', '--no-pager', *words, status=status)

    def state(self, unit):
        return self.control('show', '-P', 'ActiveState', unit).strip()

    def pid(self, unit):
        """The daemon of a mount unit."""
        group = self.control('show', '-P', 'ControlGroup', unit).strip()
        path = os.path.join(GROUPS + group, 'cgroup.procs')
        with open(path, encoding='ascii') as pids:
            return int(pids.read().split()[0])


def on_systemd(function, units):
    """Calls FUNCTION with a manager, its directory and the name of its mount
    unit; UNITS maps a suffix to a text, for a directory, or is a function."""
    base = scratch()
    directory = os.path.join(base, 'd')
    name = tool('systemd-escape', '-p', directory).strip()

    def work():
        private(base, '/run')
        os.mkdir(directory)
        made = units(base, directory) if callable(units) else units
        texts = {
            f'{name}.{suffix}': here(text, directory)
            for suffix, text in made.items()
        }
        with Manager(base, texts) as manager:
            function(manager, directory, name)
            equal(table(), [], 'the mounts at the end')

    Child(work).done()
    os.rmdir(base)


def types():
    return [row[2] for row in table()]


def works(directory):
    with open(
        os.path.join(directory, 'hmc0/status'), encoding='utf-8'
    ) as file:
        assert 'state: ready\n' in file.read(), 'the session is not open'
    of = os.stat(os.path.join(directory, 'hmc0/message'))
    equal(of.st_mode & 0o777, 0o660, 'the mode of message')


@case('the mount unit of the documents mounts, and its stop unmounts')
def mount_unit():
    def work(manager, directory, name):
        unit = name + '.mount'
        manager.control('start', unit)
        equal(types(), [MOUNTED], 'the mounts')
        works(directory)
        equal(manager.state(unit), 'active', 'the state')
        manager.control('stop', unit)
        equal(types(), [], 'the mounts')
        equal(manager.state(unit), 'inactive', 'the state')
        manager.control('start', unit)
        tool('umount', directory)
        until(lambda: manager.state(unit) == 'inactive', 'the inactive state')

    on_systemd(work, {'mount': documented('run-vmc.mount')})


@case('a mount unit whose daemon was killed is inactive, and starts again')
def killed():
    def work(manager, directory, name):
        unit = name + '.mount'
        manager.control('start', unit)
        os.kill(manager.pid(unit), 9)
        until(lambda: manager.state(unit) != 'active', 'another state')
        equal(types(), [], 'the mounts')
        manager.control('start', unit)
        works(directory)
        manager.control('stop', unit)

    on_systemd(work, {'mount': documented('run-vmc.mount')})


@case('a mount unit with a wrong option fails')
def wrong():
    def work(manager, _directory, name):
        unit = name + '.mount'
        manager.control('start', unit, status=1)
        equal(
            manager.control('show', '-P', 'Result', unit).strip(),
            'exit-code',
            'the result',
        )
        equal(
            manager.control('show', '-P', 'ControlPID', unit).strip(),
            '0',
            'the process that mounts',
        )

    text = documented('run-vmc.mount').replace('mode=0660', 'mood=0660')
    on_systemd(work, {'mount': text})


@case('the automount unit of the documents mounts at the first use')
def automount_unit():
    def work(manager, directory, name):
        manager.control('start', name + '.automount')
        equal(types(), [AUTOMOUNT], 'the mounts before the first use')
        works(directory)
        equal(types(), [AUTOMOUNT, MOUNTED], 'the mounts')
        os.kill(manager.pid(name + '.mount'), 9)
        until(
            lambda: manager.state(name + '.mount') != 'active', 'another state'
        )
        equal(types(), [AUTOMOUNT], 'the mounts after the end of the daemon')
        works(directory)
        manager.control('stop', name + '.automount')

    on_systemd(
        work,
        {
            'mount': documented('run-vmc.mount'),
            'automount': documented('run-vmc.automount'),
        },
    )


def generate(base, directory):
    """The units that systemd makes of the line of fstab of the documents."""
    line = here(documented('fstab'), directory)
    replace(base, 'fstab', line)
    made = os.path.join(base, 'made')
    os.mkdir(made)
    tool(GENERATOR, made, made, made)
    units = {}
    for name in os.listdir(made):
        suffix = name.rpartition('.')[2]
        if suffix in ('mount', 'automount'):
            with open(os.path.join(made, name), encoding='utf-8') as file:
                units[suffix] = file.read()
    equal(set(units), {'mount', 'automount'}, 'the generated units')
    return units


@case('the line of fstab of the documents is mounted by systemd at its use')
def fstab():
    def work(manager, directory, name):
        manager.control('start', name + '.automount')
        works(directory)
        equal(types(), [AUTOMOUNT, MOUNTED], 'the mounts')
        manager.control('stop', name + '.automount')

    on_systemd(work, generate)


def example(suffix):
    """Text of a unit of examples/watch."""
    path = f'examples/watch/vmc-message.{suffix}'
    with open(path, encoding='utf-8') as unit:
        return unit.read()


@case('the path unit of the examples runs its service at each message')
def path_unit():
    def work(manager, directory, name):
        output = directory + '.output'
        manager.control('start', name + '.mount')
        manager.control('start', name + '.path')

        def emit(text):
            """Each time that the unit waits: systemd ignores what happens
            while the service runs."""
            state = manager.control('show', '-P', 'SubState', name + '.path')
            if state == 'waiting\n':
                write_line(directory + '/control', f'sim emit 0 {text}')
            return state == 'waiting\n'

        def received(text):
            return read_lines(output)[-1:] == [text]

        def runs_at(text):
            until(lambda: received(text) or emit(text) and False, text)

        for number in range(7):
            runs_at(f'{number}')
        write_line(directory + '/hmc0/control', 'rotate')
        runs_at('rotated')
        equal(manager.state(name + '.path'), 'active', 'the state')
        manager.control('stop', name + '.path')
        manager.control('stop', name + '.service')  # may use the mount
        manager.control('stop', name + '.mount')

    def units(_base, directory):
        return {
            'mount': documented('run-vmc.mount'),
            'path': example('path'),
            'service': example('service').replace(
                'logger -t vmc', f'cat >>{directory}.output'
            ),
        }

    on_systemd(work, units)


DEVICE.prepare()
prepare()
run()
