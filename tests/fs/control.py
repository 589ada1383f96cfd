# SPDX-License-Identifier: GPL-2.0-or-later
#
# Control files: tests several commands in one write, the time at which a write
# returns, and the text that a read returns. It does not test the effect of
# each command on the device.
import errno
import os
import re

from helpers import shell, until
from mounted import Tree
from tap import case, equal, lasting, raises, run


@case('open returns when the session is ready')
def synchronous():
    with Tree('sim.delay_ms=20', sessions=0) as tree:
        for _ in range(5):
            tree.control(0, 'open me')
            equal(tree.status(0)['state'], 'ready', 'the state')
            tree.control(0, 'close')
            equal(tree.status(0)['state'], 'none', 'the state')


@case('several lines in one write are executed in order')
def lines():
    with Tree(sessions=0) as tree:
        tree.control(0, 'open one\nrotate\nclose\nopen two')
        equal(tree.status(0)['hmc_id'], '"two"', 'the HMC ID')
        equal(tree.status(0)['sessions'], '2', 'the sessions')


@case('the first failure stops the remaining lines')
def stop():
    with Tree(sessions=0) as tree:
        raises(errno.EBUSY, tree.control, 0, 'open one\nopen two\nclose')
        equal(tree.status(0)['state'], 'ready', 'the state')
        equal(tree.status(0)['hmc_id'], '"one"', 'the HMC ID')


@case('the error of a write of several lines names the line')
def named():
    with Tree(sessions=0) as tree:
        raises(
            errno.EBUSY,
            tree.control,
            0,
            'open one\n\n# not a command\nopen two\nclose',
        )
        said = tree.status(0)['last_error']
        assert "line 4, 'open two'" in said, said
        assert 'the lines before it were done' in said, said
        raises(errno.EBUSY, tree.control, 0, 'open two\nclose')
        said = tree.status(0)['last_error']
        assert "line 1, 'open two'" in said, said
        assert 'no line was done' in said, said


@case('one timeout applies to a whole write, and its error names the line')
@lasting(500)
def bounded(ms):
    lines = 'open a\nclose\n' * 315
    with Tree(
        'sim.delay_ms=20',
        f'open_timeout={ms}ms',
        'send_timeout=100ms',
        sessions=0,
    ) as tree:
        raises(errno.ETIMEDOUT, tree.control, 0, lines)
        said = tree.status(0)['last_error']
        number = int(re.search(r'ETIMEDOUT: line (\d+), ', said)[1])
        assert 1 < number < 630, number
        assert 'the lines before it were done' in said, said
        status = tree.status(0)
        assert int(status['sessions']) <= number // 2 + 1, status['sessions']


@case('the text of a control file can be written back')
def written_back():
    with Tree(sessions=0) as tree:
        tree.control(0, 'open my own')
        texts = tree.read(0, 'control'), tree.read('control')
        tree.control(0, 'close')
        for text, *target in (texts[0], 0), (texts[1],):
            tree.control(*target, text.decode())
        equal(tree.status(0)['hmc_id'], '"my own"', 'the HMC ID')
        shell('cat control | tee control', cwd=tree.directory)


@case('a last line without a newline is executed; offsets are ignored')
def no_newline():
    with Tree(sessions=0) as tree:
        control = tree.open(os.O_WRONLY, 0, 'control')
        for command in b'open one', b'close', b'open two\n', b'close\n':
            equal(os.write(control, command), len(command), 'the length')
        os.close(control)
        equal(tree.status(0)['sessions'], '2', 'the sessions')


@case('commands work from printf, echo and here-documents')
def shells():
    for name in 'bash', 'dash', 'busybox sh':
        with Tree(sessions=0) as tree:
            shell(
                "printf 'open a\\nclose\\n' > hmc0/control;"
                'echo open b > hmc0/control;'
                'cat > hmc0/control <<end\nclose\nopen c\nend',
                shell=name,
                cwd=tree.directory,
            )
            equal(tree.status(0)['hmc_id'], '"c"', 'the HMC ID')
            equal(tree.status(0)['sessions'], '3', 'the sessions')


@case('a read returns the grammar and the settings in force')
def reading():
    with Tree(sessions=0) as tree:
        text = tree.read(0, 'control').decode('ascii')
        for word in 'open', 'hex:', 'close', 'rotate':
            assert word in text, f'{word!r} is missing'
        tree.control(0, 'open my own')
        assert b'my own' in tree.read(0, 'control')
        text = tree.read('control').decode('ascii')
        for word in (
            'request-vmc',
            'log-level',
            'sim emit',
            'sim flood',
            'sim stall',
            'sim reset',
        ):
            assert word in text, f'{word!r} is missing'


@case('one open returns one snapshot')
def snapshot():
    with Tree(sessions=0) as tree:
        first = tree.open(os.O_RDONLY, 0, 'status')
        size = os.fstat(first).st_size
        head = os.read(first, 10)
        tree.control(0, 'open me')
        rest = os.read(first, 1 << 16)
        assert b'state: none\n' in head + rest
        equal(len(head + rest), size, 'the size')
        equal(tree.status(0)['state'], 'ready', 'the state')
        os.close(first)


@case('log-level accepts each level')
def levels():
    with Tree() as tree:
        for level in 'debug', 'info', 'error':
            tree.control('log-level ' + level)
            assert f'log-level {level}'.encode() in tree.read('control')


@case('sim delay is accepted, and a second flood is refused while one runs')
def knobs():
    with Tree() as tree:
        tree.control('sim stall on')
        tree.control('sim flood 0 10 10')
        raises(errno.EBUSY, tree.control, 'sim flood 0 10 10')
        tree.control('sim delay 1')
        tree.control('sim stall off')
        until(
            lambda: tree.status(0)['received_messages'] == '10', 'all messages'
        )


run()
