# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mounting: tests which directory is mounted on, and which mount is removed at
# the end, while other processes rename directories, mount and unmount there.
# It does not test the tree.
import errno
import os
import signal
import subprocess

import left
import tap
from device import DEVICE
from helpers import VOLUME, Child, until
from mounted import (
    DAEMON,
    ON_DEVICE,
    Tree,
    daemon,
    is_mounted,
    scratch,
    wait_for,
)
from tap import case, equal, run

OTHER = 65534  # a user who is not root
TRIES = max(VOLUME // 500, 20)  # number of tries of a race


def make(*parts):
    path = os.path.join(*parts)
    os.mkdir(path)
    os.chmod(path, 0o755)
    return path


def tool(*words):
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def mounts(below):
    return [path for path, _ in left.mounts(below)]


def rename(old, new):
    """Waits until a directory is no mount point and can be renamed."""
    while True:
        try:
            return os.rename(old, new)
        except OSError as error:
            equal(error.errno, errno.EBUSY, 'the errno of the rename')


def swap(parent, victim, stop):
    """As another user, replaces directory d by a link and back, repeatedly."""
    os.setgid(OTHER)
    os.setuid(OTHER)
    os.chdir(parent)
    while not os.path.exists(stop):
        rename('d', 'e')
        os.symlink(victim, 'd')
        os.unlink('d')
        rename('e', 'd')


def serve_and_end(directory):
    """A mount that may be refused; returns the mounts made in that time."""
    base = os.path.dirname(directory)
    while os.path.basename(base) != 'base':
        base = os.path.dirname(base)
    process = subprocess.Popen(
        [DAEMON, ON_DEVICE, '-f', directory],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found = []
    until(
        lambda: process.poll() is not None
        or bool(found.extend(mounts(base)) or found),
        'a mount or an end',
    )
    if process.poll() is None:
        process.terminate()
    process.wait()
    return found


def race(below):
    """Root mounts on base/own/d/BELOW while the owner of own exchanges d."""
    base = make(scratch(), 'base')
    victim = make(base, 'victim')
    own = make(base, 'own')
    for directory in own, make(own, 'd'):
        os.chown(directory, OTHER, OTHER)
    if below:
        make(victim, below)
        make(own, 'd', below)
    stop = os.path.join(base, 'stop')
    swapper = Child(swap, own, victim, stop)
    try:
        seen = [
            path
            for _ in range(TRIES)
            for path in serve_and_end(os.path.join(own, 'd', below))
        ]
    finally:
        with open(stop, 'w', encoding='utf-8'):
            pass
    swapper.done()
    tap.note(TRIES, 'starts,', len(seen), 'mounts seen')
    outside = [path for path in seen if path.startswith(victim)]
    equal(outside, [], 'the mounts outside')
    equal(mounts(base), [], 'the remaining mounts')


@case('a mount point replaced by a link is not followed to another directory')
def exchanged():
    race('')


@case('a parent replaced by a link is not followed to another directory')
def parent_exchanged():
    race('below')


def rename_always(parent, stop):
    """As another user, renames directory d to e and back, repeatedly."""
    os.setgid(OTHER)
    os.setuid(OTHER)
    os.chdir(parent)
    while not os.path.exists(stop):
        os.rename('d', 'e')
        os.rename('e', 'd')


@case('a parent that is renamed repeatedly does not prevent the unmount')
def parent_renamed_always():
    base = scratch()
    own = make(base, 'own')
    for directory in own, make(own, 'd'), make(own, 'd', 'below'):
        os.chown(directory, OTHER, OTHER)
    stop = os.path.join(base, 'stop')
    others = make(scratch(), 'others')
    for _ in range(50):  # a longer table takes longer to read
        tool('mount', '-t', 'tmpfs', 'other', others)
    for _ in range(max(TRIES // 4, 10)):
        tree = Tree(directory=os.path.join(own, 'd', 'below'))
        renamer = Child(rename_always, own, stop)
        try:
            until(lambda: mounts(own) != [tree.directory], 'a new name')
            os.kill(tree.pid, signal.SIGTERM)
            status = wait_for(tree.pid)
        finally:
            with open(stop, 'w', encoding='utf-8'):
                pass
        renamer.done()
        os.unlink(stop)
        equal(status, 0, "the daemon's exit status")
        equal(mounts(base), [], 'the remaining mounts')
    for _ in range(50):
        tool('umount', others)


@case('a link of another user in the path is refused and named')
def foreign_link():
    base = scratch()
    target = make(base, 'target')
    link = os.path.join(base, 'link')
    os.symlink(target, link)
    os.lchown(link, OTHER, OTHER)
    done = daemon(ON_DEVICE, link)
    equal(done.returncode, os.EX_NOINPUT, 'the exit status')
    assert link in done.stderr and 'another user' in done.stderr, done.stderr
    equal(mounts(base), [], 'the mounts')


@case('relative and absolute links of the mounting user are followed')
def own_links():
    base = scratch()
    target = make(base, 'target')
    os.symlink('target', os.path.join(base, 'one'))
    os.symlink(os.path.join(base, 'one'), os.path.join(base, 'two'))
    os.symlink(
        '../' + os.path.basename(base) + '/./two', os.path.join(base, 'three')
    )
    with Tree(directory=os.path.join(base, 'three')) as tree:
        assert is_mounted(target), 'the directory is not mounted'
        os.kill(tree.pid, signal.SIGTERM)
        equal(wait_for(tree.pid), 0, "the daemon's exit status")
        tree.pid = None
    equal(mounts(base), [], 'the remaining mounts')
    os.symlink('loop', os.path.join(base, 'loop'))
    equal(
        daemon(ON_DEVICE, os.path.join(base, 'loop')).returncode,
        os.EX_NOINPUT,
        'the exit status for a loop',
    )


@case('the daemon removes its own mount, not the one at its old path')
def parent_renamed():
    base = scratch()
    make(base, 'old')
    directory = make(base, 'old', 'd')
    tree = Tree(directory=directory)
    os.rename(os.path.join(base, 'old'), os.path.join(base, 'new'))
    make(base, 'old')
    other = make(base, 'old', 'd')
    tool('mount', '-t', 'tmpfs', 'other', other)
    os.kill(tree.pid, signal.SIGTERM)
    equal(wait_for(tree.pid), 0, "the daemon's exit status")
    equal(mounts(base), [other], 'the remaining mounts')
    tool('umount', other)


@case('a mount on top of the tree stays mounted')
def covered():
    tree = Tree()
    tool('mount', '-t', 'tmpfs', 'other', tree.directory)
    os.kill(tree.pid, signal.SIGTERM)
    wait_for(tree.pid)
    tool('mountpoint', '-q', tree.directory)
    tool('umount', tree.directory)
    equal(
        mounts(os.path.dirname(tree.directory)).count(tree.directory),
        1,
        'the mounts below the tree',
    )
    tool('umount', '-l', tree.directory)


@case('bind mounts of the tree and of its directories end with the tree')
def bound():
    base = scratch()
    whole, part = make(base, 'whole'), make(base, 'part')
    tree = Tree(directory=make(base, 'd'))
    tool('mount', '--bind', tree.directory, whole)
    tool('mount', '--bind', tree.path('hmc0'), part)
    os.kill(tree.pid, signal.SIGTERM)
    equal(wait_for(tree.pid), 0, "the daemon's exit status")
    equal(mounts(base), [], 'the remaining mounts')


@case('the tree is served at a bind mount after its first mount is removed')
def bound_only():
    base = scratch()
    bind = make(base, 'bind')
    tree = Tree(directory=make(base, 'd'))
    tool('mount', '--bind', tree.directory, bind)
    tool('umount', tree.directory)
    assert b'ready' in open(os.path.join(bind, 'status'), 'rb').read()
    os.kill(tree.pid, signal.SIGTERM)
    equal(wait_for(tree.pid), 0, "the daemon's exit status")
    equal(mounts(base), [], 'the remaining mounts')


@case('an aborted connection leaves no mount')
def aborted():
    base = scratch()
    tree = Tree(directory=make(base, 'd'))
    minor = left.mounts(base)[0][1]
    connections = make(base, 'connections')
    tool('mount', '-t', 'fusectl', 'fusectl', connections)
    with open(
        os.path.join(connections, minor, 'abort'), 'w', encoding='utf-8'
    ) as abort:
        abort.write('1')
    wait_for(tree.pid)
    tool('umount', connections)
    equal(mounts(base), [], 'the remaining mounts')


@case('one of several daemons that start on one directory serves it')
def together():
    base = scratch()
    directory = make(base, 'd')
    for _ in range(max(TRIES // 10, 5)):
        started = [
            subprocess.Popen(
                [DAEMON, ON_DEVICE, '-f', directory],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(3)
        ]
        until(
            lambda: sum(each.poll() is None for each in started) == 1,
            'two refused starts',
        )
        until(lambda: len(mounts(base)) == 1, 'one mount')
        for each in started:
            if each.poll() is None:
                each.terminate()
        equal(
            sorted(each.wait() for each in started)[0],
            0,
            'the status of the serving daemon',
        )
        equal(mounts(base), [], 'the remaining mounts')


@case('a mount propagates to peers, and its end does')
def shared():
    base = scratch()
    peer, parent = make(base, 'peer'), make(base, 'parent')
    tool('mount', '-t', 'tmpfs', 'parent', parent)
    tool('mount', '--make-shared', parent)
    tool('mount', '--bind', parent, peer)
    tree = Tree(directory=make(parent, 'd'))
    assert os.path.exists(
        os.path.join(peer, 'd', 'status')
    ), 'the mount does not propagate'
    os.kill(tree.pid, signal.SIGTERM)
    equal(wait_for(tree.pid), 0, "the daemon's exit status")
    equal(sorted(mounts(base)), [parent, peer], 'the remaining mounts')
    tool('umount', parent, peer)


@case('fstab words become flags of the mount')
def words():
    for given, flags in (
        ('ro', 'ro,nosuid,nodev,relatime'),
        ('ro,rw', 'rw,nosuid,nodev,relatime'),
        ('suid,dev', 'rw,relatime'),
        ('noexec,noatime', 'rw,nosuid,nodev,noexec,noatime'),
    ):
        with Tree(given, sessions=0) as tree:
            with open('/proc/self/mountinfo', encoding='utf-8') as table:
                fields = [line.split() for line in table]
            (mine,) = [each for each in fields if each[4] == tree.directory]
            equal(mine[5], flags, f'the flags of {given}')
            equal(mine[mine.index('-') + 1], 'fuse.vmcfs', 'the type')
            equal(
                mine[mine.index('-') + 2],
                DEVICE.path if hasattr(DEVICE, 'path') else 'sim',
                'the source',
            )


@case('a source before the mount point is served and is in the mount table')
def source():
    directory = scratch()
    done = daemon('sim', directory)
    equal((done.returncode, done.stderr), (0, ''), 'status and stderr')
    with open('/proc/mounts', encoding='utf-8') as table:
        rows = [line.split()[:3] for line in table]
    equal(
        [row for row in rows if row[1] == directory],
        [['sim', directory, 'fuse.vmcfs']],
        'the mounts',
    )
    with open(os.path.join(directory, 'status'), encoding='utf-8') as status:
        assert 'driver: sim\n' in status.read(), 'another device is served'
    tool('umount', directory)
    os.rmdir(directory)


DEVICE.prepare()
run()
