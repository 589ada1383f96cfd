# SPDX-License-Identifier: GPL-2.0-or-later
#
# Capture: tests hmcN/capture with tshark: its packets, a live capture over
# rotations, reads at any offset, truncation, gaps and limits. The form of each
# block is tested in tests/unit/test-pcapng.c.
import errno
import os
import random
import re
import select
import struct

from helpers import Tool, exchange, overtake, shell
from mounted import Tree, scratch
from tap import case, equal, raises, run

ALL = bytes(range(256))
SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
FIELDS = (
    'frame.interface_name frame.packet_flags_direction frame.packet_id '
    'frame.comment data.data'
).split()
RECEIVED, SENT = '0x00000001', '0x00000002'

# Personal files of Wireshark must not change its output.
os.environ['HOME'] = scratch()


def blocks(data):
    """Type and contents of the blocks, which must be whole."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from('<II', data, at)
        equal(size % 4, 0, 'the alignment')
        equal(
            struct.unpack_from('<I', data, at + size - 4),
            (size,),
            'the length at the end',
        )
        yield kind, data[at + 8 : at + size - 4]
        at += size


def comments(data):
    """Comments of the packets that have no bytes."""
    return [
        found[0].decode()
        for kind, body in blocks(data)
        for found in [re.findall(rb'[a-z]+ \d+ "[ -~]*"', body)]
        if kind == PACKET and not struct.unpack_from('<I', body, 12)[0]
    ]


def tshark(path, *words):
    """Lines that tshark prints for a file."""
    done = shell('exec tshark -r "$@"', path, *words)
    return done.stdout.decode().splitlines()


def packets(path):
    """Values of FIELDS of each packet."""
    words = [word for field in FIELDS for word in ('-e', field)]
    return [
        tuple(line.split('\t'))
        for line in tshark(path, '-T', 'fields', *words)
    ]


@case('tshark shows each message, and each event as a comment')
def shown():
    with Tree('capture=1M') as tree:
        exchange(tree, b'one\n', ALL)
        tree.control(0, 'close')
        equal(
            packets(tree.path(0, 'capture')),
            [
                ('hmc0', '0x00000000', '', 'open 1 "test-0"', ''),
                ('hmc0', SENT, '2', '', b'one\n'.hex()),
                ('hmc0', RECEIVED, '3', '', b'one\n'.hex()),
                ('hmc0', SENT, '4', '', ALL.hex()),
                ('hmc0', RECEIVED, '5', '', ALL.hex()),
                ('hmc0', '0x00000000', '', 'close 1 "closed"', ''),
            ],
            'the list of packets',
        )


@case('times are those of the lines of log')
def times():
    with Tree('capture=1M') as tree:
        exchange(tree, b'x')
        found = tshark(
            tree.path(0, 'capture'),
            '-t',
            'ud',
            '-T',
            'fields',
            '-e',
            '_ws.col.Time',
        )
        lines = tree.read(0, 'log').decode().splitlines()
        equal(
            [each.replace(' ', 'T')[:26] + 'Z' for each in found],
            [line.split()[0] for line in lines],
            'the list of times',
        )


@case('tshark shows each packet when it arrives, over rotations')
def live():
    with Tree('capture=512K', 'log=0') as tree:
        with Tool(
            'sh',
            '-c',
            'tail -s 0.02 -c +0 -F "$1" | '
            'exec tshark -l -i - -T fields '
            '-e frame.packet_id -e frame.comment',
            'sh',
            tree.path(0, 'capture'),
        ) as tool:
            tool.await_text(b'open 1 ')
            count = 120
            for number in range(20, count + 1, 20):
                exchange(tree, *[b'.' * 4000] * 20)
                tool.await_text(b'\n%d\t\n' % (number * 2 + 1))
            found = tool.got.decode()
        assert os.path.exists(tree.path(0, 'capture.1'))
        equal(
            re.findall(r'^(\d+)\t$', found, re.M),
            [str(2 + each) for each in range(2 * count)],
            'the list of numbers',
        )


@case('capture.1 is a file that tshark reads, and continues in capture')
def archived():
    with Tree('capture=512K') as tree:
        while not os.path.exists(tree.path(0, 'capture.1')):
            exchange(tree, b'.' * 4000)
        found = [
            int(number)
            for name in ('capture.1', 'capture')
            for _, _, number, _, _ in packets(tree.path(0, name))
            if number
        ]
        last = int(tree.status(0)['sent_messages'])
        equal(found, list(range(2, 2 * last + 2)), 'the list of numbers')


@case('a read of any size at any offset returns these bytes')
def offsets():
    with Tree('capture=1M') as tree:
        exchange(tree, *[ALL[:each] for each in range(1, 40)])
        whole = tree.read(0, 'capture')
        equal(os.stat(tree.path(0, 'capture')).st_size, len(whole), 'the size')
        equal(
            [kind for kind, _ in blocks(whole)],
            [SECTION, INTERFACE] + [PACKET] * 79,
            'the list of blocks',
        )
        file = tree.open(os.O_RDONLY, 0, 'capture')
        for size in 1, 7, 100, 5000:
            read = b''
            while part := os.read(file, size):
                read += part
            equal(read, whole, f'the data in reads of {size} bytes')
            os.lseek(file, 0, os.SEEK_SET)
        choice = random.Random(7)
        for _ in range(300):
            offset = choice.randrange(len(whole) + 10)
            size = choice.randrange(1, 400)
            equal(
                os.pread(file, size, offset),
                whole[offset:][:size],
                f'the data at {offset}',
            )
        os.close(file)
        for script in (
            'cat "$1"',
            'busybox cat "$1"',
            'dd if="$1" bs=100 status=none',
            'head -c 100 "$1"; tail -c +101 "$1"',
            'cp "$1" "$2/copy"; cat "$2/copy"',
        ):
            done = shell(script, tree.path(0, 'capture'), scratch())
            equal(done.stdout, whole, f'the output of {script}')


@case('a capture without records is a file without packets')
def empty():
    with Tree('capture=1M', sessions=0) as tree:
        equal(
            [kind for kind, _ in blocks(tree.read(0, 'capture'))],
            [SECTION, INTERFACE],
            'the list of blocks',
        )
        equal(packets(tree.path(0, 'capture')), [], 'the list of packets')


@case('poll reports POLLPRI for a new packet')
def polled():
    with Tree('capture=1M') as tree:
        file = tree.open(os.O_RDONLY, 0, 'capture')
        poll = select.poll()
        poll.register(file, select.POLLPRI)
        for message in b'one', b'two':
            equal(poll.poll(), [(file, select.POLLPRI)], 'the list of events')
            os.read(file, 1 << 20)
            equal(poll.poll(0), [], 'the list of events')
            exchange(tree, message)
        os.close(file)


@case('nobody can write to capture; readers are those of mode=')
def read_only():
    with Tree('capture=1M', 'mode=0666') as tree:
        path = tree.path(0, 'capture')
        equal(os.stat(path).st_mode & 0o777, 0o644, 'the mode')
        for flags in os.O_WRONLY, os.O_WRONLY | os.O_APPEND:
            raises(errno.EROFS, os.open, path, flags)
        raises(errno.EROFS, os.open, path, os.O_RDWR | os.O_TRUNC)
        raises(errno.EROFS, os.truncate, path, 0)
        file = os.open(path, os.O_RDWR)
        raises(errno.EROFS, os.write, file, b'x')
        os.close(file)
        error = tree.status(0)['last_error']
        assert 'hmc0/capture: the file is read-only' in error, error


@case('ftruncate removes the packets that were read, and no others')
def truncated():
    with Tree('capture=1M') as tree:
        exchange(tree, b'one')
        file = tree.open(os.O_RDWR, 0, 'capture')
        os.read(file, 1 << 20)
        exchange(tree, b'two')
        os.ftruncate(file, 0)
        equal(
            [each[2] for each in packets(tree.path(0, 'capture'))],
            ['4', '5'],
            'the list of numbers',
        )
        equal(
            [each[2] for each in packets(tree.path(0, 'capture.1'))],
            ['', '2', '3', '4', '5'],
            'the list of numbers before',
        )
        equal(len(tree.read(0, 'log').splitlines()), 5, 'the lines of log')
        os.close(file)


@case('packets that the limit drops unread are one comment with their number')
def gap():
    with Tree('capture=512K', 'log=0') as tree:
        while not int(tree.status(0)['records_dropped']):
            exchange(tree, *[b'.' * 8000] * 16)
        dropped = int(tree.status(0)['records_dropped'])
        found = [
            comment
            for name in ('capture.1', 'capture')
            for _, _, _, comment, _ in packets(tree.path(0, name))
            if comment.startswith('gap ')
        ]
        equal(
            found,
            [
                f'gap {dropped} "dropped by the limit of log= and capture= '
                'before anybody read them"'
            ],
            'the list of gaps',
        )


@case('a reader whose packets were dropped gets a file that ends with a gap')
def overtaken():
    with Tree('capture=512K', 'log=0') as tree:
        exchange(tree, b'one')
        for read in None, 0, 10, 60:
            late = tree.open(os.O_RDONLY, 0, 'capture')
            size = os.fstat(late).st_size
            data = os.read(late, size if read is None else read)
            overtake(tree, late)
            while part := os.read(late, 100):
                data += part
            equal(
                [kind for kind, _ in blocks(data)][:2],
                [SECTION, INTERFACE],
                'the list of blocks',
            )
            assert comments(data)[-1].startswith('gap '), comments(data)
            with open(scratch() + '/copy', 'wb') as copy:
                copy.write(data)
            equal(packets(copy.name)[-1][3][:4], 'gap ', 'the last comment')
            os.close(late)


@case('a reader inside a dropped packet goes back to its start for the gap')
def overtaken_inside():
    with Tree('capture=512K', 'log=0') as tree:
        exchange(tree, b'one')
        late = tree.open(os.O_RDONLY, 0, 'capture')
        end = len(tree.read(0, 'capture'))
        exchange(tree, b'two')
        data = os.read(late, end + 10)
        overtake(tree, late)
        raises(errno.ESTALE, os.read, late, 100)
        equal(os.lseek(late, -10, os.SEEK_CUR), end, 'the offset')
        data = data[:-10]
        while part := os.read(late, 50):
            data += part
        assert comments(data)[-1].startswith('gap '), comments(data)
        os.close(late)


@case('capture= and log= have their files each, and the larger limit holds')
def limits():
    for options, names, limit in (
        ([], ['log', 'log.json'], 1 << 20),
        (['capture=0', 'log=0'], [], 0),
        (['capture=2M'], ['capture', 'log', 'log.json'], 2 << 20),
        (['capture=512K'], ['capture', 'log', 'log.json'], 1 << 20),
        (['capture=512K', 'log=0'], ['capture'], 512 << 10),
    ):
        with Tree(*options) as tree:
            equal(
                sorted(os.listdir(tree.path(0))),
                sorted(['control', 'message', 'status', *names]),
                f'the list of names with {options}',
            )
            status = tree.status(0)
            equal(status['records_limit_bytes'], str(limit), 'the limit')
            equal(status['records'], '1' if limit else '0', 'the records')


@case('records take no more memory than capture=')
def bounded():
    with Tree('capture=512K', 'log=0') as tree:
        for size in 1, 100, 16000:
            for _ in range(8):
                exchange(tree, *[b'.' * size] * 16)
            used = int(tree.status(0)['records_bytes'])
            assert used <= 512 << 10, used
        for name in 'capture.1', 'capture':
            list(blocks(tree.read(0, name)))


run()
