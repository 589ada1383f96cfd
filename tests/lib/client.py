# SPDX-License-Identifier: GPL-2.0-or-later
#
# Client: runs vmcctl, at once or beside the case, and stops the daemon that it
# uses. It contains no test.
import os
import signal
import subprocess

from helpers import state_of, until
from mounted import DAEMON
from tap import GUARD, equal

VMCCTL = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(DAEMON))), 'vmcctl/vmcctl'
)


def command(words, status=0, says=b'', **named):
    """Runs vmcctl; requires the exit status, and a text on standard error,
    which must be one line, and empty for success."""
    named.setdefault('stdin', None if 'input' in named else subprocess.DEVNULL)
    named.setdefault('stdout', subprocess.PIPE)
    done = subprocess.run(
        [VMCCTL, *words],
        stderr=subprocess.PIPE,
        timeout=GUARD,
        check=False,
        **named,
    )
    equal(done.returncode, status, f'the exit status; {done.stderr!r}')
    assert says in done.stderr, done.stderr
    equal(done.stderr.count(b'\n'), 1 if status > 0 else 0, done.stderr)
    assert not done.stderr or done.stderr.startswith(b'vmcctl: ')
    return done.stdout


def ctl(tree, *words, status=0, says=b'', **named):
    return command(['-m', tree.directory, *words], status, says, **named)


class Started:
    """A running vmcctl; its output is read by finish() or by the case."""

    def __init__(self, tree, *words, **named):
        named.setdefault('stdout', subprocess.PIPE)
        self.process = subprocess.Popen(
            [VMCCTL, '-m', tree.directory, *words],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **named,
        )

    def finish(self, status, says=b''):
        got, said = self.process.communicate(timeout=GUARD)
        equal(self.process.returncode, status, f'the exit status; {said!r}')
        assert says in said, said
        return got

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def channels(tree, count):
    until(
        lambda: tree.status(0)['channels'] == str(count), f'{count} channels'
    )


def sent(tree):
    return int(tree.status(0)['sent_messages'])


class Frozen:
    """with Frozen(tree): the daemon does not respond."""

    def __init__(self, tree):
        self.pid = tree.pid

    def __enter__(self):
        os.kill(self.pid, signal.SIGSTOP)
        until(lambda: state_of(self.pid) == 'T', 'the stop')

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)
