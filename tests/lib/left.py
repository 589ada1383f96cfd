# SPDX-License-Identifier: GPL-2.0-or-later
#
# Leftovers of a test: finds the processes below this one (a subreaper gets
# every orphan) and the mounts below a directory, describes them, and ends
# them. It does not decide whether they are failures.
import os
import re
import signal
import subprocess
import time


def process_stat(pid):
    """State, parent, process group, session and more of a process or, for
    PID/task/TID, of a thread."""
    with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
        return file.read().rpartition(')')[2].split()


def _parents():
    """Maps each process to its parent; zombies are left out."""
    parents = {}
    for entry in os.listdir('/proc'):
        if not entry.isdigit():
            continue
        try:
            fields = process_stat(entry)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] not in 'ZX':
            parents[int(entry)] = int(fields[1])
    return parents


def processes():
    """All living descendants of this process."""
    parents = _parents()
    found, grown = {os.getpid()}, True
    while grown:
        grown = {
            pid
            for pid, parent in parents.items()
            if parent in found and pid not in found
        }
        found |= grown
    return found - {os.getpid()}


def reap():
    """Reaps one ended child; returns whether there was one."""
    try:
        return os.waitpid(-1, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return False


def _read(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return file.read().strip()
    except OSError as error:
        return error.strerror


def name(pid):
    return _read(f'/proc/{pid}/comm')


def describe(to):
    """Writes the state, wait channel and kernel stack of each process."""
    for pid in sorted(processes()):
        command = _read(f'/proc/{pid}/cmdline').replace('\0', ' ')
        to.write(f'#   {pid} {name(pid)}: {command[:200]}\n')
        for item in 'wchan', 'syscall', 'stack':
            for line in _read(f'/proc/{pid}/{item}').splitlines():
                to.write(f'#     {item}: {line}\n')
        for line in _read(f'/proc/{pid}/status').splitlines():
            if line.startswith('State'):
                to.write(f'#     {line}\n')


def mounts(below):
    """(mount point, minor device number) of each mount, innermost first."""
    found = []
    with open('/proc/self/mountinfo', 'rb') as table:
        for line in table:
            fields = line.split()
            path = os.fsdecode(
                re.sub(
                    rb'\\([0-7]{3})',
                    lambda match: bytes([int(match[1], 8)]),
                    fields[4],
                )
            )
            if path.startswith(below + '/'):
                found.append((path, fields[2].decode().split(':')[1]))
    return found[::-1]


def end(mounted):
    """Ends all processes and mounts. SIGKILL may not end a process that waits
    for a FUSE daemon, so the connections are aborted first."""
    for _, minor in mounted:
        try:
            with open(
                f'/sys/fs/fuse/connections/{minor}/abort',
                'w',
                encoding='utf-8',
            ) as abort:
                abort.write('1')
        except OSError:
            pass  # no fusectl, or already unmounted
    deadline = time.monotonic() + 10
    while (rest := processes()) and time.monotonic() < deadline:
        for pid in rest:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        signal.sigtimedwait([signal.SIGCHLD], 0.1)
        while reap():
            pass
    for path, _ in mounted:
        subprocess.run(
            ['umount', '-l', path], check=False, stderr=subprocess.DEVNULL
        )
