# SPDX-License-Identifier: GPL-2.0-or-later
#
# Resident memory: tests that the daemon uses no more memory than memory=,
# sendq= and log= permit, page tables included, with tiny segments and messages
# as well as large ones. The baseline is the same daemon after a little of the
# same traffic. It does not test the order of drops.
import contextlib
import errno
import os
import resource

from helpers import VOLUME, until
from mounted import Tree
from tap import case, equal, note, run

HUGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled'
PAGE = os.sysconf('SC_PAGE_SIZE')
SANITIZED = os.environ.get('VMCFS_TEST_BUILD') == 'sanitized'
# Bytes by which the heap and its page tables vary; more with a sanitizer.
NOISE = (1024 if SANITIZED else 128) * PAGE

# A sanitizer's allocator keeps freed memory otherwise.
os.environ['ASAN_OPTIONS'] = ':'.join(
    filter(None, (os.environ.get('ASAN_OPTIONS'), 'quarantine_size_mb=0'))
)


@contextlib.contextmanager
def huge_pages():
    """Enables huge pages for all processes, where the kernel has them. The
    allocator of a sanitizer would take some for itself."""
    if SANITIZED or not os.path.exists(HUGE_PAGES):
        yield
        return
    with open(HUGE_PAGES, encoding='ascii') as file:
        before = file.read().split('[')[1].split(']')[0]
    try:
        with open(HUGE_PAGES, 'w', encoding='ascii') as file:
            file.write('always')
        yield
    finally:
        with open(HUGE_PAGES, 'w', encoding='ascii') as file:
            file.write(before)


def taken(tree):
    """Bytes of the daemon's private memory."""
    with open(f'/proc/{tree.pid}/status', encoding='ascii') as file:
        values = dict(line.split(':', 1) for line in file)
    return (
        sum(
            int(values[key].split()[0])
            for key in ('RssAnon', 'RssShmem', 'VmPTE')
        )
        << 10
    )


def arrived(tree, count):
    until(
        lambda: tree.status(0)['received_messages'] == str(count),
        f'{count} messages',
    )


def check(tree, base, limit, what):
    more = taken(tree) - base
    note(f'{what}: {more} bytes for {limit}')
    assert (
        more <= limit * 5 // 4 + NOISE
    ), f'{what}: {more} bytes more than at the start, for {limit}'


def flood(tree, count, size, before=0):
    tree.control(f'sim flood 0 {count} {size}')
    arrived(tree, before + count)


@case('memory= limits the memory of large segments')
def large():
    limit = VOLUME * 480
    with huge_pages(), Tree(
        f'history={limit // 12}', f'memory={limit}'
    ) as tree:
        reader = tree.open(os.O_RDWR, 0, 'message')
        flood(tree, 10, 16000)
        base = taken(tree)
        flood(tree, VOLUME * 6 // 100, 16000, 10)
        check(tree, base, limit, 'large messages')
        assert int(tree.status()['memory_bytes']) > limit // 2
        os.close(reader)


@case('memory= limits the memory of one-byte messages')
def bytewise():
    limit = max(512 << 10, 8 * PAGE)
    with huge_pages(), Tree('history=32K', f'memory={limit}', 'log=0') as tree:
        reader = tree.open(os.O_RDWR, 0, 'message')
        flood(tree, 10, 1)
        base = taken(tree)
        flood(tree, limit, 1, 10)
        check(tree, base, limit, 'messages of one byte')
        assert int(tree.status()['segments_dropped'])
        os.close(reader)


@case('log= limits the memory of the records')
def records():
    limit = max(512 << 10, 8 * PAGE)
    with huge_pages(), Tree(
        'history=4K', f'memory={64 << 10}', f'log={limit}'
    ) as tree:
        flood(tree, 10, 1)
        base, count = taken(tree), 10
        late = tree.open(os.O_RDONLY, 0, 'log')
        for size in 1, 100, 16000:
            more = 8 * limit // (size + 24)
            flood(tree, more, size, count)
            count += more
            os.read(late, 10)
            assert b'\n' in tree.read(0, 'log.json')
            check(tree, base, limit, f'records of {size} bytes')
            used = int(tree.status(0)['records_bytes'])
            assert limit // 2 < used <= limit, used
        os.close(late)


@case('memory= limits the memory of segments of one message')
def tiny():
    limit = 1024 * PAGE
    with huge_pages(), Tree(f'memory={limit}') as tree:
        reader = tree.open(os.O_RDWR, 0, 'message')
        flood(tree, 10, 1)
        base, count = taken(tree), 10
        while not int(tree.status()['segments_dropped']):
            flood(tree, 1, 1, count)
            count += 1
            tree.control(0, 'rotate')
            assert count < 5000, tree.status()
            if count % 100 == 0:
                check(tree, base, limit, f'{count} segments')
        check(tree, base, limit, f'{count} segments')
        assert count > 200, count
        os.close(reader)


@case('memory= limits the memory of sessions of one message')
def sessions():
    limit = 512 * PAGE
    with huge_pages(), Tree(f'memory={limit}') as tree:
        readers = []
        base, count = taken(tree), 0
        for count in range(1, 401):
            readers.append(tree.open(os.O_RDWR, 0, 'message'))
            flood(tree, 1, 1, count - 1)
            tree.control(0, 'close')
            tree.control(0, f'open session-{count}')
            if count % 100 == 0:
                check(tree, base, limit, f'{count} sessions')
        for reader in readers:
            os.close(reader)


@case('sendq= limits the memory of queued messages')
def queued():
    for limit, size in (256 << 10, 1), (256 << 10, 17), (2 << 20, 16000):
        with huge_pages(), Tree(f'sendq={limit}', 'send_timeout=600s') as tree:
            writer = tree.open(os.O_WRONLY | os.O_NONBLOCK, 0, 'message')
            os.write(writer, bytes(size))
            arrived(tree, 1)
            tree.control('sim stall on')
            base, count = taken(tree), 0
            try:
                while count < limit * 2:
                    os.write(writer, bytes(size))
                    count += 1
            except OSError as error:
                equal(error.errno, errno.EAGAIN, 'the error')
            check(tree, base, limit, f'{count} messages of {size} bytes')
            assert count >= limit // max(size, 16), count
            tree.control('sim stall off')
            arrived(tree, 1 + count)
            os.close(writer)


def mapped(hmcs):
    """Bytes of address space of a daemon with this number of indices."""
    with Tree(
        'history=64M', 'sim.pool=2', mtu=4096, hmcs=hmcs, sessions=0
    ) as tree:
        with open(f'/proc/{tree.pid}/status', encoding='ascii') as file:
            values = dict(line.split(':', 1) for line in file)
        return int(values['VmSize'].split()[0]) << 10


@case('an index without messages uses no address space')
def unused():
    more = mapped(32) - mapped(1)
    note(f'{more} bytes for 31 more indices')
    assert more < 16 << 20, more


@case('the threads of a daemon share one heap')
def one_heap():
    # Another heap takes 64 MiB of address space.
    if not SANITIZED:
        assert mapped(1) < 32 << 20, mapped(1)


@contextlib.contextmanager
def address_space(limit):
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@case('rotations and full logs work within ulimit -v 400000')
def address_space_is_short():
    # A sanitizer reserves terabytes of it: there the limit cannot be set.
    limit = resource.RLIM_INFINITY if SANITIZED else 400000 << 10
    with address_space(limit):
        with Tree('history=16M', 'memory=1G', hmcs=2, sessions=2) as tree:
            for _ in range(10):
                tree.control(0, 'rotate')
                tree.control(1, 'rotate')
            reader = tree.open(os.O_RDWR, 0, 'message')
            flood(tree, VOLUME * 4 // 10, 16000)
            equal(tree.status(0)['state'], 'ready', 'the session')
            assert int(tree.status()['memory_bytes']) > VOLUME * 300
            os.close(reader)


run()
