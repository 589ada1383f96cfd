# SPDX-License-Identifier: GPL-2.0-or-later
#
# Wireshark: tests the installed dissector, and the installed program that
# makes each index an interface, with tshark. The file capture is tested in
# capture.py.
import contextlib
import glob
import os
import re
import struct
import subprocess

from helpers import Child, Tool, exchange, shell, state_of, until
from installed import STAGE, cover, prepare
from mounted import Tree, scratch
from namespace import alone
from tap import case, equal, run

prepare()
INSTALLED = glob.glob(f'{STAGE}/**/lib/**/wireshark', recursive=True)[0]
FIELDS = (
    'vmc.kind vmc.number vmc.event vmc.length vmc.correlation vmc.target '
    'vmc.flags vmc.flags.response_expected vmc.flags.response '
    'vmc.data_length vmc.operation vmc.return_code data.data'
).split()
ROUTER, ECHO, EXPECTED, RESPONSE = 0x8000, 0x103, 0x80, 0x40

# Personal files of Wireshark must not change its output.
os.environ['HOME'] = scratch()


def message(data, target=ROUTER, flags=EXPECTED, operation=ECHO, code=0):
    """Message of a management application."""
    return (
        struct.pack(
            '>IIIHBBIHHQ',
            0xDECAFF20,
            32 + len(data),
            0xABC,
            target,
            0,
            flags,
            len(data),
            operation,
            code,
            0,
        )
        + data
    )


def converse(tree, *messages):
    """Sends each message after the reply to the one before."""
    for each in messages:
        exchange(tree, each)


def dissect(tree, *words):
    """Lines that tshark prints for a capture with the dissector."""
    script = f'lua_script:{INSTALLED}/plugins/vmc.lua'
    done = shell(
        'exec tshark -X "$@"', script, '-r', tree.path(0, 'capture'), *words
    )
    assert b'Lua:' not in done.stderr, done.stderr
    return done.stdout.decode().splitlines()


def values(tree):
    words = [word for field in FIELDS for word in ('-e', field)]
    return [
        tuple(line.split('\t'))
        for line in dissect(tree, '-T', 'fields', *words)
    ]


@case('the dissector shows each field of a header, and the data after it')
def header():
    with Tree('capture=1M') as tree:
        converse(tree, message(b'text'))
        tree.send(message(b'', 0x8003, 0, 7, 9))
        names = ('', '36', '0x00000abc', '0x8000')
        equal(
            values(tree)[1:3],
            [
                ('sent', '1', *names, '0x80', '1', '0', '4', '0x0103')
                + ('0x0000', b'text'.hex()),
                ('received', '1', *names, '0x40', '0', '1', '4', '0x0103')
                + ('0x8028', b'text'.hex()),
            ],
            'the fields of an echo',
        )
        other = ('', '32', '0x00000abc', '0x8003', '0x00', '0', '0', '0')
        equal(
            values(tree)[3],
            ('sent', '2', *other, '0x0007', '0x0009', ''),
            'the fields of a message to another target',
        )


@case('the dissector shows messages without a header, and events')
def plain():
    false = message(b'x')[:-1]
    with Tree('capture=1M') as tree:
        converse(tree, b'hello\n', false)
        tree.control(0, 'close')
        none = ('',) * 9
        equal(
            values(tree),
            [
                ('open', '1', 'open 1 "test-0"', *none, ''),
                ('sent', '1', '', *none, b'hello\n'.hex()),
                ('received', '1', '', *none, b'hello\n'.hex()),
                ('sent', '2', '', *none, false.hex()),
                ('received', '2', '', *none, false.hex()),
                ('close', '1', 'close 1 "closed"', *none, ''),
            ],
            'the list of fields',
        )


@case('a line of tshark has both ends, number, length and operation')
def lines():
    with Tree('capture=1M') as tree:
        converse(tree, b'hello\n', message(b'', operation=ECHO))
        equal(
            [
                re.sub(r' +', ' ', re.sub(r'^ *\d+ +[\d.]+', '', line))
                for line in dissect(tree)
            ],
            [
                ' → VMC 0 open 1 "test-0"',
                ' partition → hypervisor VMC 6 sent 1, 6 bytes',
                ' hypervisor → partition VMC 6 received 1, 6 bytes',
                ' partition → hypervisor VMC 32 sent 2, 32 bytes: '
                'router echo correlation 00000abc',
                ' hypervisor → partition VMC 32 received 2, 32 bytes: '
                'router echo correlation 00000abc',
            ],
            'the list of lines',
        )


@case('tshark filters by number, kind and operation')
def filtered():
    with Tree('capture=1M') as tree:
        converse(tree, b'hello\n', message(b''))
        for words, count in (
            ('vmc.kind == "received"', 2),
            ('vmc.number == 2 && vmc.kind == "sent"', 1),
            ('vmc.operation == 0x103', 2),
            ('vmc.flags.response == 1', 1),
            ('vmc.event', 1),
        ):
            equal(len(dissect(tree, '-Y', words)), count, words)


def block(kind, body):
    size = len(body) + 12
    return struct.pack('<II', kind, size) + body + struct.pack('<I', size)


def option(code, data):
    padded = data + bytes(-len(data) % 4)
    return struct.pack('<HH', code, len(data)) + padded


def capture_of(comments):
    """Path of a capture file with an event for each comment."""
    path = os.path.join(scratch(), 'capture')
    with open(path, 'wb') as file:
        order = struct.pack('<IHHq', 0x1A2B3C4D, 1, 0, -1)
        file.write(block(0x0A0D0D0A, order))
        file.write(block(1, struct.pack('<HHI', 159, 0, 0)))
        for comment in comments:
            options = option(1, comment.encode()) + bytes(4)
            file.write(block(6, bytes(20) + options))
    return path


@case('the number of an event is exact up to 2^64, and missing above')
def numbers():
    exact = 0, 1, 2**32, 2**53 + 1, 10**19 + 1, 2**64 - 2, 2**64 - 1
    texts = [(f'{number}', f'{number}') for number in exact]
    texts += [('0007', '7'), ('0' * 30 + '12', '12')]
    texts += [(f'{number}', '') for number in (2**64, 10**20, 10**40)]
    path = capture_of(f'gap {text} "x"' for text, _ in texts)
    script = f'lua_script:{INSTALLED}/plugins/vmc.lua'
    fields = '-T', 'fields', '-e', 'vmc.kind', '-e', 'vmc.number'
    done = shell('exec tshark -X "$@"', script, '-r', path, *fields)
    equal(
        done.stdout.decode().splitlines(),
        [f'gap\t{number}' for _, number in texts],
        'the list of kinds and numbers',
    )


def show(*trees):
    """In a mount namespace of the caller: only these trees are mounted, and
    the installed program is in the directory of Wireshark."""
    alone(None, *trees)
    folders = shell('tshark -G folders').stdout.decode()
    directory = re.search(r'^Extcap path:\s*(\S+)$', folders, re.M)[1]
    cover(directory, f'{INSTALLED}/extcap')


def listed(*trees):
    show(*trees)
    found = shell('tshark -D').stdout.decode()
    equal(
        sorted(re.findall(r'\d+\. (hmc.*)', found)),
        sorted(
            f'hmc{index}@{tree} (VMC hmc{index} of {tree})'
            for tree in trees
            for index in (0, 1)
        ),
        'the list of interfaces',
    )


@case('tshark -D lists each index of each mounted tree')
def interfaces():
    spaced = os.path.join(scratch(), 'a b')
    os.mkdir(spaced)
    with Tree(directory=spaced, hmcs=2) as one, Tree(hmcs=2) as two:
        Child(listed, one.directory, two.directory).done()


NAMES = {
    b'a\nb': r'a\012b',
    b'\n\t\n': r'\012\011\012',
    b'{a}=}b{': r'\173a\175=\175b\173',
    b'\xffa \xe9\xc3\xa9': r'\377a \351\303\251',
    b'\xc3\xa9 b@c': 'é b@c',
    b'\\b\\012': r'\134b\134012',
    b'\x1b[31m': r'\033[31m',
}


def captures_in(directory):
    """tshark lists each tree by its name, and captures from it."""
    trees = [os.path.join(os.fsencode(directory), name) for name in NAMES]
    show(*map(os.fsdecode, trees))
    found = shell('tshark -D').stdout.decode()
    for name in NAMES.values():
        interface = f'hmc0@{directory}/{name}'
        assert f'. {interface} (VMC hmc0 of ' in found, (interface, found)
        words = '-c', '1', '-T', 'fields', '-e', 'frame.comment'
        done = shell('exec tshark -i "$@" 2>/dev/null', interface, *words)
        equal(done.stdout, b'open 1 "test-0"\n', interface)


@case('tshark captures from a tree whatever the name of its directory is')
def names():
    directory = scratch()
    with contextlib.ExitStack() as stack:
        for name in NAMES:
            path = os.fsdecode(os.path.join(os.fsencode(directory), name))
            os.mkdir(path)
            stack.enter_context(Tree('capture=1M', directory=path))
        Child(captures_in, directory).done()


@case('a wrong call of the program of Wireshark fails with its reason')
def wrong_calls():
    program = f'{INSTALLED}/extcap/vmcfs-extcap'
    with Tree('capture=1M') as tree:
        name = f'hmc0@{tree.directory}'
        for words, says in (
            (['--extcap-interface'], b'--extcap-interface needs a value'),
            (['--capture', '--fifo'], b'--fifo needs a value'),
            (['--capture', '--extcap-interface', name], b'needs --fifo'),
            (['--capture'], b"no interface ''"),
            (['--capture', '--extcap-interface='], b"no interface ''"),
            (['--capture', '--extcap-interface', 'x'], b"no interface 'x'"),
            (
                ['--capture', '--fifo=/dev/null']
                + ['--extcap-interface', name.replace('hmc0', 'hmc9')],
                b'hmc9 is no index of a mounted tree',
            ),
        ):
            done = shell('exec "$@"', program, *words, status=1)
            assert done.stderr.count(b'\n') == 1, done.stderr
            assert says in done.stderr, done.stderr


def captured(tree):
    show(tree.directory)
    with Tool(
        'tshark',
        '-l',
        '-i',
        f'hmc0@{tree.directory}',
        '-c',
        '3',
        '-T',
        'fields',
        '-e',
        'frame.packet_id',
        '-e',
        'frame.comment',
    ) as tool:
        tool.await_text(b'\topen 1 "test-0"\n')
        tree.send(b'x')
        tool.await_text(b'\n2\t\n3\t\n')
        until(lambda: state_of(tool.process.pid) == 'Z', 'the end of tshark')
        until(lambda: readers(tree) == 0, 'the end of the program')
    equal(tool.process.returncode, 0, 'the status of tshark')


def readers(tree):
    """Number of processes that follow the capture."""
    pattern = 'tail .*' + re.escape(tree.path(0, 'capture'))
    done = subprocess.run(
        ['pgrep', '-c', '-f', pattern], stdout=subprocess.PIPE, check=False
    )
    return int(done.stdout)


@case('tshark -i captures what arrives, and leaves no process')
def live():
    spaced = os.path.join(scratch(), 'a b')
    os.mkdir(spaced)
    with Tree('capture=1M', directory=spaced) as tree:
        Child(captured, tree).done()


@case('a capture that fails ends the wait of Wireshark for its pipe')
def pipe_ends():
    program = f'{INSTALLED}/extcap/vmcfs-extcap'
    pipe = os.path.join(scratch(), 'pipe')
    os.mkfifo(pipe)
    with Tree() as tree:
        for name in f'hmc0@{tree.directory}', 'hmc0@/nonexistent', 'x':
            with subprocess.Popen(('cat', pipe)) as reader:
                words = '--capture', '--fifo', pipe, '--extcap-interface', name
                shell('exec "$@"', program, *words, status=1)
                equal(reader.wait(), 0, 'the status of the reader')


def refused(tree):
    show(tree.directory)
    done = shell(
        'exec tshark -i "$1" -c 1', f'hmc0@{tree.directory}', status=None
    )
    assert b'mount the tree with -o capture=1M' in done.stderr, done.stderr


@case('without capture= tshark -i says with which option to mount')
def turned_off():
    with Tree() as tree:
        Child(refused, tree).done()


run()
