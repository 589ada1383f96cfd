# SPDX-License-Identifier: GPL-2.0-or-later
#
# Limits of open files: tests the limit of one user, the limit of all users,
# and the share reserved for root and the owner. Memory is compared with the
# amount that the options permit. It does not test limits of message logs.
import errno
import os
import resource
import select

from helpers import Child, until
from mounted import Tree
from tap import case, equal, note, raises, run

OPEN_TO_ALL = 'mode=0644', 'dmode=0755'
HANDLE_BYTES = 320
OPENS = 100000


def memory(tree):
    """Resident bytes of the daemon."""
    with open(f'/proc/{tree.pid}/statm', encoding='ascii') as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def count_opens(path, tries):
    """Opens until ENFILE; returns the number of descriptors, which stay
    open."""
    for number in range(tries):
        try:
            os.open(path, os.O_RDONLY)
        except OSError as error:
            equal(error.errno, errno.ENFILE, 'the errno of open')
            return number
    return tries


def raise_limit():
    """Raises the limit of descriptors, so that ENFILE occurs before EMFILE."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPENS + 99,) * 2)
    except ValueError:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class User:
    """Process of another user that runs functions on request."""

    def __init__(self, uid, function):
        self.results, result = os.pipe()
        go_on, self.order = os.pipe()

        def work():
            raise_limit()
            os.setresgid(uid, uid, uid)
            os.setgroups([])
            os.setresuid(uid, uid, uid)
            os.write(result, repr(function()).encode() + b'\n')
            os.read(go_on, 1)

        self.child = Child(work)
        os.close(result)
        os.close(go_on)

    def result(self):
        return eval(os.read(self.results, 4096) or b'None')  # of our repr()

    def end(self):
        os.write(self.order, b'.')
        self.child.done()
        os.close(self.order)
        os.close(self.results)


@case('100,000 opens by a user with read access: ENFILE, others are served')
def flood():
    with Tree(*OPEN_TO_ALL) as tree:
        limit = int(tree.status()['handles_per_uid_limit'])
        before = memory(tree)

        def open_all():
            opened = count_opens(tree.path('README'), OPENS)
            for _ in range(OPENS - opened - 1):
                raises(errno.ENFILE, os.open, tree.path('README'), os.O_RDONLY)
            return opened

        user = User(1234, open_all)
        equal(user.result(), limit, 'the number of open files')
        grown = memory(tree) - before
        note(f'{limit} open files: {grown / limit:.0f} bytes each')
        if os.environ.get('VMCFS_TEST_BUILD') != 'sanitized':
            assert grown <= 1.25 * limit * HANDLE_BYTES, grown
        status = tree.status()
        equal(
            int(status['handles_refused']),
            OPENS - limit,
            'the number of refused opens',
        )
        assert int(status['handles']) >= limit, status['handles']
        for word in 'ENFILE', 'user 1234', 'handles_per_uid=':
            assert word in status['last_error'], status['last_error']
        other = User(1235, lambda: count_opens(tree.path(0, 'status'), 9))
        equal(other.result(), 9, 'the number of opens by another user')
        tree.send(b'still served')
        until(lambda: tree.read(0, 'message') == b'still served', 'the echo')
        for each in other, user:
            each.end()
        until(
            lambda: tree.status()['handles'] == '0', 'the release of all files'
        )
        user = User(1234, lambda: count_opens(tree.path('README'), 9))
        equal(user.result(), 9, 'the number of later opens')
        user.end()


@case('unprivileged users leave a share to root and the owner')
def shares():
    with Tree(
        *OPEN_TO_ALL, 'uid=1000', 'handles=64', 'handles_per_uid=40'
    ) as tree:
        path = tree.path(0, 'message')
        users = [User(1234, lambda: count_opens(path, 99))]
        equal(users[0].result(), 40, 'the number of files of the first user')
        assert 'handles_per_uid=' in tree.status(0)['last_error']
        users.append(User(1235, lambda: count_opens(path, 99)))
        equal(users[1].result(), 16, 'the number of files of the second user')
        assert 'handles=64' in tree.status(0)['last_error']
        users.append(User(1000, lambda: count_opens(path, 4)))
        equal(users[2].result(), 4, 'the number of files of the owner')
        mine = [tree.open(os.O_RDONLY, 0, 'message') for _ in range(4)]
        raises(errno.ENFILE, tree.open, os.O_RDONLY, 0, 'message')
        os.close(mine.pop())
        assert 'handles=' in tree.status(0)['last_error']
        for each in users:
            each.end()
        for each in mine:
            os.close(each)


@case('opens of every file in every access mode are counted')
def kinds():
    with Tree('handles=16', 'handles_per_uid=1') as tree:
        for name, flags in (
            ('message', os.O_RDONLY),
            ('message', os.O_RDWR),
            ('message', os.O_WRONLY),
            ('control', os.O_RDWR),
            ('control', os.O_WRONLY),
            ('status', os.O_RDONLY),
        ):
            opened = []
            while len(opened) < 17:
                try:
                    opened.append(tree.open(flags, 0, name))
                except OSError as error:
                    equal(error.errno, errno.ENFILE, 'the errno of open')
                    break
            equal(len(opened), 16, f'the number of open files of {name}')
            for each in opened:
                os.close(each)
            until(
                lambda: tree.status()['handles'] == '0',
                'the release of all files',
            )


@case('open directories use no memory, and polled files at most their share')
def polled():
    with Tree(*OPEN_TO_ALL) as tree:

        def hold():
            for _ in range(1000):
                os.open(tree.path(0), os.O_RDONLY | os.O_DIRECTORY)
            poll = select.poll()
            for _ in range(100):
                log = tree.open(os.O_RDONLY, 0, 'message')
                poll.register(log, select.POLLPRI)
            for _ in range(100):
                poll.poll(1)
            return 100

        before = memory(tree)
        user = User(1234, hold)
        equal(user.result(), 100, 'the number of polled files')
        equal(tree.status()['handles'], '100', 'the number of open files')
        grown = memory(tree) - before
        if os.environ.get('VMCFS_TEST_BUILD') != 'sanitized':
            assert grown <= 256 * 1024, grown
        user.end()


@case(
    'partial reads of too many texts fail with ENFILE; complete '
    'reads succeed'
)
def half_read():
    with Tree(*OPEN_TO_ALL) as tree:

        def read_parts():
            count = 0
            while True:
                text = os.open(tree.path('README'), os.O_RDONLY)
                try:
                    os.read(text, 1)
                except OSError as error:
                    equal(error.errno, errno.ENFILE, 'the errno of read')
                    break
                count += 1
            assert len(os.read(text, 1 << 16)) > 1000
            equal(os.read(text, 1 << 16), b'', 'the end of the text')
            return count

        user = User(1234, read_parts)
        equal(user.result(), 64, 'the number of partially read texts')
        assert 'user 1234' in tree.status()['last_error']
        other = User(
            1235,
            lambda: len(os.read(os.open(tree.path('README'), os.O_RDONLY), 1)),
        )
        equal(other.result(), 1, 'the length of the read of another user')
        for each in user, other:
            each.end()


run()
