# SPDX-License-Identifier: GPL-2.0-or-later
#
# Examples: tests that the programs in examples/ do what their first comments
# say, with and without a session. It does not test quickstart.sh, which the
# checks run.
import os
import subprocess

from mounted import Tree
from tap import case, equal, run

EXAMPLES = os.path.join(os.path.dirname(__file__), '..', '..', 'examples')
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


run()
