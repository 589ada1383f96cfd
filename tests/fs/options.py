# SPDX-License-Identifier: GPL-2.0-or-later
#
# Options: tests the command line. A start that is refused prints a sentence on
# stderr, exits with a status of sysexits.h, and makes no mount; so does one
# with a mount point that is missing, in use, or left by a killed daemon. It
# does not test the effect of options on the tree.
import os
import re
import signal
import subprocess

import left
import mounted
from device import DEVICE
from mounted import DAEMON, ON_DEVICE, Tree, daemon, is_mounted, scratch
from tap import case, equal, run

USAGE, NOINPUT, UNAVAILABLE, CANTCREAT, IOERR = (
    64,
    66,
    69,
    73,
    74,
)  # EX_..., sysexits.h


def refused(code, *arguments, directory=None):
    done = daemon(*arguments, *([directory] if directory else []))
    equal(done.returncode, code, f'the status of {arguments}')
    assert (
        len(done.stderr.strip()) > 10
    ), 'stderr contains no sentence of the daemon'
    assert done.stderr.count('\n') < 10, done.stderr
    if directory:
        assert not is_mounted(directory), 'the directory is mounted'


def mounts_on(directory):
    """Number of mounts on a directory of this test."""
    mounts = left.mounts(os.environ['TMPDIR'])
    return [path for path, _ in mounts].count(directory)


@case('--help and --version print their texts and exit with 0')
def information():
    for option in '--help', '--version':
        done = daemon(option)
        equal(done.returncode, 0, 'the status')
        equal(done.stderr, '', 'stderr')
        assert 'vmcfs' in done.stdout, done.stdout
    for word in (
        '--device',
        'history',
        'memory',
        'sendq',
        'send_timeout',
        'open_timeout',
        'sim.hmcs',
        'uid',
        'mode',
        'open',
    ):
        assert word in daemon('--help').stdout, f'{word} is not in --help'


@case('--help is readable in every locale, and says how to unmount')
def help_text():
    for locale in 'C', 'C.UTF-8':
        text = daemon('--help', env=dict(os.environ, LC_ALL=locale)).stdout
        assert '[OPTION...] [SOURCE] MOUNTPOINT' in text, text
        assert 'umount MOUNTPOINT' in text and 'fusermount3 -u' in text, text
        for code in 0, 64, 66, 69, 70, 71, 73, 74, 77:
            assert f'\n  {code} ' in text, f'{code} is not in {text}'
        assert all(len(line) <= 80 for line in text.splitlines()), text
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run(
            [DAEMON, '--help'],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    equal(done.returncode, IOERR, 'the status without room for the text')
    assert b'No space left on device' in done.stderr, done.stderr


@case('mount.vmcfs -h shows its usage, and the statuses of mount.vmcfs(8)')
def help_of_helper():
    text = subprocess.run(
        ['mount.vmcfs', '-h'],
        executable=DAEMON,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert text.startswith('Usage: mount.vmcfs SOURCE MOUNTPOINT'), text
    assert 'history=' in text and '--device' not in text, text
    assert all(len(line) <= 80 for line in text.splitlines()), text
    with open('docs/man/mount.vmcfs.8.scd', encoding='utf-8') as file:
        page = file.read()
    equal(
        re.findall(r'^\*(\d+)\*$', page, re.M),
        re.findall(r'^  (\d+) ', text.split('\nExit status')[1], re.M),
        'the statuses',
    )


@case('a source that does not exist is refused with the sources that do')
def wrong_source():
    for name in 'sim ', 'simulator', './sim', '/nowhere':
        done = daemon(name, scratch())
        equal(done.returncode, 69, done.stderr)
        assert 'the source is sim, or a char' in done.stderr, done.stderr
        assert 'DeviceAllow' not in done.stderr, done.stderr


@case('vmcfs(8) lists exactly the mount options and exit statuses of --help')
def documented():
    with open('docs/man/vmcfs.8.scd', encoding='utf-8') as file:
        page = file.read()
    sections = dict(re.findall(r'^# ([A-Z ]+)\n((?:(?!# ).*\n)*)', page, re.M))
    tags = re.findall(r'^\*.*', sections['MOUNT OPTIONS'], re.M)
    words = {
        word for tag in tags for word in re.findall(r'\*([a-z_.]+)=?\*', tag)
    }
    text = daemon('--help').stdout
    mount_options = text.split('(-o):', 1)[1].split('\nExit status')[0]
    equal(
        words,
        set(re.findall(r'^  ([a-z_.]+)', mount_options, re.MULTILINE)),
        'the options',
    )
    equal(
        re.findall(r'^\*(\d+)\*$', sections['EXIT STATUS'], re.M),
        re.findall(r'^  (\d+) ', text.split('\nExit status')[1], re.MULTILINE),
        'the statuses',
    )


@case('mount point names are printed byte by byte in every locale')
def bytes_of_names():
    for locale in 'C', 'C.UTF-8', 'POSIX':
        for name in 'grün'.encode(), '管理'.encode(), b'latin-\xfc':
            parent = os.fsencode(scratch())
            missing = os.path.join(parent, name)
            environment = dict(os.environ, LC_ALL=locale)
            done = subprocess.run(
                [DAEMON, ON_DEVICE, missing],
                check=False,
                stderr=subprocess.PIPE,
                env=environment,
            )
            equal(done.returncode, NOINPUT, 'the status')
            assert missing in done.stderr, done.stderr
            done = subprocess.run(
                [DAEMON, ON_DEVICE, '-o', name, missing],
                check=False,
                stderr=subprocess.PIPE,
                env=environment,
            )
            equal(done.returncode, USAGE, 'the status')
            assert name in done.stderr, done.stderr
            os.mkdir(missing)
            with Tree(directory=os.fsdecode(missing), env=environment) as tree:
                tree.send(b'x')
            os.rmdir(parent)


@case('invalid options are refused without a mount')
def bad_options():
    directory = scratch()
    for option in (
        'nonsense',
        'nonsense=1',
        'history=',
        'history=0',
        'history=x',
        'history=-1',
        'history=1X',
        'history=1KB',
        'history=99999999999999999999',
        'memory=1',
        'log=1',
        'log=63K',
        'log=65M',
        'log=on',
        'capture=1',
        'capture=65M',
        'memory=x',
        'sendq=0',
        'sendq=x',
        'send_timeout=0',
        'send_timeout=x',
        'send_timeout=-1',
        'open_timeout=1d',
        'mode=999',
        'mode=x',
        'mode=01777',
        'dmode=8',
        'uid=nobody-of-this-name',
        'uid=-2',
        'gid=x',
        'open=',
        'open=0',
        'open=0:',
        'open=x:y',
        'open=0:' + 'x' * 33,
        'sim.hmcs=0',
        'sim.hmcs=1000',
        'sim.hmcs=x',
        'sim.mtu=1',
        'sim.mtu=99999999',
        'sim.pool=0',
        'sim.nonsense=1',
        'sim.delay_ms=x',
    ):
        refused(USAGE, ON_DEVICE, '-o', option, directory=directory)
    refused(USAGE, ON_DEVICE, '--nonsense', directory=directory)
    refused(USAGE, ON_DEVICE, directory, directory=directory)
    os.rmdir(directory)


# Prints the texts of --help that libfuse has for file systems.
LIBFUSE = '''
import ctypes, ctypes.util
library = ctypes.CDLL(ctypes.util.find_library('fuse3'))
class Arguments(ctypes.Structure):
    _fields_ = [('c', ctypes.c_int), ('v', ctypes.c_void_p),
                ('a', ctypes.c_int)]
library.fuse_cmdline_help()
library.fuse_lowlevel_help()
library.fuse_lib_help(ctypes.byref(Arguments()))
'''


@case('each option that libfuse lists is known, or refused with the reason')
def fuse_options():
    text = subprocess.run(
        ['python3', '-c', LIBFUSE], capture_output=True, check=True, text=True
    ).stdout
    words = re.findall(r'-o (?:\[no\])?(\w+)', text)
    assert {'debug', 'allow_other', 'auto_cache', 'modules'} < set(words), text
    directory = scratch()
    for word in words:
        for option in word, word + '=1':
            done = daemon(ON_DEVICE, '-o', option, directory + '/missing')
            assert 'unknown option' not in done.stderr, done.stderr
            assert done.returncode in (USAGE, NOINPUT), done.stderr
    os.rmdir(directory)


@case('a missing mount point argument is refused')
def no_mount_point():
    refused(USAGE, ON_DEVICE)
    refused(USAGE)


@case('an empty mount point or device is refused without a mount')
def empty():
    directory = scratch()
    done = daemon(ON_DEVICE, '', cwd=directory)
    equal(done.returncode, USAGE, 'the status for a mount point')
    assert 'a mount point is missing' in done.stderr, done.stderr
    done = daemon('--device=', directory, cwd=directory)
    equal(done.returncode, USAGE, 'the status for a device')
    assert 'the source is empty' in done.stderr, done.stderr
    done = daemon('', directory, cwd=directory)
    equal(done.returncode, USAGE, 'the status for a source')
    assert 'the source is empty' in done.stderr, done.stderr
    os.rmdir(directory)


@case('a mount point that does not exist or is no directory is refused')
def bad_mount_point():
    directory = scratch()
    refused(NOINPUT, ON_DEVICE, directory=directory + '/missing')
    with open(directory + '/file', 'wb'):
        pass
    refused(NOINPUT, ON_DEVICE, directory=directory + '/file')
    equal(os.listdir(directory), ['file'], 'the content of the directory')


@case('a mount point in use is refused')
def busy_mount_point():
    with Tree() as tree:
        done = daemon(ON_DEVICE, tree.directory)
        equal(done.returncode, CANTCREAT, 'the status')
        assert (
            len(done.stderr) > 10
        ), 'stderr contains no sentence of the daemon'
        tree.send(b'x')
        equal(mounts_on(tree.directory), 1, 'the number of mounts')


@case('a device that does not exist is refused')
def no_device():
    directory = scratch()
    refused(UNAVAILABLE, '--device=/dev/nonsense', directory=directory)
    refused(UNAVAILABLE, '--device=/dev/null', directory=directory)
    os.rmdir(directory)


@case('a refused session of open= ends the mount')
def open_refused():
    directory = scratch()
    refused(UNAVAILABLE, ON_DEVICE, '-o', 'open=7:me', directory=directory)
    os.rmdir(directory)


@case('open= opens several sessions')
def open_option():
    with Tree(
        'open=0:first one', 'open=2:hex:6869', hmcs=3, sessions=0
    ) as tree:
        equal(tree.status(0)['hmc_id'], '"first one"', 'the HMC ID')
        equal(tree.status(1)['state'], 'none', 'the state')
        equal(tree.status(2)['hmc_id'], '"hi"', 'the HMC ID')
        tree.send(b'x', 2)


@case('sizes and times have units')
def units():
    with Tree(
        'history=128K',
        'memory=3M',
        'send_timeout=1500ms',
        'open_timeout=7',
        'sendq=4096',
    ) as tree:
        status = tree.status()
        equal(status['history_bytes'], str(128 << 10), 'history')
        equal(status['memory_limit_bytes'], str(3 << 20), 'memory')


@case('-f stays in the foreground and exits with 0 on SIGTERM')
def foreground():
    directory = scratch()
    process = subprocess.Popen([DAEMON, '-f', ON_DEVICE, directory])
    while not is_mounted(directory):
        assert process.poll() is None, process.returncode
    # the first look-up returns when the daemon serves
    equal(os.path.isdir(directory + '/hmc0'), True, 'hmc0')
    process.send_signal(signal.SIGTERM)
    equal(process.wait(), 0, 'the status')
    assert not is_mounted(directory)
    os.rmdir(directory)


@case('a mount left by a killed daemon is explained and removed')
def stale():
    with Tree() as tree:
        mounted.kill(tree.pid)
        assert is_mounted(tree.directory), 'the mount is not stale'
        tree.pid = None
        with Tree(directory=tree.directory) as again:
            assert 'died' in again.said, again.said
            again.send(b'x')
            equal(mounts_on(tree.directory), 1, 'the number of mounts')


@case('the daemon leaves its working directory; relative paths work')
def relative():
    directory = scratch()
    os.chdir(os.path.dirname(directory))
    name = os.path.basename(directory)
    with Tree(directory=name, sessions=0) as tree:
        tree.directory = directory
        equal(
            os.readlink(f'/proc/{tree.pid}/cwd'),
            '/',
            'the working directory of the daemon',
        )


DEVICE.prepare()
run()
