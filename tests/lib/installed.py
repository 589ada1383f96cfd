# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installed program: installs the build of a test below a directory, and shows
# the files at their places in a mount namespace of the test. Runs mount(8) and
# other tools, and reads the mount table. It contains no test.
import os
import subprocess

import tap
from mounted import DAEMON, scratch

STAGE = scratch()  # where the program is installed


def prepare():
    """Installs the program; called once."""
    build = os.path.dirname(os.path.dirname(os.path.abspath(DAEMON)))
    subprocess.run(
        ['meson', 'install', '-C', build, '--no-rebuild', '--destdir', STAGE],
        stdout=subprocess.DEVNULL,
        check=True,
    )


def tool(*words, status=0, **named):
    """Runs a program, which must exit with STATUS; returns its output."""
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=tap.GUARD,
        check=False,
        **named,
    )
    if status is not None:
        tap.equal(
            done.returncode, status, f'the status of {words}, {done.stdout!r},'
        )
    return done.stdout


def mount(*words, **named):
    """Runs mount(8); returns what it and its helper printed."""
    return tool('mount', *words, **named)


def cover(directory, added):
    """Adds the files of a directory to those of another one."""
    directory = os.path.realpath(directory)
    mount(
        '-t', 'overlay', 'o', '-o', f'lowerdir={added}:{directory}', directory
    )


def show():
    """In a mount namespace of the caller: shows the installed program, as if
    it was installed in the system."""
    program = os.readlink(os.path.join(STAGE, 'sbin/mount.vmcfs'))
    cover('/sbin', os.path.join(STAGE, 'sbin'))
    cover(os.path.dirname(program), os.path.dirname(STAGE + program))
    os.environ['PATH'] += ':' + os.path.dirname(program)


def replace(base, name, text):
    """Replaces a file of /etc."""
    path = os.path.join(base, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    mount('--bind', path, '/etc/' + name)


def table(path='/proc/self/mounts'):
    """Source, directory, type and options of the mounts of this test."""
    base = os.path.dirname(STAGE) + '/'
    with open(path, encoding='utf-8') as rows:
        found = [row.split()[:4] for row in rows]
    return [
        row for row in found if row[1].startswith(base) and row[2] != 'tmpfs'
    ]
