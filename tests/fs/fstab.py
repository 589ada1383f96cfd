# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fstab: tests the installed program with mount(8), umount(8), lines of fstab
# and automount points, for root and for an ordinary user. Each case has its
# own mount namespace with the installed files. It does not test the tree.
import ctypes
import errno
import fcntl
import grp
import os
import pwd
import shutil
import struct
import subprocess

import tap
from device import DEVICE
from helpers import Child, until
from installed import mount, prepare, replace, show, table, tool
from mounted import kill, scratch
from namespace import LIBC, private
from tap import case, equal, run

OTHER = 65534  # a user who is not root
AUTOFS_IOC_READY = 0x9360
USAGE, FAIL = 1, 32  # exit statuses of mount(8)
WAYS = (
    ('-t', 'vmcfs', 'sim'),
    ('-t', 'fuse.vmcfs', 'sim'),
    ('-t', 'fuse', 'vmcfs#sim'),
)


def enter(base, lines):
    """A mount namespace with the installed program, with these lines in its
    fstab, and with a /dev/fuse that everybody may open."""
    private(base)
    os.chmod(base, 0o755)
    show()
    fuse = os.path.join(base, 'fuse')
    os.mknod(fuse, 0o600 | 0o020000, os.stat('/dev/fuse').st_rdev)
    os.chmod(fuse, 0o666)
    mount('--bind', fuse, '/dev/fuse')
    replace(base, 'fstab', ''.join(f'{line} 0 0\n' for line in lines))
    replace(base, 'fuse.conf', 'user_allow_other\n')


def children():
    """Process IDs of the children of this process: the daemons."""
    with open('/proc/thread-self/children', encoding='ascii') as pids:
        return [int(pid) for pid in pids.read().split()]


def name_of(pid):
    with open(f'/proc/{pid}/comm', encoding='ascii') as name:
        return name.read().strip()


def await_daemons():
    """Waits until the daemons and their helpers have ended."""
    try:
        while True:
            equal(os.wait()[1], 0, 'the wait status of a daemon')
    except ChildProcessError:
        pass


def on_system(function, *lines, names=('d',)):
    """Calls FUNCTION in a namespace, with new directories of these names; in
    a line of fstab, DIR/ is their parent."""
    base = scratch()

    def work():
        enter(base, [line.replace('DIR', base) for line in lines])
        directories = [os.path.join(base, name) for name in names]
        for directory in directories:
            os.mkdir(directory)
            os.chown(directory, OTHER, OTHER)
        function(*directories)
        await_daemons()
        equal(table(), [], 'the mounts')

    Child(work).done()
    os.rmdir(base)


def expect(directory, flags, source='sim'):
    """Expects one mount, which works; returns its options."""
    rows = table()
    equal(
        [row[:3] for row in rows], [[source, directory, 'fuse.vmcfs']], 'rows'
    )
    words = rows[0][3].split(',')
    equal(words[: len(flags)], flags, 'the flags')
    return words


def works(directory):
    with open(os.path.join(directory, 'status'), encoding='utf-8') as status:
        assert 'channel: ready\n' in status.read(), 'the channel is not ready'


@case('mount -t vmcfs, fuse.vmcfs and fuse mount, and umount ends the daemon')
def types():
    def work(directory):
        for way in WAYS:
            equal(mount(*way, directory), '', 'the output')
            expect(directory, ['rw'])
            works(directory)
            (pid,) = children()
            equal(name_of(pid), 'vmcfs', 'the name of the process')
            tool('umount', directory)
            await_daemons()

    on_system(work)


@case('a relative source and a relative directory are those of the caller')
def relative():
    def work(directory):
        os.chdir(os.path.dirname(directory))
        for way in WAYS:
            mount(*way, 'd')
            expect(directory, ['rw'])
            tool('umount', 'd')
            await_daemons()
        text = mount('-t', 'vmcfs', 'fstab', 'd', status=FAIL)
        assert 'fstab' in text and 'character device' in text, text

    on_system(work)


@case('a file named sim in the working directory does not hide the simulator')
def namesake():
    def work(directory):
        os.chdir(os.path.dirname(directory))
        os.mkdir('sim')
        for words in *WAYS, ():
            mount(*words, directory)
            expect(directory, ['rw'])
            works(directory)
            tool('umount', directory)
            await_daemons()
        mount('-t', 'vmcfs', directory + '/../sim/../fstab', 'd', status=FAIL)

    on_system(work, 'sim DIR/d vmcfs noauto')


FSTAB = (
    'sim DIR/a vmcfs defaults,nofail,_netdev,x-systemd.automount,mode=0640',
    'sim DIR/b fuse.vmcfs rw,noexec,noatime,x-systemd.requires=a,comment=b',
    'sim DIR/c vmcfs noauto,users,dirsync,history=64K,open=0:me',
)


@case('mount -a mounts each line of fstab once, and mount DIR one of noauto')
def all_lines():
    def work(*directories):
        mount('-a')
        equal(sorted(row[1] for row in table()), [*directories[:2]], 'mounts')
        equal(mount('-a'), '', 'the output of a second time')
        equal(len(table()), 2, 'the mounts after a second time')
        equal(
            os.stat(os.path.join(directories[0], 'control')).st_mode,
            0o100640,
            'the mode of a file',
        )
        mount(directories[2])
        for directory in directories:
            works(directory)
        flags = {row[1]: row[3].split(',')[:5] for row in table()}
        equal(flags[directories[0]][:3], ['rw', 'nosuid', 'nodev'], 'a')
        assert {'noexec', 'noatime'} < set(flags[directories[1]]), flags
        assert {'dirsync', 'noexec'} < set(flags[directories[2]]), flags
        tool('umount', *directories)

    on_system(work, *FSTAB, names=('a', 'b', 'c'))


def become_other(user=OTHER):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


@case('an ordinary user mounts and unmounts the lines of fstab with user')
def ordinary():
    def work(*directories):
        become_other()
        for directory in directories:
            equal(mount(directory), '', 'the output')
            words = expect(directory, ['rw', 'nosuid', 'nodev', 'noexec'])
            assert f'user_id={OTHER}' in words, words
            works(directory)
            tool('umount', directory)
            await_daemons()
        mount(*WAYS[0], directories[0])
        works(directories[0])
        tool('umount', directories[0])

    on_system(
        work,
        'sim DIR/a vmcfs user,noauto,nofail,_netdev',
        'sim DIR/b fuse.vmcfs noauto,users,x-a=b,history=64K',
        'sim DIR/c vmcfs owner,noauto',
        'vmcfs#sim DIR/d fuse noauto,user,mode=0644',
        names=('a', 'b', 'd'),
    )


def no_right_to_write(directory):
    os.chown(directory, 0, 0)
    os.chmod(directory, 0o755)


def no_owner_of_sticky(directory):
    os.chown(directory, 0, 0)
    os.chmod(directory, 0o1777)


def no_such_file_system(directory):
    mount('-t', 'hugetlbfs', '-o', f'uid={OTHER}', 'none', directory)


def no_allow_other(directory):
    with open('/etc/fuse.conf', 'w', encoding='utf-8'):
        pass


def no_device(directory):
    os.chmod('/dev/fuse', 0o600)


def no_set_user_id(directory):
    copy = directory + '/fusermount3'
    shutil.copy(shutil.which('fusermount3'), copy)
    os.chmod(copy, 0o755)
    mount('--bind', copy, shutil.which('fusermount3'))


def no_execution(directory):
    no_set_user_id(directory)
    os.chmod(shutil.which('fusermount3'), 0o700)


def too_many(directory):
    with open('/etc/fuse.conf', 'w', encoding='utf-8') as file:
        file.write('mount_max = 0\n')


def no_fusermount(directory):
    with open(directory + '/fusermount3', 'w', encoding='utf-8') as file:
        file.write('#!/no-such-interpreter\n')
    os.chmod(directory + '/fusermount3', 0o755)
    mount('--bind', directory + '/fusermount3', shutil.which('fusermount3'))


# Exit statuses of mount.vmcfs and vmcfs.
PERMISSION, SYSTEM = (1, 77), (2, 71)
REFUSALS = (
    (PERMISSION, no_right_to_write, 'give a directory that you may write to'),
    (PERMISSION, no_owner_of_sticky, 'give a directory that belongs to you'),
    (PERMISSION, no_such_file_system, 'give a directory of another'),
    (PERMISSION, no_allow_other, 'leave out allow_other'),
    (PERMISSION, no_device, 'let this user access it'),
    (PERMISSION, no_set_user_id, 'must be set-user-ID root'),
    (PERMISSION, no_execution, 'let this user access it'),
    (SYSTEM, too_many, 'too many FUSE filesystems'),
    (SYSTEM, no_fusermount, 'install fuse3'),
)


def try_as_other(directory, statuses, sentence):
    become_other()
    os.chdir('/')
    # without directories that this user may not search
    place = os.path.dirname(os.path.realpath('/sbin/mount.vmcfs'))
    os.environ['PATH'] = f'{place}:/usr/bin:/usr/sbin'
    words = 'sim', directory, '-o', 'allow_other'
    for program, status in zip(('/sbin/mount.vmcfs', 'vmcfs'), statuses):
        text = tool(program, *words, status=status)
        assert sentence in text, text
        assert text.count('\n') == 2, text
    mount(directory, status=statuses[0])


@case('a refusal of fusermount3 has the status of its reason, and a remedy')
def refusals():
    for statuses, change, sentence in REFUSALS:

        def work(directory):
            change(directory)
            Child(try_as_other, directory, statuses, sentence).done()
            rows = [row for row in table() if row[2] == 'fuse.vmcfs']
            equal(rows, [], 'the mounts')
            tool('umount', directory, status=None)

        on_system(work, 'sim DIR/d vmcfs noauto,user,allow_other')


@case('a device that the user may not open has the status of a permission')
def forbidden_device():
    def work(directory):
        node = os.path.dirname(directory) + '/node'
        os.mknod(node, 0o600 | 0o020000, os.stat('/dev/null').st_rdev)
        Child(try_node, node, directory).done()

    on_system(work, 'DIR/node DIR/d vmcfs noauto,user')


def try_node(node, directory):
    become_other()
    for words in ('mount', directory), ('vmcfs', node, directory):
        text = tool(*words, status=1 if words[0] == 'mount' else 77)
        assert f'{node} may not be opened by this user' in text, text


@case('mount.fuse3 with drop_privileges is refused with what to do')
def dropped():
    def work(directory):
        options = '-o', 'drop_privileges'
        text = mount(*options, '-t', 'fuse.vmcfs', 'sim', directory, status=64)
        assert 'leave out drop_privileges' in text, text
        (row,) = table()
        equal(row[1], directory, 'the mount of mount.fuse3')
        tool('umount', directory)

    on_system(work)


@case('a remount is refused with a sentence, and the tree is still served')
def remount():
    def work(directory):
        for way in WAYS:
            mount(*way, directory)
            for options in 'remount,ro', 'remount', 'history=1M,remount':
                text = tool('mount', '-o', options, directory, status=None)
                assert 'vmcfs: ' in text and 'unmount it' in text, text
            expect(directory, ['rw'])
            works(directory)
            tool('umount', directory)
            await_daemons()

    on_system(work)


@case('-f checks source, mount point and options, and mounts nothing')
def fake():
    def work(directory):
        missing = directory + '/missing'
        equal(mount('-f', *WAYS[0], directory), '', 'the output')
        equal(table(), [], 'the mounts')
        for words, word in (
            ((*WAYS[0], missing), missing),
            (('-t', 'vmcfs', '/dev/missing', directory), '/dev/missing'),
        ):
            for fake_or_not in (), ('-f',):
                text = mount(*fake_or_not, *words, status=FAIL)
                assert word in text, text
        text = mount('-f', '-o', 'mode=9', *WAYS[0], directory, status=USAGE)
        assert 'mode=9' in text, text
        mount(*WAYS[0], directory)
        text = mount('-f', *WAYS[0], directory, status=FAIL)
        assert 'mounted there already' in text, text
        tool('umount', directory)

    on_system(work)


@case('-f leaves a dead mount of vmcfs, which a mount removes')
def fake_dead():
    def work(directory):
        for option in '-f', '-n':
            mount(*WAYS[0], directory)
            (pid,) = children()
            kill(pid)
            os.wait()  # for its helper
            os.wait()  # for the announcer, which ends with the helper
            text = mount(option, *WAYS[0], directory)
            equal('removed' in text, option == '-n', 'the sentence')
            equal(len(table()), 1, 'the number of mounts')
            tool('umount', directory)
            await_daemons()

    on_system(work)


@case('-v prints what was mounted, -s ignores unknown options, -n is accepted')
def letters():
    def work(directory):
        equal(
            mount('-fv', *WAYS[0], directory),
            f'vmcfs: sim can be mounted on {directory}\n',
            'the output with -f',
        )
        text = mount('-nv', *WAYS[0], directory)
        equal(text, f'vmcfs: sim is mounted on {directory}\n', 'the output')
        works(directory)
        tool('umount', directory)
        await_daemons()
        unknown = '-o', 'history=64K,unknown,also=unknown'
        mount(*unknown, *WAYS[0], directory, status=USAGE)
        mount('-s', *unknown, *WAYS[0], directory)
        works(directory)
        tool('umount', directory)

    on_system(work)


@case('the arguments of a helper of mount(8) are accepted in every order')
def order():
    def work(directory):
        helper = '/sbin/mount.vmcfs'
        for words in (
            ['sim', directory, '-sfnv', '-o', 'rw,nofail', '-t', 'vmcfs'],
            ['-f', '-t', 'fuse.vmcfs', 'sim', '-orw', directory],
            ['-o', 'ro', '-o', 'noauto', '-n', '-f', '--', 'sim', directory],
        ):
            tool(helper, *words)
        equal(table(), [], 'the mounts')
        tool(helper, 'sim', status=USAGE)
        tool(helper, 'sim', directory, 'more', status=USAGE)
        tool(helper, 'sim', directory, '-d', status=USAGE)
        tool(helper, '--device=sim', directory, status=USAGE)

    on_system(work)


@case('mount -N mounts in the mount namespace of another process')
def namespace():
    def work(directory):
        other = subprocess.Popen(
            ['unshare', '-m', '--propagation', 'private', 'cat'],
            stdin=subprocess.PIPE,
        )
        pid = str(other.pid)
        mine = os.readlink('/proc/self/ns/mnt')
        until(
            lambda: os.readlink(f'/proc/{pid}/ns/mnt') != mine, 'a namespace'
        )
        mount('-N', pid, *WAYS[0], directory)
        equal(table(), [], 'the mounts here')
        equal([row[1] for row in table(f'/proc/{pid}/mounts')], [directory])
        tool('umount', '-N', pid, directory)
        other.stdin.close()
        other.wait()
        for path in '/dev/null', '/proc/self/ns/net', directory + '/missing':
            text = tool(
                '/sbin/mount.vmcfs',
                *('sim', directory, '-N', path),
                status=2,
            )
            assert path in text and '/proc/PID/ns/mnt' in text, text

    on_system(work)


@case('fsname=, log_level= and names of users and groups have their effect')
def effects():
    def work(directory):
        user, group = pwd.getpwall()[1], grp.getgrall()[-1]
        options = (
            'fsname=a b\\,c,subtype=vmcfs,default_permissions,auto_unmount,'
            f'max_read=131072,log_level=info,uid={user.pw_name},'
            f'gid={group.gr_name}'
        )
        for way in WAYS[:2]:
            mount('-o', options, *way, directory)
            expect(directory, ['rw'], source='a\\040b,c')
            of = os.stat(os.path.join(directory, 'status'))
            equal(
                (of.st_uid, of.st_gid),
                (user.pw_uid, group.gr_gid),
                'the owner and the group',
            )
            control = os.path.join(directory, 'control')
            with open(control, encoding='utf-8') as text:
                assert 'info' in text.read(), 'another level is in force'
            tool('umount', directory)
            await_daemons()

    on_system(work)


def refused(user, directory):
    become_other(user)
    tap.raises(errno.EACCES, os.listdir, directory)


def mount_as_other(directory):
    become_other()
    mount('-o', 'allow_root', *WAYS[0], directory)


@case('allow_root gives access to root and the mounting user, not to others')
def root_only():
    def work(directory):
        Child(mount_as_other, directory).done()
        works(directory)
        Child(refused, OTHER - 1, directory).done()
        tool('umount', directory)
        await_daemons()
        mount('-o', 'allow_root', *WAYS[0], directory)
        works(directory)
        Child(refused, OTHER, directory).done()
        tool('umount', directory)

    on_system(work)


@case('an unknown option is refused by mount(8) with the nearest known one')
def unknown():
    def work(directory):
        for way in WAYS:
            text = tool(
                'mount', '-o', 'histoyr=1M', *way, directory, status=None
            )
            equal(
                text,
                "vmcfs: unknown option 'histoyr'; did you mean 'history='?\n",
                'the output',
            )
        equal(table(), [], 'the mounts')

    on_system(work)


@case('X-mount.mkdir makes the mount point; a directory of the tree is bound')
def made():
    def work(directory):
        new = directory + '/new'
        mount('-o', 'X-mount.mkdir,nosymfollow', *WAYS[0], new)
        works(new)
        mount('--bind', '-o', 'X-mount.mkdir', new + '/hmc0', directory + '/b')
        assert os.path.exists(directory + '/b/message'), 'no message file'
        tool('umount', directory + '/b', new)
        await_daemons()

    on_system(work)


@case('options that would change the mount are refused with what to use')
def restricted():
    def work(directory):
        program = os.path.realpath('/sbin/mount.vmcfs')
        for word, instead in (
            ('X-mount.subdir=hmc0', 'mount --bind'),
            ('X-mount.owner=nobody', 'give uid= and gid='),
            ('X-mount.new=1', 'only mount(8)'),
            ('ro=fs', "option 'ro' has no value"),
        ):
            text = tool(program, '-o', word, 'sim', directory, status=64)
            assert instead in text, text

    on_system(work)


def automount(directory):
    """Makes a directory an automount point. Returns it as a descriptor, and
    the pipe that reports the programs that use it."""
    reader, writer = os.pipe()
    os.setpgid(0, 0)  # mount(8) must be in the group that does not wait
    options = f'fd={writer},pgrp={os.getpgrp()},minproto=5,maxproto=5,direct'
    if LIBC.mount(b'test', directory.encode(), b'autofs', 0, options.encode()):
        raise OSError(ctypes.get_errno(), 'mount of autofs')
    os.close(writer)
    return os.open(directory, os.O_RDONLY), reader


def use(directory):
    os.setpgid(0, 0)
    works(directory)
    with open(directory + '/status', encoding='ascii') as status:
        assert 'inotify: on\n' in status.read(), 'inotify is off'


@case('an automount point is mounted, with inotify, while a program waits')
def automounted():
    def work(directory):
        point, events = automount(directory)
        for way in WAYS:
            user = Child(use, directory)
            token = struct.unpack_from('iiI', os.read(events, 4096))[2]
            mount(*way, directory)
            fcntl.ioctl(point, AUTOFS_IOC_READY, token)
            user.done()
            tool('umount', directory)
            await_daemons()
        os.close(point)
        os.close(events)
        tool('umount', directory)

    on_system(work)


DEVICE.prepare()
prepare()
run()
