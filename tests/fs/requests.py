# SPDX-License-Identifier: GPL-2.0-or-later
#
# Requests: compares the FUSE requests of everyday commands with the tables of
# docs/requests.md, in the debug log of the daemon. It does not test what the
# commands print.
import os
import re
import tempfile

from helpers import shell, until
from mounted import Foreground
from tap import case, equal, note, run

REQUEST = re.compile(rb'opcode: (\w+) ')
# The kernel sends these by its own choice: once for each mount, or when it
# frees memory.
ANY_TIME = {'INIT', 'FORGET', 'BATCH_FORGET', 'INTERRUPT', 'GETXATTR'}
ROW = re.compile(r'\| `([^`]*)` \| ([A-Z -]+) \| ([A-Z -]+) \|\n')
DOCUMENT = os.path.join(
    os.path.dirname(__file__), '..', '..', 'docs', 'requests.md'
)
# Rows after this heading replace others on that kernel.
OLDER = '## Linux 6.1'
# No command sends this.
MARK = ['STATFS'] * 3


class Counted(Foreground):
    """Tree whose requests are counted."""

    def __init__(self, *options, **named):
        self.log = tempfile.NamedTemporaryFile('ab')
        super().__init__(
            'notify_ms=0',
            *options,
            arguments=['-d'],
            stderr=self.log,
            **named,
        )
        self.root = os.open(self.directory, os.O_RDONLY)

    def seen(self):
        with open(self.log.name, 'rb') as log:
            return [each.decode() for each in REQUEST.findall(log.read())]

    def settle(self, position):
        """Waits until all requests so far are in the log. They are answered
        in order."""
        for _ in MARK:
            os.fstatvfs(self.root)
        until(lambda: self.seen()[position:][-3:] == MARK, 'the requests')

    def requests(self, function):
        """The requests that a function causes, in order."""
        self.settle(len(self.seen()))
        before = len(self.seen())
        function()
        self.settle(before)
        found = [
            each for each in self.seen()[before:-3] if each not in ANY_TIME
        ]
        return ' '.join(found) or '-'

    def stop(self, *arguments, **named):
        os.close(self.root)
        super().stop(*arguments, **named)

    def command(self, line):
        return self.requests(
            lambda: shell(line, status=None, cwd=self.directory)
        )

    def exchange(self):
        """Sends a message and reads the answer."""
        channel = self.open(os.O_RDWR, 0, 'message')
        os.write(channel, b'x\n')
        os.read(channel, 99)
        os.close(channel)


def table():
    """Rows of the document for this kernel: command, requests again, after a
    message."""
    with open(DOCUMENT, encoding='utf-8') as file:
        common, older = file.read().split(OLDER + '\n')
    rows = {row[0]: row for row in ROW.findall(common)}
    assert len(rows) > 10, rows
    if OLDER.endswith(' ' + '.'.join(os.uname().release.split('.')[:2])):
        rows.update((row[0], row) for row in ROW.findall(older))
    return list(rows.values())


@case('everyday commands cause the requests that docs/requests.md lists')
def commands():
    wrong = []
    with Counted() as tree:
        for line, *_ in table():
            tree.command(line)
        tree.exchange()
        for line, again, changed in table():
            for _ in range(2):
                tree.command(line)
            found = tree.command(line)
            tree.exchange()
            later = tree.command(line)
            if (found, later) != (again, changed):
                note(f'| `{line}` | {found} | {later} |')
                wrong.append(line)
    equal(wrong, [], 'the list of rows that differ')


@case('tail -f asks for the size once a poll, and reads twice what is new')
def followed():
    with Counted() as tree:
        tree.exchange()
        log = tree.open(os.O_RDONLY, 0, 'message')
        os.read(log, 1 << 17)
        for _ in range(3):
            equal(tree.requests(lambda: os.fstat(log)), 'GETATTR', 'a poll')
        tree.exchange()

        def poll():
            os.fstat(log)
            while os.read(log, 1 << 17):
                pass

        equal(tree.requests(poll), 'GETATTR READ READ', 'a poll')
        path = tree.path(0, 'message')
        equal(
            tree.requests(lambda: os.stat(path)),
            'LOOKUP GETATTR',
            'a look at the name, as tail -F does',
        )
        os.close(log)


@case('messages cost two requests each, and none for attributes')
def messages():
    with Counted() as tree:
        channel = tree.open(os.O_RDWR, 0, 'message')

        def exchange():
            for _ in range(10):
                os.write(channel, b'x')
                os.read(channel, 99)

        equal(tree.requests(exchange), ' '.join(['WRITE READ'] * 10), 'them')
        os.close(channel)


run()
