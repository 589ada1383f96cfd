# SPDX-License-Identifier: GPL-2.0-or-later
#
# inotify(7): tests that the kernel reports messages of the hypervisor and
# rotations to those who watch files of the tree, how many events there are,
# and that the process which causes them is in nobody's way. It uses no other
# program; watch.py does.
import errno
import os
import resource
import shutil
import signal
import subprocess

from helpers import Child, blocked, fill, state_of, until, write_line
from mounted import (
    DAEMON,
    Foreground,
    Tree,
    helper,
    is_mounted,
    scratch,
    wait_for,
)
from namespace import private
from tap import case, equal, raises, run
from watched import Watch, announcer, await_announcer

SLOW = 'notify_ms=60000'
OTHER = 65534  # a user who is not root


def emit(tree, text, index=0):
    tree.control(f'sim emit {index} {text}')


def watch(tree, *names, index=0):
    return Watch(
        **{name.replace('.', '_'): tree.path(index, name) for name in names}
    )


@case('a message is reported for message, log, log.json and status')
def each_file():
    names = 'message', 'log', 'log.json', 'status'
    for name in names:
        with Tree() as tree, watch(tree, name) as watched:
            equal(tree.status()['inotify'], 'on', 'the key inotify')
            emit(tree, 'hello')
            watched.wait(name.replace('.', '_'), 'modify')


@case('a message is reported to those who watch the directory')
def directory():
    with Tree() as tree, Watch(hmc0=tree.path(0)) as watched:
        for _ in range(3):
            emit(tree, 'hello')
            for name in 'message', 'log', 'log.json', 'status':
                watched.wait('hmc0', 'modify', name)
                watched.got = []
                emit(tree, 'more')


@case('without log and with capture a message is reported for the others')
def without_log():
    with Tree('log=0', 'capture=64K') as tree:
        for name in 'message', 'status':
            with watch(tree, name) as watched:
                emit(tree, 'hello')
                watched.wait(name, 'modify')
                watched.got = []
                emit(tree, 'more')
                watched.wait(name, 'modify')
        equal(tree.status()['inotify'], 'on', 'the key inotify')


@case('a message that was sent is reported for log, log.json and status')
def sent():
    with Tree() as tree:
        tree.control('sim fault drop signal from hypervisor count 1000')
        for name in 'log', 'log.json', 'status':
            with watch(tree, name) as watched:
                tree.send(b'request')
                watched.wait(name.replace('.', '_'), 'modify')


@case('a change of the channel is reported for the status of the root')
def root_status():
    with Tree() as tree, Watch(status=tree.path('status')) as watched:
        tree.control('sim reset partner-failed')
        watched.wait('status', 'modify')


def rotation(watched, name, old):
    cookie = watched.wait('hmc0', 'from', name)
    equal(watched.wait('hmc0', 'to', old), cookie, 'the cookie')
    watched.wait('hmc0', 'create', name)


@case('a rotation is reported as a rename and a creation, like that of logs')
def rotated():
    with Tree() as tree:
        for _ in range(3):
            emit(tree, 'hello')
            until(lambda: tree.read(0, 'message'), 'the message')
            with Watch(hmc0=tree.path(0)) as watched, watch(
                tree, 'message'
            ) as old:
                tree.control(0, 'rotate')
                rotation(watched, 'message', 'message.1')
                old.wait('message', 'move self')
                emit(tree, 'world')
                watched.wait('hmc0', 'modify', 'message')


def rotate_message(tree):
    """Rotates a log that has a message, so that it takes memory."""
    emit(tree, 'hello')
    until(lambda: tree.read(0, 'message'), 'the message')
    tree.control(0, 'rotate')


def drop_archived(tree):
    """Receives messages for an idle channel until message.1 was dropped."""
    channel = tree.open(os.O_RDWR, 1, 'message')
    while os.path.exists(tree.path(0, 'message.1')):
        tree.control('sim flood 1 20 4000')
    os.close(channel)


@case('a rotation is reported although its files were dropped before')
def dropped():
    options = 'history=4K', 'memory=64K'
    with Tree(*options, hmcs=2, sessions=2) as tree:
        process = await_announcer(tree)
        with Watch(hmc0=tree.path(0)) as watched:
            rotate_message(tree)
            rotation(watched, 'message', 'message.1')
            os.kill(process, signal.SIGSTOP)
            until(lambda: state_of(process) == 'T', 'the stop')
            rotate_message(tree)
            drop_archived(tree)
            os.kill(process, signal.SIGCONT)
            watched.wait('hmc0', 'create', 'message')
            tree.control(0, 'rotate')
            rotation(watched, 'message', 'message.1')
        equal(tree.status()['inotify'], 'on', 'the key inotify')


@case('a rotation is reported by name while a channel is open')
def rotated_channel():
    with Tree() as tree:
        emit(tree, 'hello')
        channel = tree.open(os.O_RDWR, 0, 'message')
        with Watch(hmc0=tree.path(0)) as watched, watch(
            tree, 'message'
        ) as old:
            tree.control(0, 'rotate')
            rotation(watched, 'message', 'message.1')
            old.wait('message', 'modify')
        os.close(channel)


@case('a new session and a rotation of log are reported by name')
def rotated_log():
    with Tree() as tree, Watch(hmc0=tree.path(0)) as watched:
        emit(tree, 'hello')
        until(lambda: tree.read(0, 'message'), 'the message')
        tree.control(0, 'close')
        tree.control(0, 'open again')
        rotation(watched, 'message', 'message.1')
        with open(tree.path(0, 'log'), 'r+b') as log:
            log.read()
            log.truncate(0)
        rotation(watched, 'log', 'log.1')


@case('many rotations at once are reported, and the last one is shown')
def storm():
    with Tree('history=4K', 'notify_ms=1') as tree:
        with Watch(hmc0=tree.path(0)) as watched:
            for number in range(50):
                emit(tree, f'{number:04} ' + 'x' * 99)
                tree.control(0, 'rotate')
            rotation(watched, 'message', 'message.1')
            emit(tree, 'the last one')
            while not tree.read(0, 'message').endswith(b'the last one\n'):
                watched.wait('hmc0', 'modify', 'message')
            equal(tree.status()['inotify_off_reason'], '""', 'the reason')
        assert b'0049 ' in tree.read(0, 'message.1')


@case('events of a file are at least notify_ms= apart')
def rate():
    with Tree(SLOW) as tree, watch(tree, 'message') as watched:
        emit(tree, 'first')
        watched.wait('message', 'modify')
        for number in range(100):
            emit(tree, number)
            watched.pending()
        assert len(watched.got) <= 1, watched.got


@case('the last change is reported, however soon after another it came')
def last():
    with Tree('notify_ms=300') as tree, watch(tree, 'message') as watched:
        for number in range(3):
            emit(tree, number)
            watched.wait('message', 'modify')
            watched.pending()
            watched.got = []
            emit(tree, 'again')
            watched.wait('message', 'modify')


@case('a write that waits delays no event of other files, and no other writer')
def parked():
    with Tree('send_timeout=50s', 'notify_ms=1', hmcs=2, sessions=2) as tree:
        emit(tree, 'x' * 200)
        until(lambda: len(tree.read(0, 'message')) > 200, 'the message')
        tree.control('sim fault hcall send-crq dropped count 1000000')
        fill(tree, 100)
        writer = Child(tree.send, b'parked')
        blocked(tree, 'writers', 1)
        other = tree.open(os.O_WRONLY | os.O_NONBLOCK, 0, 'message')
        with Watch(
            log=tree.path(0, 'log'),
            status=tree.path(0, 'status'),
            message=tree.path(0, 'message'),
            second=tree.path(1, 'message'),
        ) as watched:
            for _ in range(5):
                for name in 'log', 'status':
                    emit(tree, 'stalled')
                    watched.wait(name, 'modify')
                emit(tree, 'hello', 1)
                watched.wait('second', 'modify')
                raises(errno.EAGAIN, os.write, other, b'full')
            tree.control('sim fault clear')
            writer.done()
            watched.wait('message', 'modify')
        os.close(other)


@case('an unmount during a flood of events succeeds, and the daemon ends')
def unmounts():
    directory = scratch()
    os.rmdir(directory)
    for _ in range(10):
        os.mkdir(directory)
        tree = Tree('notify_ms=1', directory=directory)
        tree.control('sim flood 0 100000 10')
        until(lambda: tree.read(0, 'message'), 'a message')
        tree.stop('unmount')


def message_of(directory):
    return os.open(os.path.join(directory, 'hmc0/message'), os.O_RDONLY)


@case('a lazy unmount ends the daemon when the last file is closed')
def lazy():
    tree = Tree('notify_ms=1')
    emit(tree, 'hello')
    log = message_of(tree.directory)
    process = await_announcer(tree)
    subprocess.run(['umount', '-l', tree.directory], check=True)
    until(lambda: not os.path.exists(f'/proc/{process}/fd/3'), 'its end')
    equal(os.read(log, 9), b'hello\n', 'the log')
    os.close(log)
    equal(wait_for(tree.pid), 0, 'the status of the daemon')
    tree.forget()
    os.rmdir(tree.directory)


@case('events go on at the new place of a mount that was moved')
def moved():
    tree = Tree()
    outer, inner = scratch(), scratch()
    run_mount = ['mount', '--bind', outer, outer]
    subprocess.run(run_mount, check=True)
    subprocess.run(['mount', '--make-private', outer], check=True)
    os.mkdir(outer + '/tree')
    subprocess.run(
        ['mount', '--bind', tree.directory, outer + '/tree'], check=True
    )
    subprocess.run(['umount', tree.directory], check=True)
    os.rmdir(tree.directory)
    os.mkdir(outer + '/moved')
    subprocess.run(
        ['mount', '--move', outer + '/tree', outer + '/moved'], check=True
    )
    tree.directory = outer + '/moved'
    with watch(tree, 'message') as watched:
        emit(tree, 'hello')
        watched.wait('message', 'modify')
    subprocess.run(['umount', tree.directory], check=True)
    equal(wait_for(tree.pid), 0, 'the status of the daemon')
    tree.forget()
    subprocess.run(['umount', outer], check=True)
    for each in outer + '/tree', outer + '/moved', outer, inner:
        os.rmdir(each)


@case('without its announcer the daemon serves, and the status has the reason')
def killed():
    with Tree() as tree:
        os.kill(await_announcer(tree), signal.SIGKILL)
        until(lambda: tree.status()['inotify'] == 'off', 'the status')
        assert 'killed' in tree.status()['inotify_off_reason']
        emit(tree, 'hello')
        until(lambda: tree.read(0, 'message'), 'the message')
        tree.control(0, 'rotate')
        equal(tree.read(0, 'message'), b'', 'the log')


@case('a stopped announcer is shown by the status, until it continues')
def halted():
    log, stderr = os.pipe()
    with Foreground(stderr=stderr) as tree, watch(tree, 'log') as watched:
        os.close(stderr)
        tree.status()  # the first probe
        process = await_announcer(tree)
        os.kill(process, signal.SIGSTOP)
        until(lambda: state_of(process) == 'T', 'the stop')
        emit(tree, 'hello')
        until(lambda: tree.status()['inotify'] == 'off', 'the key inotify')
        assert 'does not respond' in tree.status()['inotify_off_reason']
        os.kill(process, signal.SIGCONT)
        watched.wait('log', 'modify')
        until(lambda: tree.status()['inotify'] == 'on', 'the key inotify')
        equal(tree.status()['inotify_off_reason'], '""', 'the reason')
    with open(log, encoding='utf-8') as lines:
        equal(lines.read().count('warning: inotify'), 1, 'the warnings')


@case('the announcer ends with the helper, and with the daemon')
def orphaned():
    for victim in 'helper', 'daemon':
        tree = Tree()
        process = await_announcer(tree)
        emit(tree, 'hello')
        if victim == 'helper':
            os.kill(helper(tree.pid), signal.SIGKILL)
            until(lambda: tree.status()['inotify'] == 'off', 'the status')
            subprocess.run(['umount', tree.directory], check=True)
            equal(wait_for(tree.pid), 0, 'the status of the daemon')
        else:
            os.kill(tree.pid, signal.SIGKILL)
            equal(wait_for(tree.pid), 128 + signal.SIGKILL, 'the status')
        tree.forget()
        until(lambda: not announcer_is_alive(process), 'the end')
        until(lambda: not is_mounted(tree.directory), 'the unmount')
        os.rmdir(tree.directory)


def announcer_is_alive(pid):
    try:
        return state_of(pid) not in 'ZX'
    except OSError:
        return False


@case('with notify_ms=0, or read-only, there is no announcer')
def off():
    with Tree('notify_ms=0') as tree:
        equal(announcer(tree), None, 'the announcer')
        equal(tree.status()['inotify'], 'off', 'the key inotify')
        equal(
            tree.status()['inotify_off_reason'],
            '"notify_ms=0"',
            'the reason',
        )
    with Tree('ro', sessions=0) as tree:
        until(lambda: tree.status()['inotify'] == 'off', 'the status')
        assert 'read-only' in tree.status()['inotify_off_reason']


@case('nobody else may touch, rename or create files')
def others():
    with Tree() as tree:
        message, old = tree.path(0, 'message'), tree.path(0, 'message.1')
        emit(tree, 'hello')
        tree.control(0, 'rotate')
        raises(errno.EPERM, os.utime, message)
        raises(errno.EPERM, os.utime, message, (0, 0))
        raises(errno.EPERM, os.rename, message, old)
        raises(errno.EPERM, os.mknod, tree.path(0, 'new'))
        raises(errno.EPERM, os.unlink, old)
        before = os.stat(message)
        with watch(tree, 'message') as watched:
            emit(tree, 'world')
            watched.wait('message', 'modify')
        after = os.stat(message)
        equal(after.st_ino, before.st_ino, 'the inode number')
        assert after.st_mtime_ns > before.st_mtime_ns


def mount_as_user(base, options):
    """Becomes an ordinary user, for whom fusermount3 mounts."""
    private('/dev')
    os.chmod('/dev/fuse', 0o666)
    os.chmod('/dev/null', 0o666)
    os.setgroups([])
    os.setgid(OTHER)
    os.setuid(OTHER)
    directory = base + '/tree'
    process = subprocess.Popen(
        [base + '/vmcfs', 'sim', '-f', '-o', options, directory],
        stderr=subprocess.DEVNULL,
    )
    until(lambda: os.path.exists(directory + '/hmc0'), 'the mount')
    return directory, process


def as_user(base):
    directory, process = mount_as_user(base, 'open=0:me')
    with Watch(hmc0=directory + '/hmc0') as watched:
        write_line(directory + '/control', 'sim emit 0 hello')
        watched.wait('hmc0', 'modify', 'message')
        write_line(directory + '/hmc0/control', 'rotate')
        rotation(watched, 'message', 'message.1')
    subprocess.run(['fusermount3', '-u', directory], check=True)
    equal(process.wait(), 0, 'the status of the daemon')


def has_remedy(directory, process, remedy):
    """Requires a tree without inotify whose status has the remedy."""

    def status():
        with open(directory + '/status', encoding='ascii') as file:
            return file.read()

    until(lambda: 'inotify: off' in status(), 'the status')
    assert remedy in status(), status()
    subprocess.run(['fusermount3', '-u', directory], check=True)
    equal(process.wait(), 0, 'the status of the daemon')


def for_another(base):
    """Mounts a tree whose files belong to root."""
    directory, process = mount_as_user(base, 'uid=0,mode=666,dmode=777')
    has_remedy(directory, process, 'leave out uid=')


def without_threads(base):
    """Mounts a tree whose announcer has no thread for the index, and cannot
    start one."""
    directory, process = mount_as_user(base, 'history=64K')
    announces = await_announcer(process)
    resource.prlimit(announces, resource.RLIMIT_NPROC, (0, 0))
    write_line(directory + '/hmc0/control', 'open me')
    has_remedy(directory, process, 'ulimit -u')


def in_child(function):
    base = scratch()
    os.mkdir(base + '/tree')
    os.chown(base + '/tree', OTHER, OTHER)
    shutil.copy(DAEMON, base + '/vmcfs')
    Child(function, base).done()
    shutil.rmtree(base)


@case('events arrive in the tree of an ordinary user')
def ordinary_user():
    in_child(as_user)


@case('with uid= of another user an ordinary user sees why there are none')
def another():
    in_child(for_another)


@case('a user with too few processes for events sees a remedy in the status')
def few_processes():
    in_child(without_threads)


run()
