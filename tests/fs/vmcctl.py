# SPDX-License-Identifier: GPL-2.0-or-later
#
# vmcctl: tests each command on a mounted tree: messages, waits, errors and
# exit statuses. It does not test the completion, and vmcctl-trees.py tests how
# the tree is found.
import ast
import ctypes
import fcntl
import json
import os
import re
import select
import signal
import socket
import subprocess

from client import VMCCTL, Frozen, Started, Taker, channels, command, ctl, sent
from helpers import Numbered, fill, shell, until
from mounted import DAEMON, MTU, Tree, kill
from tap import GUARD, case, equal, lasting, run

LINE = re.compile(
    rb'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z received (\d+) (\d+) (".*")\n'
)


@case('open, close and list show the sessions and their IDs')
def sessions():
    with Tree(hmcs=3, sessions=0) as tree:
        ctl(tree, 'open', '1', ' my "console" ')
        ctl(tree, 'open', '2', 'hex:00ff')
        equal(
            ctl(tree, 'list'),
            b'INDEX  STATE    HMC ID\n'
            b'0      none     -\n'
            b'1      ready    " my \\"console\\" "\n'
            b'2      ready    "\\u0000\\u00ff"\n',
            'the list',
        )
        ctl(tree, 'close', '1')
        equal(tree.status(1)['state'], 'none', 'the state')


@case('send sends its argument as one message, unchanged')
def send_argument():
    texts = ['hello', 'two\nlines\n', ' ', '\\n', '-', 'ü', 'x' * MTU]
    with Tree() as tree:
        for number, text in enumerate(texts, 1):
            ctl(tree, 'send', '0', '--', text)
            equal(sent(tree), number, 'the number of messages')
        ctl(tree, 'send', '0', '--', '-m')
        expected = ''.join(texts + ['-m']).encode()
        until(lambda: tree.read(0, 'message') == expected, 'the echo')


@case('send sends standard input as one message, however it arrives')
def send_input():
    with Tree() as tree:
        for size in 1, 4097, MTU:
            data = os.urandom(size)
            before = sent(tree)
            start = int(tree.status(0)['log_messages'])
            with Started(tree, 'receive', '0', '-t', str(GUARD)) as receiver:
                channels(tree, 1)
                with subprocess.Popen(
                    [VMCCTL, '-m', tree.directory, 'send', '0'],
                    stdin=subprocess.PIPE,
                    bufsize=0,
                ) as sender:
                    half = len(data) // 2
                    sender.stdin.write(data[:half])
                    until(
                        lambda: empty(sender.stdin.fileno()), 'a partial read'
                    )
                    equal(sent(tree), before, 'the number of messages')
                    sender.stdin.write(data[half:])
                    sender.stdin.close()
                    equal(sender.wait(GUARD), 0, 'the status')
                equal(receiver.finish(0), data, 'the message')
            channels(tree, 0)
            equal(sent(tree), before + 1, 'the number of messages')
            equal(
                int(tree.status(0)['log_messages']),
                start + 1,
                'the number of replies',
            )


def empty(pipe):
    """Whether the other end has read everything of a pipe."""
    left = ctypes.c_int()
    fcntl.ioctl(pipe, 0x541B, left)  # FIONREAD
    return not left.value


@case('a message above the MTU is refused before anything is sent')
def too_long():
    with Tree(mtu=4096) as tree:
        for words, given in (
            (['send', '0', 'x' * 4097], b''),
            (['send', '0'], b'x' * 4097),
            (['request', '0', '-t', '5', 'x' * 4097], b''),
            (['request', '0', '-t', '5'], b'x' * 100000),
        ):
            ctl(tree, *words, input=given, status=65, says=b'4096 bytes')
        with open('/dev/zero', 'rb') as endless:
            ctl(tree, 'send', '0', stdin=endless, status=65, says=b'MTU')
        equal(sent(tree), 0, 'the number of messages')
        ctl(tree, 'send', '0', 'x' * 4096)
        equal(sent(tree), 1, 'the number of messages')


@case('an empty message is refused')
def no_message():
    with Tree() as tree:
        for words in ['send', '0', ''], ['send', '0'], ['request', '0', '-t1']:
            ctl(tree, *words, status=65, says=b'empty')
        equal(sent(tree), 0, 'the number of messages')


@case('a limit of file sizes truncates no message')
def file_size_limit():
    with Tree() as tree:
        script = 'ulimit -S -f 1; exec "$0" -m "$1" send 0 < "$2"'
        path = os.path.join(os.environ['TMPDIR'], 'long')
        with open(path, 'wb') as file:
            file.write(b'x' * MTU)
        words = VMCCTL, tree.directory, path
        subprocess.run(
            ['bash', '-c', script, *words], check=True, timeout=GUARD
        )
        equal(tree.status(0)['sent_bytes'], str(MTU), 'the bytes sent')
        done = subprocess.run(
            ['bash', '-c', script.replace('-S', '-H -S'), *words],
            stderr=subprocess.PIPE,
            timeout=GUARD,
            check=False,
        )
        equal(done.returncode, 71, done.stderr)
        assert b'ulimit -f' in done.stderr, done.stderr
        equal(sent(tree), 1, 'the number of messages')


@case('receive prints as many messages as were wanted, unchanged')
def receive():
    with Tree() as tree:
        messages = [b'one', b'\0\xff\n', b'x' * MTU, b'last']
        with Started(
            tree, 'receive', '0', '-t', str(GUARD), '--count', '4'
        ) as receiver:
            channels(tree, 1)
            tree.send(messages[0])
            tree.send(b'')
            for message in messages[1:]:
                tree.send(message)
            tree.send(b'more')
            equal(receiver.finish(0), b''.join(messages), 'the output')


@case('receive ends with status 75 after its time, and prints what arrived')
@lasting(1000)
def receive_timeout(ms):
    with Tree() as tree:
        ctl(tree, 'send', '0', 'before')
        for limit in '0', '0.01', '.05':
            said = b'0 of 1 messages arrived within %g s' % float(limit)
            ctl(tree, 'receive', '0', '-t', limit, status=75, says=said)
        with Started(
            tree, 'receive', '0', f'-t{ms / 1000}', '-n2'
        ) as receiver:
            channels(tree, 1)
            tree.send(b'first')
            equal(receiver.finish(75, b'1 of 2'), b'first', 'the output')


@case('a receiver that was stopped and continued receives the next message')
def stopped():
    with Tree() as tree:
        with Started(tree, 'receive', '0', '-t', str(GUARD)) as receiver:
            channels(tree, 1)
            receiver.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, receiver.process.pid, os.WSTOPPED)
            receiver.process.send_signal(signal.SIGCONT)
            tree.send(b'x')
            equal(receiver.finish(0), b'x', 'the output')


def opened(tree, count=1):
    until(
        lambda: tree.status()['handles'] == str(count), f'{count} open files'
    )


# Waits without a message: command and mount option.
WAITS = (
    (['receive', '0', '-t', '1000'], 'log=64K'),
    (['follow', '0'], 'log=64K'),
    (['follow', '0'], 'log=0'),
)


@case('SIGTERM and SIGINT end a wait')
def signals():
    for words, option in WAITS:
        with Tree(option) as tree:
            for number in signal.SIGTERM, signal.SIGINT:
                with Started(tree, *words) as waiting:
                    opened(tree)
                    waiting.process.send_signal(number)
                    waiting.finish(-number)
                opened(tree, 0)


@case('request prints the first message after the request')
def request():
    with Tree('sim.delay_ms=50') as tree:
        limit = str(GUARD)
        tree.send(b'earlier')
        until(lambda: tree.read(0, 'message') == b'earlier', 'the echo')
        equal(ctl(tree, 'request', '0', '-t', limit, 'text'), b'text')
        data = os.urandom(MTU)
        equal(ctl(tree, 'request', '0', '-t', limit, input=data), data)
        equal(sent(tree), 3, 'the number of messages')


@case('request skips messages that arrive before it is sent')
def request_waits():
    with Tree('sendq=4K') as tree:
        tree.control('sim stall on')
        fill(tree, 1000)
        with Started(tree, 'request', '0', '-t', str(GUARD), 'ask') as asking:
            channels(tree, 1)
            tree.control('sim stall off')
            got = asking.finish(0)
        assert got, 'no reply'
        until(lambda: tree.read(0, 'message').endswith(b'ask'), 'the request')
        assert sent(tree) > 1, 'the queue was empty'


@case('request says whether it was sent when no reply arrives in time')
@lasting(100)
def request_timeout(ms):
    with Tree('sendq=4K') as tree:
        tree.control('sim stall on')
        ask = 'request', '0', '-t', str(ms / 1000), 'ask'
        ctl(tree, *ask, status=75, says=b'the request was sent')
        fill(tree, 1000)
        before = tree.queued()
        ctl(tree, *ask, status=75, says=b'it was not sent')
        equal(tree.queued(), before, 'the number of queued messages')


UNRESPONSIVE = b'hmc0: the daemon did not respond within 0.1 s'


@case('-t limits the command if the daemon has stopped before')
def frozen():
    named = {'status': 75, 'says': UNRESPONSIVE}
    request = 'request', '0', '-t', '0.1'
    with Tree() as tree:
        ctl(tree, 'list')
        with Frozen(tree):
            ctl(tree, *request, 'text', **named)
            ctl(tree, *request, input=b'text', **named)
            environment = {**os.environ, 'VMCFS_MOUNT': tree.directory}
            words = 'receive', '0', '-t', '0.1', '-n', '2'
            command(words, env=environment, **named)
        ctl(tree, 'request', '0', '-t', str(GUARD), 'text')
        channels(tree, 0)


@case('-t limits the command if the daemon stops during its wait')
@lasting(1000)
def freezes(ms):
    limit = ms / 1000
    for words in ['receive', '0'], ['request', '0', 'ask']:
        with Tree() as tree:
            tree.control('sim stall on')
            with Started(tree, *words, f'-t{limit}') as waiting:
                channels(tree, 1)
                with Frozen(tree):
                    waiting.finish(75, b' within %g s' % limit)
            channels(tree, 0)


@case('-t limits the command if the daemon does not answer a taken request')
def taken():
    with Tree() as tree:
        ctl(tree, 'list')
        words = 'request', '0', '-t', '0.1', 'text'
        with Taker(tree) as taker:
            waiting = taker.start(*words)
            taker.hold()
            waiting.finish(75, UNRESPONSIVE)
        channels(tree, 0)
        ctl(tree, 'request', '0', '-t', str(GUARD), 'text')


@case('the time for which standard input is read does not count')
@lasting(200)
def slow_input(ms):
    script = (
        f'(sleep {ms / 200}; echo x) | "$1" -m "$2" request 0 -t {ms / 1000}'
    )
    with Tree() as tree:
        tree.control('sim stall on')
        done = shell(script, VMCCTL, tree.directory, status=75)
        assert b'the request was sent' in done.stderr, done.stderr


def in_tree(pid):
    """Whether a process waits for the daemon."""
    with open(f'/proc/{pid}/wchan', encoding='ascii') as name:
        return name.read() == 'request_wait_answer'


@case('SIGINT ends a command that waits for a daemon that does not respond')
def interrupts_frozen():
    # A lookup waits without signals for one of the announcer of the same name.
    with Tree('log=64K', 'notify_ms=0') as tree:
        for words in (
            ['open', '1', 'x'],
            ['close', '1'],
            ['send', '0', 'x'],
            ['follow', '0'],
            ['status'],
            ['list'],
        ):
            with Frozen(tree) as frozen:
                waiting = frozen.start(*words)
                until(lambda: in_tree(waiting.process.pid), 'the wait')
                waiting.process.send_signal(signal.SIGINT)
                waiting.finish(-signal.SIGINT)
        opened(tree, 0)


@case('the end of a command with -t ends its wait, and no other')
def killed():
    with Tree() as tree:
        words = 'receive', '0', '-t', '1000'
        with Started(tree, *words) as one, Started(tree, *words) as other:
            channels(tree, 2)
            one.process.send_signal(signal.SIGKILL)
            one.finish(-signal.SIGKILL)
            channels(tree, 1)
            tree.send(b'x')
            equal(other.finish(0), b'x', 'the output')


@case('a session that ends during a wait is status 68, with its reason')
def ended():
    for words in (
        ['receive', '0', '-t', '1000'],
        ['request', '0', '-t', '1000', 'x'],
        ['follow', '0'],
    ):
        with Tree('log=0') as tree:
            if words[0] == 'request':
                tree.control('sim stall on')
            with Started(tree, *words) as waiting:
                channels(tree, 1)
                if words[0] == 'request':
                    until(lambda: tree.queued() + sent(tree), 'the request')
                tree.control('sim reset self')
                waiting.finish(68, b'the session has ended: ')
            tree.stalled = False


def attach(tree, follower):
    """Waits until a follower prints new lines: it starts at the end of log."""

    def prints():
        tree.send(b'probe')
        return select.select([follower.process.stdout], [], [], 0.01)[0]

    until(prints, 'a line')


@case('follow prints the lines of log, of all sessions and over rotations')
def follow():
    with Tree('log=64K') as tree:
        tree.send(b'before')
        with Started(tree, 'follow', '0') as follower:
            attach(tree, follower)
            found = []

            def read_to(text):
                while not found or text not in found[-1]:
                    found.append(follower.process.stdout.readline())

            for session in range(3):
                for number in range(300):
                    tree.send(b'%d ' % number + b'x' * 50)
                    if number % 50 == 0:
                        mark = b'mark %d %d' % (session, number)
                        tree.send(mark)
                        read_to(mark)
                tree.control(0, 'close')
                tree.control(0, 'open again')
            ctl(tree, 'send', '0', 'the end')
            read_to(b'"the end"')
        words = [line.split()[1].decode() for line in found]
        equal(words.count('close'), 3, 'the number of ends')
        equal(words.count('open'), 3, 'the number of sessions')
        equal(words.count('gap'), 0, 'the number of gaps')
        numbers = [int(line.split()[2]) for line in found if b' sent ' in line]
        equal(
            numbers,
            list(range(numbers[0], numbers[0] + len(numbers))),
            'the numbers',
        )
        assert len(numbers) > 900 and b'before' not in found[0], found[0]
        assert found[-1] in tree.read(0, 'log'), found[-1]


@case('a follower that is too slow for log prints the gap and continues')
def slow_follower():
    with Tree('log=64K') as tree:
        with Started(tree, 'follow', '0') as follower:
            attach(tree, follower)
            tree.control('sim flood 0 4000 100')
            until(lambda: tree.status()['sim_flood_left'] == '0', 'the flood')
            tree.send(b'the end')
            kinds = set()
            for line in follower.process.stdout:
                # Before the gap, a line that was read in part ends.
                kinds.update(line.split()[1:2])
                if b'received' in line and b'"the end"' in line:
                    break
            assert b'gap' in kinds, kinds


@case('follow ends with status 69 when the daemon is killed')
def follower_left():
    tree = Tree('log=64K')
    try:
        with Started(tree, 'follow', '0') as follower:
            opened(tree)
            kill(tree.pid)
            follower.finish(69, b'the daemon has ended')
    finally:
        tree.forget()
        subprocess.run(['umount', '-l', tree.directory], check=True)
        os.rmdir(tree.directory)


@case('without log, follow prints lines of the same form from a channel')
def follow_channel():
    messages = [b'hello\n', b'\\ \t\r\x7f\xff"\0', b' x ', b'\0' * MTU, b'Z']
    with Tree('log=0') as tree:
        with Started(tree, 'follow', '0') as follower:
            channels(tree, 1)
            for number, message in enumerate(messages, 1):
                tree.send(message)
                line = follower.process.stdout.readline()
                found = LINE.fullmatch(line)
                assert found, line
                equal(int(found[1]), number, 'the number')
                equal(int(found[2]), len(message), 'the length')
                equal(
                    ast.literal_eval('b' + found[3].decode()),
                    message,
                    'the message',
                )
            ctl(tree, 'close', '0')
            equal(follower.finish(68, b'closed'), b'', 'the rest')


@case('the end of the reader of a pipe ends follow and receive at once')
def closed_pipe():
    for words, option in WAITS:
        with Tree(option) as tree:
            for ignored, status in (False, -signal.SIGPIPE), (True, 74):
                with Started(
                    tree, *words, restore_signals=not ignored
                ) as waiting:
                    opened(tree)
                    waiting.process.stdout.close()
                    waiting.process.stdout = None
                    waiting.finish(status, b'Broken pipe' if ignored else b'')
                opened(tree, 0)


@case('follow and receive end when the peer of their output socket is closed')
def closed_socket():
    for words, option in WAITS:
        with Tree(option) as tree:
            own, other = socket.socketpair()
            with Started(tree, *words, stdout=other) as waiting:
                other.close()
                opened(tree)
                own.close()
                waiting.finish(-signal.SIGPIPE)


@case('without log, a follower that is too slow reports missed messages')
def slow_channel():
    options = 'history=64K', 'memory=1M', 'log=0'
    with Tree(*options) as tree:
        with Started(tree, 'follow', '0') as follower:
            channels(tree, 1)
            tree.control('sim flood 0 2000 4000')
            until(
                lambda: int(tree.status(0)['received_messages']) == 2000,
                'the flood',
            )
            tree.send(b'last')
            lines = 0
            for line in follower.process.stdout:
                assert LINE.fullmatch(line), line
                lines += 1
                if line.endswith(b' "last"\n'):
                    break
            assert lines < 2001, lines
            ctl(tree, 'close', '0')
            follower.finish(68, b'EPIPE: ')


@case('receive ends with status 74 when messages were missed')
def missed():
    with Tree('history=64K', 'memory=1M') as tree:
        with Started(tree, 'receive', '0', '-t', '1000', '-n', '3000') as slow:
            channels(tree, 1)
            slow.process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, slow.process.pid, os.WSTOPPED)
            tree.control('sim flood 0 2000 4000')
            until(
                lambda: int(tree.status(0)['received_messages']) == 2000,
                'the flood',
            )
            slow.process.send_signal(signal.SIGCONT)
            slow.finish(74, b'EPIPE: ')


@case('output that is not accepted at once arrives completely')
def slow_output():
    with Tree() as tree:
        reader, writer = os.pipe()
        fcntl.fcntl(writer, 1031, 4096)  # F_SETPIPE_SZ
        os.set_blocking(writer, False)
        words = 'receive', '0', '-t', str(GUARD), '-n3'
        with Started(tree, *words, stdout=writer) as receiver:
            os.close(writer)
            channels(tree, 1)
            data = [os.urandom(MTU) for _ in range(3)]
            for each in data:
                tree.send(each)
            until(lambda: select.select([reader], [], [], 0)[0], 'output')
            with open(reader, 'rb') as file:
                equal(file.read(), b''.join(data), 'the output')
            receiver.finish(0)


@case('output that cannot be written is status 74')
def no_output():
    with Tree() as tree:
        for words in ['list'], ['status'], ['status', '0', '--json']:
            with open('/dev/full', 'wb') as full:
                ctl(tree, *words, stdout=full, status=74, says=b'No space')
        with open('/dev/full', 'wb') as full:
            command(['--help'], stdout=full, status=74, says=b'No space')


@case('closed standard descriptors are replaced by none of the tree')
def closed_descriptors():
    with Tree() as tree:
        for closed in '>&-', '<&- >&-':
            with subprocess.Popen(
                ['bash', '-c', f'exec "$0" "$@" {closed}']
                + [VMCCTL, '-m', tree.directory]
                + ['receive', '0', '-t', str(GUARD)],
                stderr=subprocess.PIPE,
            ) as receiver:
                channels(tree, 1)
                before = sent(tree)
                tree.send(b'x')
                said = receiver.communicate(timeout=GUARD)[1]
                equal(receiver.returncode, 74, said)
            assert b'Bad file descriptor' in said, said
            equal(sent(tree), before + 1, 'the number of messages')
        shell(
            '"$1" -m "$2" send 0 <&-; test $? -eq 74', VMCCTL, tree.directory
        )


@case('status prints the status file, and --json the same as JSON')
def status():
    with Tree(sessions=0) as tree:
        tree.control(0, 'open "a" \\ b\\')
        for target in (), (0,):
            words = ['status', *map(str, target)]
            values = tree.status(*target)
            found = json.loads(ctl(tree, *words, '--json'))
            equal(list(found), list(values), 'the keys')
            for key, value in values.items():
                if key.startswith(('handles', 'last_error_time')):
                    continue
                if value.startswith('"'):
                    equal(found[key], json.loads(value), key)
                elif value.isdigit():
                    equal(found[key], int(value), key)
                else:
                    equal(found[key], value, key)
            lines = ctl(tree, *words).decode().splitlines()
            equal([line.split(':')[0] for line in lines], list(values))
        equal(found['hmc_id'], '"a" \\ b\\', 'the ID')


def refuse(words, status, says, *options, sessions=1, **named):
    with Tree(*options, sessions=sessions) as tree:
        ctl(tree, *words, status=status, says=says, **named)


@case('each failure has its exit status, and says what happened and to what')
def failures():
    limit = '-t', '1'
    with Tree('log=0', 'dmode=0755', sessions=0) as tree:
        for words in (
            ['send', '0', 'x'],
            ['receive', '0', *limit],
            ['request', '0', *limit, 'x'],
            ['follow', '0'],
            ['close', '0'],
        ):
            ctl(tree, *words, status=68, says=b'ENXIO: ')
            ctl(tree, *words, status=77, says=b'hmc0: cannot ', user=65534)
            words[1] = '9'
            ctl(tree, *words, status=66, says=b"'vmcctl list'")
    with Tree('mode=0644', 'dmode=0755') as tree:
        with Started(tree, 'follow', '0', user=65534) as follower:
            attach(tree, follower)
        ctl(tree, 'send', '0', 'x', status=77, says=b'cannot', user=65534)
    refuse(['open', '0', 'x'], 73, b'EBUSY: ')
    refuse(['open', '0', 'x' * 33], 65, b'EINVAL: ')
    refuse(['open', '0', 'x' * 5000], 65, b'EMSGSIZE: ')
    refuse(['open', '0', 'hex:0'], 65, b'EINVAL: ')
    refuse(
        ['open', '0', 'x'],
        76,
        b'ECONNREFUSED: ',
        'sim.refuse_open=1',
        sessions=0,
    )
    refuse(['status', '5'], 66, b'/hmc5: cannot read')
    refuse(['list'], 77, b'cannot ', user=65534)


@case('an open without a response, and a full queue, are status 75')
@lasting(50)
def timeouts(ms):
    limit = f'open_timeout={ms}ms'
    with Tree(limit, f'send_timeout={ms}ms', 'sendq=4K') as tree:
        tree.control('sim stall on')
        fill(tree, 1000)
        ctl(tree, 'send', '0', 'x', status=75, says=b'ETIMEDOUT: ')
    with Tree(limit, sessions=0) as tree:
        tree.control('sim stall on')
        ctl(tree, 'open', '0', 'x', status=75, says=b'ETIMEDOUT: ')


@case('a channel that is down is status 69, and so is a dead daemon')
def gone():
    with Tree(sessions=0) as tree:
        tree.control('sim partner off')
        tree.control('sim reset self')
        until(lambda: tree.status()['channel'] != 'ready', 'the loss')
        ctl(tree, 'open', '0', 'x', status=69, says=b'ENODEV: ')
    tree = Tree()
    try:
        kill(tree.pid)
        ctl(tree, 'list', status=69, says=b'the daemon has ended')
    finally:
        tree.forget()
        subprocess.run(['umount', '-l', tree.directory], check=True)
        os.rmdir(tree.directory)


@case('an ID of several lines is refused, and is no second command')
def injection():
    with Tree(sessions=0) as tree:
        ctl(tree, 'open', '0', 'a\nclose', status=65, says=b'lines')
        equal(tree.status(0)['sessions'], '0', 'the number of sessions')


WRONG = {
    (): b'a command is missing',
    ('recieve',): b'unknown command: recieve',
    ('list', '0'): b'too many arguments; the command is: vmcctl list\n',
    ('close', '0', 'x'): b'too many arguments; the command is: vmcctl close I',
    ('send', '0', 'two', 'words'): b'quote a text with spaces',
    ('send',): b'an argument is missing',
    ('open', '0'): b'an argument is missing',
    ('receive', '0'): b'-t is missing',
    ('request', '0', 'x'): b'-t is missing',
    ('list', '-t', '1'): b'-t does not apply',
    ('send', '0', 'x', '--json'): b'--json does not apply',
    ('request', '0', '-t1', '-n2', 'x'): b'-n does not apply',
    ('send', 'hmc0', 'x'): b'INDEX is not the number N',
    ('send', '-1', 'x'): b'unknown option',
    ('send', '', 'x'): b'INDEX is not the number N',
    ('send', '99999999999', 'x'): b'INDEX is not the number N',
    ('list', '--jsn'): b'unknown option',
    ('list', '-m'): b'needs a value: -m',
    ('list', '-m', ''): b'the directory of -m is empty',
    ('list', '--mount='): b'the directory of -m is empty',
    **{
        (
            'receive',
            '0',
            '-t',
            wrong,
        ): b'-t is not a number of seconds up to 1000000000, '
        for wrong in ('', 'x', '-1', '1s', '1e3', 'inf', 'nan', '0x1', '1.2.3')
        + ('1000000001', '9999999999', '1000000000.1', '9' * 400)
    },
    **{
        (
            'receive',
            '0',
            '-t1',
            '-n',
            wrong,
        ): b'--count is not a number from 1 to 4294967295;'
        for wrong in ('', '0', '-1', 'x', '1.5', '4294967296', '9' * 40)
    },
}


@case('a wrong command line is status 64, with what is wrong')
def wrong():
    for words, says in WRONG.items():
        command(words, status=64, says=says)


@case('--help lists each command, and --version prints the version')
def informs():
    text = command(['--help']).decode()
    for word in 'open close send receive request follow status list'.split():
        assert f'\n  {word} ' in text + ' ' or f'\n  {word}\n' in text, word
        equal(command([word, '-h']).decode(), text, 'the help of a command')
    assert max(map(len, text.splitlines())) <= 80, 'a line is too long'
    assert 'umount' in text
    assert '\n  vmcfs sim /mnt\n' in text
    version = subprocess.run(
        [DAEMON, '--version'], stdout=subprocess.PIPE, check=True
    ).stdout
    equal(command(['-V']), version.replace(b'vmcfs', b'vmcctl'))


@case('vmcctl(1) and --help list the exit status of each errno')
def documented():
    with open('vmcctl/failure.c', encoding='utf-8') as file:
        table = {
            name: getattr(os, status)
            for name, status in re.findall(
                r'{ "(E\w+)",[^}]*,\s+(EX_\w+) }', file.read()
            )
        }
    assert len(table) > 15, table
    with open('docs/man/vmcctl.1.scd', encoding='utf-8') as file:
        rows = re.findall(r'^\|  (\d+)\n:  (.*)$', file.read(), re.M)
    equal(
        {
            name: int(status)
            for status, names in rows
            for name in names.strip().split(', ')
            if name.startswith('E')
        },
        table,
        'the table of the page',
    )
    equal(
        re.findall(r'^ +(\d+)  \w', command(['--help']).decode(), re.M),
        [status for status, _ in rows],
        'the exit statuses of --help',
    )


@case('50 senders and a receiver lose and join no message')
def many():
    with Tree() as tree:
        with Started(
            tree, 'receive', '0', '-t', str(GUARD), '-n', '50'
        ) as receiver:
            channels(tree, 1)
            messages = []
            for _, message in zip(range(50), Numbered(1, 8, 300)):
                messages.append(message)
                ctl(tree, 'send', '0', input=message)
            equal(receiver.finish(0), b''.join(messages), 'the output')


run()
