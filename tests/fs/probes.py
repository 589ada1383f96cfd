# SPDX-License-Identifier: GPL-2.0-or-later
#
# Probes: tests that the daemon has the probes that vmcfs/usdt.h documents,
# and that bpftrace reports with them what docs/tracing.md and the scripts in
# examples/ say. It does not test their cost, which the budget bounds.
import errno
import os
import re
import select
import signal
import subprocess

from helpers import Child, Tool, blocked, fill
from mounted import DAEMON, Tree
from tap import case, equal, raises, run

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
NOTE = re.compile(
    r'Provider: vmcfs\s+Name: (\w+)\s+Location: \w+, Base: \w+, '
    r'Semaphore: 0x(\w+)\s+Arguments:(.*)'
)


def read(*path):
    with open(os.path.join(TOP, *path), encoding='utf-8') as file:
        return file.read()


def documented():
    """Maps each probe of usdt.h to the number of its arguments."""
    return {
        name: len(re.findall(r'^ \* @', comment, re.M))
        for name, comment in re.findall(
            r'^/\*\*\n \* PROBE_\w+\(\) - (\w+): (.*?)\*/',
            read('vmcfs', 'usdt.h'),
            re.M | re.S,
        )
    }


def notes():
    """Name, semaphore and arguments of each place of a probe."""
    return NOTE.findall(
        subprocess.run(
            ['readelf', '-nW', DAEMON],
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout
    )


@case('the daemon has the documented probes with their arguments')
def listed():
    found = {(name, len(words.split())) for name, _, words in notes()}
    equal(found, set(documented().items()), 'the probes')
    equal(len(found), 6, 'the number of probes')


@case('no probe has a semaphore, which costs a load and a branch')
def semaphores():
    equal({int(value, 16) for _, value, _ in notes()}, {0}, 'the semaphores')


def trace(*words):
    """bpftrace; it has attached its probes when it has printed this much."""
    return Tool('bpftrace', '-B', 'line', *words, DAEMON)


def script(name, first):
    tool = trace(os.path.join(TOP, 'examples', name))
    tool.await_text(first)
    return tool


def one_liner(probe):
    """Runs the one of docs/tracing.md that begins with this probe."""
    (program,) = re.findall(
        rf"bpftrace -e '(usdt:/usr/bin/vmcfs:vmcfs:{probe} .*)'",
        read('docs', 'tracing.md'),
    )
    tool = trace(
        '-e',
        program.replace('/usr/bin/vmcfs', DAEMON)
        + ' BEGIN { printf("attached\\n"); }',
    )
    tool.await_text(b'attached\n')
    return tool


def result(tool):
    """Output of a tool that is interrupted and prints its result. bpftrace
    misses a signal during which it does not sleep."""
    output = tool.output
    os.kill(tool.process.pid, signal.SIGINT)
    while not select.select([output], [], [], 2)[0]:
        os.kill(tool.process.pid, signal.SIGINT)
    return (tool.got + output.read()).decode('ascii')


def counts(text):
    """Sums of the histograms of latency.bt, by their keys."""
    return {
        key: sum(map(int, re.findall(r'^\[.*?\)?\]?\s+(\d+) \|', rows, re.M)))
        for key, rows in re.findall(
            r'^@us\[(.*?)\]: \n((?:\[.*\n)*)', text, re.M
        )
    }


@case('latency.bt counts each request with its type')
def latency():
    with Tree() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')
        with script('latency.bt', b'Tracing') as tool:
            for _ in range(20):
                os.fstatvfs(channel)
            reader = Child(os.read, channel, 100)
            blocked(tree, 'readers', 1)
            for _ in range(5):
                os.write(channel, b'hello')
            reader.done()
            raises(errno.EPERM, os.mkdir, tree.path('new'))
            found = counts(result(tool))
        equal(found['statfs, at once'], 20, 'the statfs')
        equal(found['read, waited'], 1, 'the read')
        equal(found['write, at once'], 5, 'the writes')
        os.close(channel)


@case('waits.bt prints who waited, and what ended the wait')
def waits():
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        fill(tree, 20)
        with script('waits.bt', b'WOKEN BY\n') as tool:
            for cause, end in (
                (b'signal', lambda writer: writer.end(signal.SIGKILL)),
                (b'event', lambda writer: tree.control('sim stall off')),
            ):
                writer = Child(tree.send, b'waits')
                blocked(tree, 'writers', 1)
                end(writer)
                tool.await_text(cause)
                row = tool.got.splitlines()[-1].split()
                equal(row[:3], [b'0', b'write', b'%d' % writer.pid], 'a row')
            writer.done()


@case('waits.bt shows waits of commands, and timeouts')
def more_waits():
    with Tree('sendq=1K', 'send_timeout=1s') as tree:
        with script('waits.bt', b'WOKEN BY\n') as tool:
            tree.control(0, 'close')
            tree.control(0, 'open again')
            tool.await_text(b' event\n')
            assert b'command' in tool.got, tool.got
            tree.control('sim stall on')
            fill(tree, 20)
            raises(errno.ETIMEDOUT, tree.send, b'x' * 1024)
            tool.await_text(b' timeout\n')


@case('waits.bt shows that the end of a session ended the wait')
def lost():
    with Tree('sendq=1K', 'send_timeout=60s') as tree:
        tree.control('sim stall on')
        fill(tree, 20)
        with script('waits.bt', b'WOKEN BY\n') as tool:
            writer = Child(raises, errno.ECONNRESET, tree.send, b'waits')
            blocked(tree, 'writers', 1)
            tree.control('sim reset terminated')
            tool.await_text(b' end of session\n')
            writer.done()


@case('the one-liners of docs/tracing.md print messages and errors')
def documented_lines():
    with Tree(sessions=2, hmcs=2) as tree:
        with one_liner('message_out') as tool:
            tree.send(b'12345', 1)
            tool.await_text(b'hmc1 1 5 bytes\n')
        with one_liner('reply_out') as tool:
            raises(errno.EPERM, os.mkdir, tree.path('new'))
            raises(errno.EPERM, os.mkdir, tree.path('new'))
            assert '@errno[1]: 2\n' in result(tool)


run()
