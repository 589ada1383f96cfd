# SPDX-License-Identifier: GPL-2.0-or-later
#
# First hour: follows docs/first-hour.md to the letter in a guest, in two runs:
# with BEFORE_BOOT it executes the commands before "reboot", then the others.
# Its arguments are directories: packages of a lower version, and of this one.
# tests/check/packages.sh tests the packages in other ways.
import os
import re
import shutil
import subprocess
import sys

from mounted import is_mounted
from pages import PRINTS
from tap import GUARD, case, equal, run

PAGE = 'docs/first-hour.md'
PACKAGES = '/run/guest/packages'  # working directory of the commands
TREE = '/run/vmcfs/sim'
DONE = '--- done ---'
# Runs files whose names it reads, in one shell; a failure ends it.
SHELL = (
    'while read -r -u 9 file; do . "$file" </dev/null; echo; echo "{}"; done'
).format(DONE)


def sections():
    """Commands of each section, by its title."""
    with open(PAGE, encoding='utf-8') as file:
        parts = file.read().split('\n## ')[1:]
    return {
        part.split('\n')[0]: '\n'.join(re.findall('^    (.*)$', part, re.M))
        for part in parts
    }


class Shell:
    """The shell of the administrator."""

    def __init__(self):
        commands, self.names = os.pipe()
        self.process = subprocess.Popen(
            ['bash', '-e', '-u', '-c', f'exec 9<&{commands}; {SHELL}'],
            cwd=PACKAGES,
            env=dict(os.environ, DEBIAN_FRONTEND='noninteractive'),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors='replace',
            pass_fds=[commands],
        )
        os.close(commands)

    def run(self, script):
        """Runs commands; their output must contain what the comments say, in
        this order."""
        path = os.path.join(os.environ['TMPDIR'], 'section')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(script + '\n')
        os.write(self.names, os.fsencode(path) + b'\n')
        printed = ''
        for line in self.process.stdout:
            if line.rstrip() == DONE:
                break
            printed += line
        else:
            raise AssertionError(f'a command failed: {printed[-2000:]}')
        at = 0
        for text in PRINTS.findall(script):
            assert (
                text in printed[at:]
            ), f'no {text!r} in {printed[at:]!r:.900}'
            at = printed.index(text, at) + len(text)


def provide(directory):
    """Replaces the packages in the working directory."""
    os.makedirs(PACKAGES, exist_ok=True)
    for name in os.listdir(PACKAGES):
        os.unlink(os.path.join(PACKAGES, name))
    shutil.copytree(directory, PACKAGES, dirs_exist_ok=True)


def install():
    # An emulated processor takes minutes for the index of the manual.
    if os.path.exists('/var/lib/man-db/auto-update'):
        os.unlink('/var/lib/man-db/auto-update')
    # The answer to the question of apt-get, which the administrator types.
    with open('/etc/apt/apt.conf.d/99answer', 'w', encoding='ascii') as file:
        file.write('APT::Get::Assume-Yes "true";\n')
    provide(OLDER)
    commands, rest = sections()['Install, and open a session at boot'].split(
        '\nreboot\n'
    )
    assert commands and rest
    Shell().run(commands)


OLDER, CURRENT = sys.argv[1:3]
if os.environ.get('BEFORE_BOOT'):
    install()
    sys.exit()
del sys.argv[1:]
ADMINISTRATOR = []
LIMIT = GUARD * 30


def version():
    words = 'dpkg-query', '-W', '-f', '${Version}', 'vmcfs'
    return subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@case('the packages were installed before the boot', guard=LIMIT)
def installed():
    with open('/run/guest/before.log', errors='replace') as log:
        text = log.read()
    with open('/run/guest/before.status', encoding='ascii') as status:
        equal(status.read(), '0\n', f'the status; {text[-2000:]}')
    ADMINISTRATOR.append(Shell())


@case('the session is ready after the boot', guard=LIMIT)
def booted():
    with open('/proc/1/comm', encoding='ascii') as name:
        equal(name.read(), 'systemd\n', 'process 1')
    subprocess.run(['systemctl', 'start', 'multi-user.target'], check=True)
    script = sections()['Install, and open a session at boot']
    ADMINISTRATOR[0].run(script.split('\nreboot\n')[1])


@case('Prometheus has the metrics of the tree', guard=LIMIT)
def monitored():
    ADMINISTRATOR[0].run(sections()['Monitor it'])


@case(
    'a lost session is in the journal, the metrics and the alerts', guard=LIMIT
)
def lost():
    ADMINISTRATOR[0].run(sections()['Lose the session'])


@case('an upgrade takes effect at the restart, with a session', guard=LIMIT)
def upgraded():
    before = version()
    provide(CURRENT)
    ADMINISTRATOR[0].run(sections()['Upgrade'])
    assert version() != before, before


@case(
    'a purge leaves no mount, service, configuration and metrics', guard=LIMIT
)
def purged():
    ADMINISTRATOR[0].run(sections()['Purge'])
    assert not is_mounted(TREE), 'the tree is still mounted'
    for path in (
        '/etc/vmcfs',
        '/var/lib/prometheus/node-exporter/vmcfs.prom',
        '/usr/bin/vmcfs',
        '/lib/systemd/system/vmcfs@.service',
    ):
        assert not os.path.exists(path), path


run()
