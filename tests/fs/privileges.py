# SPDX-License-Identifier: GPL-2.0-or-later
#
# Privileges: tests the permissions of the daemon and of its helper, mounts by
# ordinary users, and the clean-up after one of the two processes was killed.
# Refused system calls are tested in syscalls.py.
import os
import shlex
import signal
import subprocess

from device import DEVICE
from helpers import process_status, state_of, until
from mounted import (
    DAEMON,
    ON_DEVICE,
    Foreground,
    Tree,
    helper,
    is_mounted,
    scratch,
    wait_for,
)
from tap import case, equal, run
from watched import await_announcer

OTHER = 65534  # a user who is not root
SYS_ADMIN, DAC_READ_SEARCH = 1 << 21, 1 << 2
DAC_OVERRIDE, FOWNER = 1 << 1, 1 << 3


def capabilities(pid):
    return {
        key: int(value, 16)
        for key, value in process_status(pid).items()
        if key.startswith('Cap')
    }


def confined(pid):
    """Checks each thread, since these settings belong to threads."""
    for thread in os.listdir(f'/proc/{pid}/task'):
        of = process_status(f'{pid}/task/{thread}')
        equal(
            (of['NoNewPrivs'], of['Seccomp']),
            ('1', '2'),
            'no_new_privs and seccomp',
        )


def descriptors(pid):
    return sorted(
        os.path.basename(os.readlink(f'/proc/{pid}/fd/{fd}').split(':')[0])
        for fd in os.listdir(f'/proc/{pid}/fd')
    )


@case('the serving process has no capability, and a filter in each thread')
def serving():
    with Tree() as tree:
        equal(
            set(capabilities(tree.pid).values()),
            {0},
            'the capabilities of the daemon',
        )
        for thread in os.listdir(f'/proc/{tree.pid}/task'):
            equal(
                set(capabilities(f'{tree.pid}/task/{thread}').values()),
                {0},
                'the capabilities of a thread',
            )
        confined(tree.pid)
        equal(
            int(process_status(tree.pid)['Umask'], 8),
            0o077,
            'the umask of the daemon',
        )


@case('the helper has the capabilities that its requests need, and a filter')
def helping():
    with Tree() as tree:
        got = capabilities(helper(tree.pid))
        needed = SYS_ADMIN | DAC_READ_SEARCH | DAC_OVERRIDE | FOWNER
        equal(
            (got['CapPrm'], got['CapEff']),
            (needed, needed),
            'the permitted and effective capabilities',
        )
        equal(
            (got['CapInh'], got['CapBnd'], got['CapAmb']),
            (0, 0, 0),
            'the other capability sets',
        )
        confined(helper(tree.pid))


def title(pid):
    with open(f'/proc/{pid}/cmdline', encoding='utf-8') as file:
        return file.read().rstrip('\0').replace('\0', ' ')


@case('ps shows what each of the three processes of a mount is')
def titles():
    with Tree() as tree:
        announcer = await_announcer(tree)
        assert title(tree.pid).startswith(DAEMON), title(tree.pid)
        assert title(tree.pid).endswith(tree.directory), title(tree.pid)
        equal(title(helper(tree.pid)), 'vmcfs: privileged helper')
        equal(title(announcer), 'vmcfs: announcer for inotify')


@case('daemon and helper inherit no descriptor')
def inherited():
    ends = os.pipe()
    for end in ends:
        os.set_inheritable(end, True)
    directory = scratch()
    for option in [], ['-f']:
        process = subprocess.Popen(
            [DAEMON, ON_DEVICE, *option, directory],
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: os.path.exists(directory + '/status'), 'a mount')
        pid = process.pid if option else None
        if not option:
            equal(process.wait(), 0, 'the exit status')
            with open(
                '/proc/self/task/%d/children' % os.getpid(), encoding='utf-8'
            ) as children:
                (pid,) = map(int, children.read().split())
        for each in pid, helper(pid):
            assert 'pipe' not in descriptors(each), descriptors(each)
        equal(
            descriptors(helper(pid)),
            ['fuse', 'mountinfo'] + ['null'] * 3 + ['socket'],
            "the helper's descriptors",
        )
        os.kill(pid, signal.SIGTERM)
        equal(process.wait() if option else wait_for(pid), 0, 'the status')
    for end in ends:
        os.close(end)
    os.rmdir(directory)


@case('a killed daemon leaves neither a mount nor a helper')
def killed():
    tree = Tree()
    other = helper(tree.pid)
    reader = tree.open(os.O_RDONLY, 0, 'message')
    os.kill(tree.pid, signal.SIGKILL)
    equal(wait_for(tree.pid), 128 + signal.SIGKILL, 'the status')
    equal(wait_for(other), 0, 'the status of its helper')
    assert not is_mounted(tree.directory), 'the tree is still mounted'
    os.close(reader)
    os.rmdir(tree.directory)


@case('a killed daemon can be started again at once')
def killed_again():
    directory = scratch()
    for _ in range(20):
        tree = Tree(directory=directory)
        other = helper(tree.pid)
        os.kill(tree.pid, signal.SIGKILL)
        with Tree(directory=directory) as again:
            equal(wait_for(tree.pid), 128 + signal.SIGKILL, 'the status')
            wait_for(other)
            equal(again.status()['device'], '"' + ON_DEVICE[9:] + '"')
            equal(is_mounted(directory), True, 'the new mount')
            os.kill(again.pid, signal.SIGTERM)
            equal(wait_for(again.pid), 0, 'the status')
            again.pid = None


@case('without its helper the daemon continues and reports the lost functions')
def helper_killed():
    directory = scratch()
    process = subprocess.Popen(
        [DAEMON, ON_DEVICE, '-f', directory],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: os.path.exists(directory + '/status'), 'a mount')
    os.kill(helper(process.pid), signal.SIGKILL)
    while 'helper has ended' not in (line := process.stderr.readline()):
        assert line, 'the log has ended'
    assert os.path.exists(directory + '/status'), 'the tree is not served'
    subprocess.run(['umount', directory], check=True)
    process.wait()
    process.stderr.close()
    os.rmdir(directory)


def stop(pid):
    """Stops a process; returns when it is stopped."""
    os.kill(pid, signal.SIGSTOP)
    until(lambda: state_of(pid) == 'T', 'the stop')


@case('a stopped helper delays the end of the daemon for a limited time')
def helper_stopped():
    log, writer = os.pipe()
    terminated, unmounted = Foreground(stderr=writer), Foreground()
    os.close(writer)
    helpers = [helper(tree.pid) for tree in (terminated, unmounted)]
    for each in helpers:
        stop(each)
    os.kill(terminated.pid, signal.SIGTERM)
    subprocess.run(['umount', unmounted.directory], check=True)
    equal(wait_for(terminated.pid), os.EX_OSERR, 'the status after SIGTERM')
    equal(wait_for(unmounted.pid), 0, 'the status after umount')
    with open(log, encoding='utf-8') as lines:
        assert 'helper does not respond' in lines.read()
    assert is_mounted(terminated.directory), 'the tree was unmounted'
    for each in helpers:
        os.kill(each, signal.SIGCONT)
        equal(wait_for(each), 0, 'the status of the helper')
    for tree in terminated, unmounted:
        assert not is_mounted(tree.directory), 'the tree is still mounted'
        os.rmdir(tree.directory)


@case('a stopped announcer does not keep the daemon from ending')
def announcer_stopped():
    for how in 'terminate', 'unmount':
        with Tree() as tree:
            stop(await_announcer(tree))
            tree.stop(how)


@case('umount ends the daemon although helper and announcer are stopped')
def both_stopped():
    tree = Foreground()
    stopped = await_announcer(tree), helper(tree.pid)
    for each in stopped:
        stop(each)
    subprocess.run(['umount', tree.directory], check=True)
    equal(wait_for(tree.pid), 0, 'the status after umount')
    for each in stopped:
        os.kill(each, signal.SIGCONT)
    equal(wait_for(stopped[1]), 0, 'the status of the helper')
    tree.forget()
    os.rmdir(tree.directory)


@case('signals to the whole process group do not end the helper first')
def group():
    directory = scratch()
    for number in signal.SIGINT, signal.SIGTERM:
        process = subprocess.Popen(
            [DAEMON, ON_DEVICE, '-f', directory],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(lambda: os.path.exists(directory + '/status'), 'a mount')
        os.killpg(process.pid, number)
        equal(process.wait(), 0, 'the exit status')
        assert not is_mounted(directory), 'the tree is still mounted'
    os.rmdir(directory)


# $1 daemon, $2 device, $3 directory: a mount namespace with a /dev/fuse that
# everybody may open, in which an ordinary user mounts.
AS_USER = '''
    set -e
    mount -t tmpfs none "$3"
    mknod "$3/fuse" c 10 229
    chmod 666 "$3/fuse"
    mount --bind "$3/fuse" /dev/fuse
    mkdir "$3/d"
    chown 65534 "$3/d"
    cp "$1" "$3/vmcfs"
    cd /
    exec setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "$4" sh \\
        "$3/vmcfs" "$2" "$3/d"
'''
SERVE = '''
    set -e
    "$1" "$2" -f "$3" &
    while ! [ -e "$3/status" ]; do
        kill -0 $!
        sleep .01
    done
    grep -q '^channel: ready' "$3/status"
    grep -E 'Cap(Prm|Eff|Inh|Amb)|NoNewPrivs|Seccomp:' "/proc/$!/status"
    kill $!
    wait $!
    ! grep "$3 " /proc/mounts
    rmdir "$3"
'''


def in_namespace(script):
    directory = scratch()
    done = subprocess.run(
        [
            'unshare',
            '-m',
            'sh',
            '-c',
            AS_USER,
            'sh',
            DAEMON,
            ON_DEVICE,
            directory,
            script,
        ],
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    equal(done.returncode, 0, f'the status after {done.stdout}')
    os.rmdir(directory)
    return done.stdout


def expect_confined(text):
    lines = dict(
        line.split(':\t', 1) for line in text.splitlines() if ':\t' in line
    )
    equal(
        {
            int(value, 16)
            for key, value in lines.items()
            if key.startswith('Cap')
        },
        {0},
        'the capabilities',
    )
    equal(
        (lines['NoNewPrivs'], lines['Seccomp']),
        ('1', '2'),
        'the rest of the text',
    )


# A fusermount3 that does not return; it ignores SIGTERM, as the helper does.
STUCK = '''
    set -e
    mkdir "$3/bin"
    printf '#!/bin/sh\\necho $$ >"%s"\\nexec sleep 1000\\n' "$3/started" \\
        >"$3/bin/fusermount3"
    chmod +x "$3/bin/fusermount3"
    PATH="$3/bin:$PATH" "$1" "$2" -f "$3" &
    while ! [ -s "$3/started" ]; do
        kill -0 $!
        sleep .01
    done
    kill $!
    status=0
    wait $! || status=$?
    kill -9 $(cat "$3/started")
    test $status -eq 71
'''


@case('a signal ends a start for which fusermount3 does not return')
def stuck():
    text = in_namespace(STUCK)
    assert 'a signal ended the start' in text, text


@case('an ordinary user mounts and unmounts, and the daemon is confined')
def user():
    expect_confined(in_namespace(SERVE))


@case('a refusal of fusermount3 is reported with its reason')
def refused():
    text = in_namespace(
        '''
        "$1" "$2" "${3%/*}"
        test $? -eq 77
    '''
    )
    assert 'fusermount3: ' in text, text
    assert 'vmcfs: ' in text and 'see its line above' in text, text
    assert 'give a directory that' in text, text


@case(
    'root of a user namespace mounts and unmounts, and the daemon '
    'is confined'
)
def namespace():
    script = shlex.quote(SERVE)
    expect_confined(
        in_namespace(f'exec unshare -Ur -m sh -c {script} sh "$@"')
    )


DEVICE.prepare()
run()
