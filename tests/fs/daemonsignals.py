# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signals to the daemon: tests those that end it, those that do not, and
# inherited settings. The steps at its end are tested in ending.py, signals to
# processes that use the tree in interrupt.py.
import fcntl
import os
import pty
import signal
import subprocess
import termios

from device import DEVICE
from mounted import (
    DAEMON,
    ON_DEVICE,
    Foreground,
    Tree,
    daemon,
    is_mounted,
    scratch,
)
from tap import case, equal, run

ENDING = signal.SIGTERM, signal.SIGINT, signal.SIGQUIT
MEANINGLESS = [
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGIO,
    signal.SIGPWR,
    signal.SIGPIPE,
    signal.SIGXFSZ,
    signal.SIGSTKFLT,
    signal.SIGCHLD,
    signal.SIGWINCH,
    signal.SIGURG,
    signal.SIGRTMIN,
    signal.SIGRTMAX,
]
UNAVAILABLE = os.EX_UNAVAILABLE


def ignoring(*numbers):
    """For Popen: starts a program that ignores these signals."""
    return {
        'preexec_fn': lambda: [
            signal.signal(number, signal.SIG_IGN) for number in numbers
        ]
    }


def is_alive(tree):
    """Requires that the session is open and that messages are echoed."""
    status = tree.status(0)
    equal((status['state'], status['sessions']), ('ready', '1'), 'the session')
    channel = tree.open(os.O_RDWR, 0, 'message')
    os.write(channel, b'alive')
    equal(os.read(channel, 10), b'alive', 'the message')
    os.close(channel)


@case('SIGHUP and other unused signals end neither daemon nor session')
def meaningless():
    for kind in Tree, Foreground:
        with kind() as tree:
            for number in MEANINGLESS:
                os.kill(tree.pid, number)
                is_alive(tree)


@case('each terminating signal ends the daemon with status 0')
def ending():
    for number in ENDING:
        with Foreground() as tree:
            os.kill(tree.pid, number)
            tree.stop(how='')


@case('a signal that was ignored at the start stays ignored')
def stays_ignored():
    for number in ENDING:
        for kind in Tree, Foreground:
            with kind(**ignoring(number)) as tree:
                os.kill(tree.pid, number)
                is_alive(tree)
                end = next(each for each in ENDING if each != number)
                os.kill(tree.pid, end)
                tree.stop(how='')


@case('the daemon outlives the terminal that it was started on')
def terminal():
    master, slave = pty.openpty()

    def take():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    with Foreground(stderr=slave, preexec_fn=take) as tree:
        os.close(slave)
        os.close(master)
        is_alive(tree)


@case('signals that were blocked at the start are unblocked')
def blocked():
    def block():
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())

    directory = scratch()
    options = DEVICE.prepare(delay_ms=1000)
    process = subprocess.Popen(
        [
            DAEMON,
            '-f',
            ON_DEVICE,
            '-o',
            ','.join([*options, 'open=0:me', 'open_timeout=3600s']),
            directory,
        ],
        preexec_fn=block,
    )
    process.send_signal(signal.SIGTERM)
    equal(process.wait(), -signal.SIGTERM, 'the status before the mount')
    assert not is_mounted(directory), 'the directory is mounted'
    os.rmdir(directory)
    with Tree(preexec_fn=block) as tree:
        is_alive(tree)


@case('a caller that ignores SIGCHLD gets the correct exit status')
def children():
    directory = scratch()
    done = daemon(
        '--device=/dev/nonsense', directory, **ignoring(signal.SIGCHLD)
    )
    equal(done.returncode, UNAVAILABLE, 'the exit status')
    assert 'signal' not in done.stderr, done.stderr
    os.rmdir(directory)
    with Tree(**ignoring(signal.SIGCHLD)) as tree:
        is_alive(tree)


run()
