# SPDX-License-Identifier: GPL-2.0-or-later
#
# Examples: tests that the programs in examples/ do what their first comments
# say, with and without a session. It does not test quickstart.sh, which the
# checks run.
import os
import random
import re
import signal
import subprocess

from device import MTU
from helpers import Child, blocked, until
from mounted import Tree, scratch
from tap import case, equal, run

EXAMPLES = os.path.join(os.path.dirname(__file__), '..', '..', 'examples')
DOCUMENT = os.path.join(EXAMPLES, '..', 'docs', 'examples.md')
CLIENTS = ('python3', 'client.py'), ('node', 'client.mjs')


def execute(interpreter, program, *arguments, text=b''):
    """Returns the exit status, the output and the errors."""
    ended = subprocess.run(
        (interpreter, os.path.join(EXAMPLES, program), *arguments),
        input=text,
        capture_output=True,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


def send(tree, text, *seconds):
    return execute('sh', 'request.sh', tree.path(0), *seconds, text=text)


@case('docs/examples.md lists examples that exist, each with a test of it')
def listed():
    with open(DOCUMENT, encoding='utf-8') as file:
        rows = re.findall(r'\| `(.*)` \| `(.*)` \|', file.read())
    assert len(rows) > 15, rows
    for name, test in rows:
        assert os.path.exists(os.path.join(EXAMPLES, name)), name
        with open(
            os.path.join(EXAMPLES, '..', test), encoding='utf-8'
        ) as file:
            assert os.path.basename(name) in file.read(), (name, test)


@case('request.sh sends its whole input as one message and prints the reply')
def request():
    with Tree() as tree:
        text = b'two\nlines ' * 1000
        equal(send(tree, text), (0, text, b''), 'the result')
        equal(tree.status(0)['sent_messages'], '1', 'the messages')


@case('request.sh says how long no reply arrived')
def request_timeout():
    with Tree() as tree:
        tree.control('sim stall on')
        status, output, errors = send(tree, b'x', '0.1')
        equal((status, output), (1, b''), 'the result')
        assert b'no reply arrived in 0.1 seconds' in errors, errors


@case('request.sh sends a text of the MTU, and no part of a longer one')
def request_long():
    with Tree() as tree:
        text = random.Random(5).randbytes(MTU)
        equal(send(tree, text), (0, text, b''), 'the result')
        for more in 1, MTU, 10 * MTU:
            status, output, errors = send(tree, text + b'.' * more)
            equal((status, output), (1, b''), 'the result')
            assert b'not sent: dd: ' in errors, errors
            assert b'; last_error: "EMSGSIZE: ' in errors, errors
        equal(tree.status(0)['sent_messages'], '1', 'the messages')


@case('request.sh refuses an empty text and a wrong limit, and sends nothing')
def request_refused():
    with Tree() as tree:
        status, output, errors = send(tree, b'')
        equal((status, output), (1, b''), 'the result')
        assert b'the standard input is empty' in errors, errors
        for seconds in '0', '0.00', '.', 'x', '-1', '1e3', '1.2.3', '5s':
            status, output, errors = send(tree, b'x', seconds)
            equal((status, output), (1, b''), seconds)
            assert b'number of seconds' in errors, errors
        equal(tree.status(0)['sent_messages'], '0', 'the messages')


@case('request.sh and two-sessions.sh fail if the session ends')
def session_ended():
    for end in (0, 'close'), (1, 'close'), ('sim reset migrated',):
        with Tree(hmcs=2, sessions=0) as tree:
            if end[0] != 1:
                tree.control(0, 'open me')
                fails_after(tree, end, 'request.sh', tree.path(0), 0)
        with Tree(hmcs=2, sessions=0) as tree:
            if end[0] != 0:
                fails_after(tree, end, 'two-sessions.sh', tree.directory, 1)


def fails_after(tree, end, program, argument, index):
    """The program waits for a message of INDEX when its session ends."""
    tree.control('sim fault drop signal from hypervisor count 9')
    with subprocess.Popen(
        ('sh', os.path.join(EXAMPLES, program), argument),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as client:
        client.stdin.write(b'x')
        client.stdin.close()
        blocked(tree, 'readers', 1, index)
        tree.control(*end)
        output, errors = client.stdout.read(), client.stderr.read()
    equal((client.returncode, output), (1, b''), program)
    assert (
        b'request: the ' in errors or b'two-sessions: hmc1' in errors
    ), errors
    assert b'seconds' not in errors, errors


@case('programs say in one line that an argument is missing or wrong')
def wrong_arguments():
    programs = ('python3', 'router.py'), ('sh', 'request.sh'), *CLIENTS
    with Tree() as tree:
        for program in programs:
            for arguments in (), (tree.directory, '5'), ('/nowhere', '5'):
                status, output, errors = execute(*program, *arguments)
                assert status, (program, arguments)
                equal(output, b'', 'the output')
                equal(errors.count(b'\n'), 1, (program, arguments, errors))
        for program in 'client.py', 'router.py':
            result = execute('python3', program, tree.path(0), b'\xff')
            equal(result, (0, b'\\xff\n', b''), program)


@case('request.sh says that no session is open')
def request_without_session():
    with Tree(sessions=0) as tree:
        status, output, errors = send(tree, b'x')
        equal((status, output), (1, b''), 'the result')
        assert b'no session is open' in errors, errors


@case('client.py and client.mjs send a request and print its reply')
def clients():
    with Tree() as tree:
        for number, client in enumerate(CLIENTS, 1):
            result = execute(*client, tree.path(0), 'a request')
            equal(result, (0, b'a request\n', b''), client)
            equal(tree.status(0)['sent_messages'], str(number), 'the messages')


@case('clients send no part of a message, and no empty one')
def clients_long():
    wrong = 'x' * (MTU + 1), 'x' * 3 * MTU, ''
    with Tree() as tree:
        for client in CLIENTS:
            for text in wrong:
                status, output, errors = execute(*client, tree.path(0), text)
                equal((status, output), (1, b''), client)
                assert (
                    b'EMSGSIZE' in errors
                    or b'Errno 90' in errors
                    or b'at least one byte' in errors
                ), errors
        text = 'x' * (MTU + 1)
        status, output, _ = execute('python3', 'router.py', tree.path(0), text)
        equal((status, output), (1, b''), 'router.py')
        equal(tree.status(0)['sent_messages'], '1', 'the exchange alone')


@case('client.py prints as many messages as wanted')
def several():
    with Tree() as tree:
        with subprocess.Popen(
            ('python3', os.path.join(EXAMPLES, 'client.py'))
            + (tree.path(0), 'first', '2'),
            stdout=subprocess.PIPE,
        ) as client:
            equal(client.stdout.readline(), b'first\n', 'the reply')
            tree.control('sim emit 0 second')
            equal(client.stdout.read(), b'second\n\n', 'the next one')
        equal(client.returncode, 0, 'the exit status')


@case('client.py and client.mjs fail without a session')
def clients_without_session():
    with Tree(sessions=0) as tree:
        for client in CLIENTS:
            status, output, errors = execute(*client, tree.path(0), 'x')
            equal((status, output), (1, b''), client)
            assert b'ENXIO' in errors or b'Errno 6' in errors, errors


@case('two-sessions.sh has two sessions at once, and closes them')
def two_sessions():
    with Tree(hmcs=2, sessions=0) as tree:
        result = execute('sh', 'two-sessions.sh', tree.directory)
        replies = b'request on hmc1\nrequest on hmc0\n'
        equal(result, (0, replies, b''), 'the result')
        for index in range(2):
            status = tree.status(index)
            equal(
                (status['state'], status['sessions']), ('none', '1'), 'session'
            )


@case('two-sessions.sh closes its first session if the second one is refused')
def two_sessions_refused():
    with Tree(hmcs=2, sessions=0) as tree:
        tree.control(1, 'open other')
        status, output, errors = execute(
            'sh', 'two-sessions.sh', tree.directory
        )
        equal((status, output), (1, b''), 'the result')
        assert b'two-sessions: hmc1; last_error: ' in errors, errors
        equal(tree.status(0)['state'], 'none', 'the first session')
        equal(tree.status(1)['state'], 'ready', 'the session of another one')


@case('two-sessions.sh closes its sessions when a signal ends it')
def two_sessions_interrupted():
    with Tree(hmcs=2, sessions=0) as tree:
        tree.control('sim fault drop signal from hypervisor count 9')
        with subprocess.Popen(
            ('sh', os.path.join(EXAMPLES, 'two-sessions.sh'), tree.directory),
            start_new_session=True,
        ) as client:
            blocked(tree, 'readers', 1, 1)
            os.killpg(client.pid, signal.SIGTERM)
            client.wait()
        for index in range(2):
            equal(tree.status(index)['state'], 'none', 'the session')


@case('request-vmc.sh refuses a directory that is no tree, and writes nothing')
def request_vmc_elsewhere():
    directory = scratch()
    status, _, errors = execute('sh', 'request-vmc.sh', directory)
    equal(status, 1, 'the exit status')
    assert b'is not the mount point' in errors, errors
    equal(os.listdir(directory), [], 'the files')
    os.rmdir(directory)


@case('router.py has its text echoed by the router of the hypervisor')
def router():
    with Tree() as tree:
        for number in range(2):
            text = f'text {number}'
            result = execute('python3', 'router.py', tree.path(0), text)
            equal(result, (0, text.encode() + b'\n', b''), 'the result')
        log = tree.read(0, 'log')
        for operation in b'exchange', b'echo', b'close':
            found = log.count(b'(%s) return=0000(ok)' % operation)
            equal(found, 2, operation)
            equal(log.count(b'(%s) return=0000]' % operation), 2, operation)


@case('router.py passes over messages that are no response to its request')
def router_among_others():
    router = 'python3', 'router.py'
    with Tree() as tree:
        tree.control('sim stall on')
        path = tree.path(0)
        client = Child(lambda: equal(execute(*router, path, 'x')[0], 0))
        blocked(tree, 'readers', 1)
        for _ in range(3):
            tree.control('sim emit 0 of another kind')
        tree.control('sim stall off')
        client.done()


# Stands for drmgr, which needs a POWER machine: the device appears.
DRMGR = '''#!/bin/sh
echo "$*" >>"$0.arguments"
echo sim partner on >"$TREE/control"
'''


@case('request-vmc.sh asks for a device, adds it, and waits for its channel')
def request_vmc():
    drmgr = os.path.join(scratch(), 'drmgr')
    with open(drmgr, 'w', encoding='ascii') as file:
        file.write(DRMGR)
    os.chmod(drmgr, 0o755)
    with Tree(sessions=0) as tree:
        os.environ.update(DRMGR=drmgr, TREE=tree.directory)
        for command in 'sim partner off', 'sim reset self':
            tree.control(command)
        until(lambda: tree.status()['channel'] == 'connecting', 'the reset')
        for _ in range(2):
            result = execute('sh', 'request-vmc.sh', tree.directory)
            equal(result, (0, b'', b''), 'the result')
            equal(tree.status()['channel'], 'ready', 'the channel')
        with open(drmgr + '.arguments', encoding='ascii') as file:
            equal(
                file.read(),
                f'-c slot -a -s {tree.status()["drc_index"]}\n',
                'the arguments of drmgr',
            )


@case('request-vmc.sh says why the hypervisor gives no device')
def request_vmc_refused():
    with Tree(sessions=0) as tree:
        for command in (
            'sim refuse request-vmc on',
            'sim partner off',
            'sim reset self',
        ):
            tree.control(command)
        until(lambda: tree.status()['channel'] == 'connecting', 'the reset')
        status, _, errors = execute('sh', 'request-vmc.sh', tree.directory)
        equal(status, 1, 'the exit status')
        assert (
            b'gave no device; last_error: "EPERM: request-vmc' in errors
        ), errors
        tree.control('sim partner on')


run()
