#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# File-system tests inside a guest: runs all or the named programs, each under
# the supervisor, and prints one TAP stream with one plan. Tests that a program
# planned and did not run, what it left, and a timeout are failed tests
# there. An emulated processor needs seconds to start an interpreter: each
# program runs in a fork of this one, which has the library imported. It does
# not know devices and guests.
import glob
import importlib
import os
import re
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import supervise

# Modules that the programs import, loaded before the fork; those of tests/lib
# have state and are not shared.
for each in (
    'ctypes datetime errno fcntl itertools json mmap random shutil socket '
    'stat struct termios threading'
).split():
    importlib.import_module(each)

# Keep compiled files out of the source tree.
sys.dont_write_bytecode = False
sys.pycache_prefix = os.path.join(os.environ['TMPDIR'], 'compiled')

TAP = re.compile(r'^(not )?ok\b(?:\s+\d+)?(?:\s*-)?\s*(.*)$')
LIMIT = 900  # seconds; a guard against hanging only
# Omitted unless named: the host tests them as well. Program and reason.
LEFT_OUT = {
    'administrators': 'tools, which make the calls of other programs',
    'alerts': 'Prometheus, which the guests do not have',
    'capture': 'tshark, which the guests do not have',
    'completion': 'terminals and shells, on the machine that builds',
    'daemonlog': 'thousands of log lines, neither FUSE nor the device',
    'examples': 'interpreters, which make the calls of other programs',
    'fleet': 'rsyslog and Prometheus, which the guests do not have',
    'fstab': 'mount(8) and meson install, which do not depend on the kernel',
    'handles': '100,000 opens, counted by the daemon alone',
    'hmclog': 'jq and logrotate, which make the calls of other programs',
    'journal': 'systemd, which the guests do not have',
    'languages': 'interpreters, which make the calls of other programs',
    'limits': 'refusals before the daemon reaches FUSE or the device',
    'manual': 'examples of the manual, on the machine that builds',
    'many': '50,000 open files, which take too long on an emulated processor',
    'metrics': 'promtool, which the guests do not have',
    'mountunits': 'systemd, which is not in the guests',
    'options': 'words, which vmcfs parses before it opens a device',
    'overtaken': 'thousands of round trips, counted by the daemon alone',
    'prepared': 'steps of a service, which service takes with systemd',
    'probes': 'bpftrace, which takes too long on an emulated processor',
    'resident': 'memory of the daemon, which does not depend on the kernel',
    'shippers': 'rsyslog, logrotate, sshd and lnav, on one machine',
    'syscalls': '90 starts under ptrace; seccomp filters are portable',
    'vmcctl': 'a client, which makes the calls of other programs',
    'vmcctl-trees': 'the same client, and the mounts of a namespace',
    'watch': 'programs with inotify, whose events inotify.py tests',
    'wireshark': 'tshark, which the guests do not have',
}
# Programs for the simulated device. The others run on the device node: the
# host runs all of them on the simulated device.
ON_SIM = {
    'async',
    'daemonsignals',
    'faults',
    'inotify',
    'mounting',
    'polling',
    'privileges',
    'readers',
    'request-timeout',
    'requests',
    'rotate',
    'stale',
    'texts',
}
HERE = 'sim' if os.environ.get('VMCFS_TEST_DEVICE') == 'sim' else 'node'
number = 0


def say(*words):
    print(*words, flush=True)


def verdict(good, name):
    global number
    number += 1
    say(f'{"ok" if good else "not ok"} {number} - {name}')


def program_name(path):
    return os.path.basename(path).removesuffix('.py')


class Fork:
    """A forked process with the wait() of subprocess.Popen."""

    def __init__(self, function, *arguments):
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            status = 1
            try:
                function(*arguments)
                status = 0
            except SystemExit as ended:
                status = ended.code or 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)

    def wait(self, timeout=None):
        if timeout is not None:
            ended = os.pidfd_open(self.pid)
            poll = select.poll()
            poll.register(ended, select.POLLIN)
            done = poll.poll(timeout * 1000)
            os.close(ended)
            if not done:
                raise subprocess.TimeoutExpired(self.pid, timeout)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def run_program(path, log, environment):
    """In a forked process: runs the program as if it had been executed."""
    os.setsid()
    supervise.usual_signals()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    os.closerange(3, 1 << 16)
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.argv = [path]
    runpy.run_path(path, run_name='__main__')


def supervise_program(path, scratch, sentences):
    """In a forked process: supervises the program, and writes its failures
    to a file."""
    _, failed, _ = supervise.supervise(
        lambda log, environment: Fork(run_program, path, log, environment),
        scratch + '.log',
        scratch,
        LIMIT,
    )
    with open(sentences, 'w', encoding='utf-8') as file:
        file.writelines(sentence + '\n' for sentence in failed)


def run(path):
    """Runs one program and prints its log, with the tests named and
    numbered."""
    name = program_name(path)
    scratch = os.path.join(os.environ['TMPDIR'], name)
    started = time.monotonic()
    failed = ['the supervisor has died']
    if not Fork(supervise_program, path, scratch, scratch + '.failed').wait():
        with open(scratch + '.failed', encoding='utf-8') as file:
            failed = file.read().splitlines()
    named = set()
    with open(scratch + '.log', encoding='utf-8', errors='replace') as log:
        for line in log:
            if match := TAP.match(line):
                verdict(not match[1], f'{name}: {match[2].strip()}')
                named.add(match[2].strip())
            elif line.strip() and not re.match(r'1\.\.\d', line):
                say('#', line.strip().removeprefix('# '))
    for sentence in failed:
        if sentence not in named:
            verdict(False, f'{name}: {sentence}')
    say(f'# {name} took {time.monotonic() - started:.1f} s')


def left_out(name):
    """Reason why the program does not run here, or None."""
    if name in LEFT_OUT:
        return LEFT_OUT[name]
    device = 'sim' if name in ON_SIM else 'node'
    return None if device == HERE else f'runs on {device}'


for each in sys.argv[1:] or sorted(glob.glob('tests/fs/*.py')):
    reason = None if sys.argv[1:] else left_out(program_name(each))
    if reason:
        say(f'# left out in a guest: {program_name(each)} ({reason})')
    else:
        run(each)
say(f'1..{number}')
