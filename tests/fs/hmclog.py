# SPDX-License-Identifier: GPL-2.0-or-later
#
# Log of messages: tests hmcN/log and hmcN/log.json with cat, grep, tail, jq
# and logrotate: their lines, offsets, rotation, truncation and gaps. The form
# of each line is tested in tests/unit/test-record.c.
import ast
import base64
import datetime
import errno
import json
import os
import re
import select
import signal

from helpers import Child, Tool, exchange, overtake, shell, state_of, until
from mounted import Tree, scratch
from tap import case, equal, raises, run

LINE = re.compile(
    r'(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)'
    r' (?P<kind>[a-z]+) (?P<number>\d+) (?P<length>\d+)'
    r'(?: \[(?P<header>[^]"]*)\])? (?P<bytes>"[ -~]*")'
)
# Lines of two messages, and of the session's begin.
EXCHANGE = 2
ALL = bytes(range(256))


def parse(line):
    """Kind, number and bytes of a line of log."""
    found = LINE.fullmatch(line)
    assert found, line
    data = ast.literal_eval('b' + found['bytes'])
    equal(len(data), int(found['length']), 'the length')
    return found['kind'], int(found['number']), data


def text(tree, name='log'):
    return [
        parse(line) for line in tree.read(0, name).decode('ascii').splitlines()
    ]


def objects(tree, name='log.json'):
    return [json.loads(line) for line in tree.read(0, name).splitlines()]


def payload(record):
    if 'payload' in record:
        return record['payload'].encode()
    return base64.b64decode(record['payload_base64'], validate=True)


def wait_for_news(descriptor):
    poll = select.poll()
    poll.register(descriptor, select.POLLPRI)
    equal(poll.poll(), [(descriptor, select.POLLPRI)], 'the list of events')


@case('each message is a line for each direction, in the order of events')
def lines():
    with Tree() as tree:
        exchange(tree, b'one\n', ALL)
        equal(
            text(tree),
            [
                ('open', 1, b'test-0'),
                ('sent', 1, b'one\n'),
                ('received', 1, b'one\n'),
                ('sent', 2, ALL),
                ('received', 2, ALL),
            ],
            'the list of lines',
        )
        tree.control(0, 'close')
        equal(text(tree)[-1], ('close', 1, b'closed'), 'the last line')
        equal(tree.status(0)['records'], '6', 'the number of records')


@case('log.json has the same records, and jq reads them')
def with_jq():
    with Tree() as tree:
        exchange(tree, b'gr\xc3\xbc\xc3\x9f\n', ALL, b'\xc2\x9b')
        messages = [
            (each['kind'], each['sequence'], payload(each))
            for each in objects(tree)[1:]
        ]
        equal(messages, text(tree)[1:], 'the list of records')
        equal(
            [each['time'] for each in objects(tree)],
            [
                line.split()[0]
                for line in tree.read(0, 'log').decode().splitlines()
            ],
            'the list of times',
        )
        done = shell(
            'jq -r \'select(.kind == "received" and .sequence == 1).payload\' '
            '"$1"',
            tree.path(0, 'log.json'),
        )
        equal(done.stdout, b'gr\xc3\xbc\xc3\x9f\n\n', 'the output of jq')
        done = shell(
            'jq -r \'select(.kind == "sent" and .sequence == 2)'
            '.payload_base64\' "$1" | base64 -d',
            tree.path(0, 'log.json'),
        )
        equal(done.stdout, ALL, 'the output of base64')


@case('times are those of the message, in UTC with microseconds')
def times():
    with Tree() as tree:
        before = datetime.datetime.now(datetime.timezone.utc)
        exchange(tree, b'x')
        after = datetime.datetime.now(datetime.timezone.utc)
        for record in objects(tree)[1:]:
            time = datetime.datetime.fromisoformat(
                record['time'].replace('Z', '+00:00')
            )
            assert before <= time <= after, (before, record, after)


@case('grep, wc, tail and lseek work on log')
def tools():
    with Tree() as tree:
        exchange(tree, b'needle\n', b'hay\n')
        path = tree.path(0, 'log')
        whole = tree.read(0, 'log')
        equal(os.stat(path).st_size, len(whole), 'the size')
        equal(shell('grep -c needle "$1"', path).stdout, b'2\n', 'grep')
        equal(shell('wc -l <"$1"', path).stdout, b'5\n', 'wc')
        equal(
            shell('tail -n 1 "$1"', path).stdout,
            whole.splitlines(True)[-1],
            'tail',
        )
        log = tree.open(os.O_RDONLY, 0, 'log')
        equal(os.lseek(log, 0, os.SEEK_END), len(whole), 'the offset')
        equal(os.pread(log, 30, 17), whole[17:47], 'the data')
        equal(os.pread(log, 30, len(whole) + 5), b'', 'the data')
        os.close(log)


@case('tail -F shows each line over rotations, and no line twice')
def followed():
    with Tree('log=512K') as tree:
        with Tool(
            'tail', '-s', '0.02', '-n', '+1', '-F', tree.path(0, 'log')
        ) as tail:
            tail.await_text(b' open 1 ')
            size = 4000
            for number in range(120):
                exchange(tree, b'%d ' % number + b'.' * size)
                tail.await_text(b' received %d ' % (number + 1))
            found = tail.got.decode()
        assert os.path.exists(tree.path(0, 'log.1'))
        received = re.findall(r' received (\d+) ', found)
        equal(
            received,
            [str(number + 1) for number in range(120)],
            'the list of numbers',
        )
        assert ' gap ' not in found
        equal(tree.status(0)['records_dropped'], '0', 'the dropped records')


@case('poll reports POLLPRI for a sent and for a received message')
def polled():
    with Tree() as tree:
        log = tree.open(os.O_RDONLY, 0, 'log.json')
        poll = select.poll()
        poll.register(log, select.POLLPRI)

        def news(kind):
            equal(poll.poll(), [(log, select.POLLPRI)], 'the list of events')
            assert kind in os.read(log, 1 << 20)
            equal(poll.poll(0), [], 'the list of events')

        news(b'"open"')
        tree.control('sim stall on')
        for function, argument, kind in (
            (tree.send, b'x', b'"sent"'),
            (tree.control, 'sim stall off', b'"received"'),
            (tree.control, 'sim emit 0 news', b'"received"'),
        ):
            waiter = Child(wait_for_news, log)
            until(lambda: state_of(waiter.pid) == 'S', 'the wait')
            function(argument)
            waiter.done()
            news(kind)
        os.close(log)
        log = tree.open(os.O_RDONLY, 0, 'log')
        poll.register(log, select.POLLPRI)
        equal(poll.poll(0), [(log, select.POLLPRI)], 'the list of events')
        os.lseek(log, 0, os.SEEK_END)
        equal(os.read(log, 100), b'', 'the end')
        equal(poll.poll(0), [], 'the list of events after a seek')
        os.close(log)


@case('nobody can write to log; last_error says where to send')
def read_only():
    with Tree('mode=0666') as tree:
        for name in 'log', 'log.json':
            path = tree.path(0, name)
            equal(os.stat(path).st_mode & 0o777, 0o644, 'the mode')
            for flags in os.O_WRONLY, os.O_WRONLY | os.O_APPEND:
                raises(errno.EROFS, os.open, path, flags)
            raises(errno.EROFS, os.open, path, os.O_RDWR | os.O_TRUNC)
            raises(errno.EROFS, os.truncate, path, 0)
            log = os.open(path, os.O_RDWR)
            raises(errno.EROFS, os.write, log, b'x')
            raises(errno.EINVAL, os.ftruncate, log, 5)
            os.close(log)
        error = tree.status(0)['last_error']
        assert 'write to message to send' in error, error
        equal(tree.status(0)['sent_messages'], '0', 'the sent messages')


@case('ftruncate removes the lines that were read, and no others')
def truncated():
    with Tree() as tree:
        exchange(tree, b'one')
        log = tree.open(os.O_RDWR, 0, 'log')
        other = tree.open(os.O_RDONLY, 0, 'log')
        os.ftruncate(log, 0)
        equal(len(text(tree)), 1 + EXCHANGE, 'the number of lines')
        os.read(log, 1 << 20)
        exchange(tree, b'two')
        os.ftruncate(log, 0)
        equal(
            text(tree),
            [('sent', 2, b'two'), ('received', 2, b'two')],
            'the list of lines',
        )
        equal(len(objects(tree)), 1 + 2 * EXCHANGE, 'the lines of log.json')
        equal(
            os.read(other, 1 << 20),
            tree.read(0, 'log.1'),
            'the data of another reader',
        )
        os.ftruncate(log, 0)
        equal(len(text(tree)), EXCHANGE, 'the number of lines')
        os.close(other)
        os.close(log)


@case('logrotate with copytruncate archives each line once')
def rotated():
    with Tree() as tree:
        work = scratch()
        config = os.path.join(work, 'config')
        with open(config, 'w', encoding='utf-8') as file:
            file.write(
                f'{tree.path(0)}/log {tree.path(0)}/log.json {{\n'
                f'copytruncate\nolddir {work}\nrotate 9\nmissingok\n}}\n'
            )
        with Tool(
            'tail', '-s', '0.02', '-n', '+1', '-F', tree.path(0, 'log')
        ) as tail:
            tail.await_text(b' open 1 ')
            for number in range(3):
                exchange(tree, b'%d' % number)
                tail.await_text(b' received %d ' % (number + 1))
                shell('exec logrotate -f -s "$1/state" "$1/config"', work)
                equal(tree.read(0, 'log'), b'', 'log')
                equal(tree.read(0, 'log.json'), b'', 'log.json')
            exchange(tree, b'last')
            tail.await_text(b' received 4 ')
            shown = re.findall(rb' (\w+) (\d+) \d', tail.got)
        archived = b''
        decoded = []
        for number in 3, 2, 1:
            with open(f'{work}/log.{number}', 'rb') as file:
                archived += file.read()
            with open(f'{work}/log.json.{number}', 'rb') as file:
                decoded += [json.loads(line) for line in file]
        found = re.findall(rb' (\w+) (\d+) \d', archived)
        equal(
            found,
            [(b'open', b'1')]
            + [
                (kind, b'%d' % number)
                for number in (1, 2, 3)
                for kind in (b'sent', b'received')
            ],
            'the archived lines',
        )
        equal(len(decoded), len(found), 'the archived lines of log.json')
        equal(
            shown,
            found + [(b'sent', b'4'), (b'received', b'4')],
            'the lines that tail shows',
        )


def gaps_of(lines):
    return [number for kind, number, _ in lines if kind == 'gap']


def drop_lines(tree, number):
    while int(tree.status(0)['records_dropped']) < number:
        exchange(tree, *[b'.' * 8000] * 16)


@case('lines that the limit drops unread are one line with their number')
def gap():
    with Tree('log=512K') as tree:
        drop_lines(tree, 1)
        kept = text(tree, 'log.1') + text(tree)
        dropped = int(tree.status(0)['records_dropped'])
        equal(gaps_of(kept), [dropped], 'the list of gaps')
        equal(
            int(tree.status(0)['records']),
            dropped + len(kept),
            'the number of records',
        )


@case('gaps count dropped gaps, and those of a held file once it is closed')
def gaps():
    with Tree('log=512K') as tree:
        late = tree.open(os.O_RDONLY, 0, 'log')
        for _ in range(3):
            dropped = int(tree.status(0)['records_dropped'])
            drop_lines(tree, dropped + 100)
        kept = text(tree, 'log.1') + text(tree)
        found = gaps_of(kept)
        assert found, 'there is no gap'
        messages = [line for line in kept if line[0] == 'received']
        sent = int(tree.status(0)['received_messages'])
        first = messages[0][1]
        equal(len(messages), sent - first + 1, 'the number of messages')
        os.close(late)
        dropped = int(tree.status(0)['records_dropped'])

        def counted():
            exchange(tree, b'x')
            return sum(gaps_of(text(tree, 'log.1') + text(tree))) == dropped

        until(counted, 'the gap of the file that was held open')


@case('a reader whose lines were dropped gets their number, then the end')
def overtaken():
    with Tree('log=512K') as tree:
        late = tree.open(os.O_RDONLY, 0, 'log')
        first = tree.read(0, 'log').index(b'\n') + 1
        os.read(late, first)
        ino = os.fstat(late).st_ino
        overtake(tree, late)
        line = os.read(late, 1 << 16)
        kind, number, reason = parse(line.decode().removesuffix('\n'))
        equal(kind, 'gap', 'the kind')
        assert number > 20 and b'log=' in reason, (number, reason)
        equal(os.read(late, 1 << 16), b'', 'the end')
        equal(os.fstat(late).st_size, first + len(line), 'the size')
        raises(errno.ESTALE, os.pread, late, 10, 0)
        equal(os.fstat(late).st_ino, ino, 'the inode number')
        os.close(late)


@case('a line that was read in part ends before the line with the number')
def cut():
    for name in 'log', 'log.json':
        with Tree('log=512K') as tree:
            late = tree.open(os.O_RDONLY, 0, name)
            data = os.read(late, 40)
            assert b'\n' not in data, data
            overtake(tree, late)
            rest = os.read(late, 1 << 16)
            begin, line, end = rest.split(b'\n')
            equal((begin, end), (b'', b''), 'what is beside the line')
            if name == 'log':
                equal(parse(line.decode())[0], 'gap', 'the kind')
            else:
                equal(json.loads(line)['kind'], 'gap', 'the kind')
            equal(os.fstat(late).st_size, 40 + len(rest), 'the size')
            os.close(late)


@case('tail -F goes on with the new file after lines were dropped')
def dropped_for_tail():
    with Tree('log=512K') as tree:
        early = tree.open(os.O_RDONLY, 0, 'log')
        with Tool(
            *('tail', '-s', '0.02', '--max-unchanged-stats=2'),
            *('-n', '+1', '-F', tree.path(0, 'log')),
        ) as tail:
            exchange(tree, b'first')
            tail.await_text(b'received 1 ')
            tail.process.send_signal(signal.SIGSTOP)
            overtake(tree, early)
            tail.process.send_signal(signal.SIGCONT)
            tail.await_text(b' gap ')
            exchange(tree, b'last')
            tail.await_text(b'"last"')
        os.close(early)


@case('log shows received messages whose file is gone')
def forgotten():
    sizes = [1, 100, 3000, 16000, 0, 7, 5000]
    messages = [
        bytes(number * 31 + at * 7 & 0xFF for at in range(size))
        for number, size in enumerate(sizes * 6)
    ]
    with Tree('history=4K', 'memory=128K') as tree:
        late = tree.open(os.O_RDONLY, 0, 'log')
        for number, message in enumerate(messages):
            if message:
                exchange(tree, message)
            if number % 9 == 0:
                tree.control(0, 'rotate')
        tree.control(0, 'close')
        tree.control(0, 'open another')
        tree.control(0, 'rotate')
        equal(tree.read(0, 'message'), b'', 'the file')
        assert int(tree.status()['memory_bytes']) <= 128 << 10
        expected = [message for message in messages if message]
        for kind in 'sent', 'received':
            equal(
                [data for found, _, data in text(tree) if found == kind],
                expected,
                f'the list of {kind} messages',
            )
        equal(
            [
                payload(record)
                for record in objects(tree)
                if record['kind'] == 'received'
            ],
            expected,
            'the list in log.json',
        )
        whole = tree.read(0, 'log')
        equal(os.pread(late, len(whole), 0), whole, 'the open file')
        os.close(late)


@case('messages that were not sent have no line; their number has one')
def unsent():
    with Tree('send_timeout=100ms') as tree:
        tree.control('sim stall on')
        writer = tree.open(os.O_WRONLY | os.O_NONBLOCK, 0, 'message')
        accepted = 0
        try:
            while True:
                os.write(writer, b'%d' % accepted + b'.' * 1000)
                accepted += 1
        except BlockingIOError:
            pass
        os.close(writer)
        sent = int(tree.status(0)['sent_messages'])
        assert sent < accepted
        raises(errno.ETIMEDOUT, tree.control, 0, 'close')
        found = text(tree)
        equal(
            [number for kind, number, _ in found if kind == 'sent'],
            list(range(1, sent + 1)),
            'the list of sent messages',
        )
        equal(
            [(kind, number) for kind, number, _ in found[-2:]],
            [('unsent', accepted - sent), ('close', 1)],
            'the last lines',
        )
        tree.control('sim stall off')


@case('log=0 makes no files')
def turned_off():
    with Tree('log=0') as tree:
        equal(
            sorted(os.listdir(tree.path(0))),
            ['control', 'message', 'status'],
            'the list of names',
        )
        raises(errno.ENOENT, tree.open, os.O_RDONLY, 0, 'log')
        exchange(tree, b'x')
        for key in 'records', 'records_bytes', 'records_limit_bytes':
            equal(tree.status(0)[key], '0', key)


run()
