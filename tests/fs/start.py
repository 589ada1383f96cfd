# SPDX-License-Identifier: GPL-2.0-or-later
#
# Start: tests unusual conditions: no standard files, symbolic links, and a
# parent that ends before the mount can be used. Refused starts are tested in
# limits.py and options.py.
import os
import signal
import subprocess

import device
from device import DEVICE
from helpers import full_pipe, read_lines, state_of, until, write_line
from left import process_stat
from mounted import (
    DAEMON,
    ON_DEVICE,
    Tree,
    daemon,
    is_mounted,
    kill,
    scratch,
    serving,
    wait_for,
)
from tap import case, equal, lasting, run


def end(directory):
    for pid in serving(directory):
        os.kill(pid, signal.SIGTERM)
        equal(wait_for(pid), 0, "the daemon's exit status")
    assert not is_mounted(directory), 'the tree is still mounted'


@case('the daemon starts with closed standard files')
def no_standard_files():
    directory = scratch()
    subprocess.run(
        f'{DAEMON} {ON_DEVICE} {directory} <&- >&- 2>&-',
        shell=True,
        check=True,
    )
    assert is_mounted(directory), 'the directory is not mounted'
    assert os.path.exists(os.path.join(directory, 'status'))
    end(directory)


@case('a command substitution of the daemon ends when the tree is mounted')
def captured():
    directory = scratch()
    done = daemon(ON_DEVICE, directory)
    equal(
        (done.returncode, done.stdout, done.stderr),
        (0, '', ''),
        'status, stdout and stderr',
    )
    assert is_mounted(directory), 'the directory is not mounted'
    end(directory)


@case('an existing mount is recognised through a symbolic link')
def link_busy():
    with Tree() as tree:
        link = tree.directory + '.link'
        os.symlink(tree.directory, link)
        done = daemon(ON_DEVICE, link)
        equal(done.returncode, os.EX_CANTCREAT, 'the exit status')
        assert 'mounted there already' in done.stderr, done.stderr
        os.unlink(link)


@case('a dead mount is removed through a symbolic link')
def link_dead():
    directory = scratch()
    link = directory + '.link'
    os.symlink(os.path.basename(directory), link)
    equal(daemon(ON_DEVICE, directory).returncode, 0, 'the exit status')
    for pid in serving(directory):
        kill(pid)
    done = daemon(ON_DEVICE, link)
    equal(done.returncode, 0, 'the exit status')
    assert 'removed the mount' in done.stderr, done.stderr
    assert is_mounted(directory), 'the directory is not mounted'
    end(link)
    os.unlink(link)


@case('a dead mount is removed although the kernel still has its attributes')
def cached_dead():
    directory = scratch()
    equal(daemon(ON_DEVICE, directory).returncode, 0, 'the exit status')
    for _ in range(3):
        os.stat(directory)  # cached from the second time on
    for pid in serving(directory):
        kill(pid)
    os.stat(directory)  # answered by the kernel
    done = daemon(ON_DEVICE, directory)
    equal(done.returncode, 0, 'the exit status')
    assert 'removed the mount' in done.stderr, done.stderr
    end(directory)


@case('a daemon that does not respond is reported by a start at its directory')
def stopped():
    with Tree() as tree:
        os.kill(tree.pid, signal.SIGSTOP)
        done = daemon(ON_DEVICE, tree.directory)
        os.kill(tree.pid, signal.SIGCONT)
        equal(done.returncode, os.EX_CANTCREAT, 'the exit status')
        assert 'does not respond' in done.stderr, done.stderr


@case('mount -v delays no caller of the tree while nobody reads its output')
def unread():
    directory = scratch()
    program = scratch() + '/mount.vmcfs'
    os.symlink(os.path.abspath(DAEMON), program)
    reader, writer = full_pipe()
    options = DEVICE.prepare()
    parent = subprocess.Popen(
        [program, device.NAME, directory, '-v']
        + (['-o', ','.join(options)] if options else []),
        stdout=writer,
    )
    until(lambda: is_mounted(directory), 'the mount')
    assert os.path.exists(os.path.join(directory, 'status'))
    equal(parent.poll(), None, 'the status of mount.vmcfs')
    os.close(writer)
    with open(reader, 'rb') as output:
        assert b'is mounted on' in output.read()
    equal(parent.wait(), 0, 'the status of mount.vmcfs')
    end(directory)
    os.unlink(program)
    os.rmdir(os.path.dirname(program))


def has_daemon(parent):
    """Whether a process has a child that leads a session: not the one that
    checks the directory before."""
    for child in read_lines(f'/proc/{parent}/task/{parent}/children'):
        try:
            return process_stat(child.strip())[3] == child.strip()
        except OSError:
            pass
    return False


def slow_start(directory, ms):
    """Starts a daemon whose hypervisor takes MS for each entry; returns its
    parent, when there is a daemon, or when it has started already."""
    options = DEVICE.prepare(delay_ms=ms)
    parent = subprocess.Popen(
        [DAEMON, ON_DEVICE, '-o', ','.join([*options, 'open=0:me']), directory]
    )
    until(
        lambda: has_daemon(parent.pid) or state_of(parent.pid) == 'Z',
        'the daemon',
    )
    return parent


@case('a signal does not make a start fail whose tree is served')
@lasting(200)
def late_signal(ms):
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGQUIT:
        directory = scratch()
        parent = slow_start(directory, ms)
        parent.send_signal(signal.SIGSTOP)
        until(lambda: state_of(parent.pid) in 'TZ', 'the stop')
        missed = state_of(parent.pid) == 'Z'
        until(lambda: is_mounted(directory), 'the mount')
        # answered by the main loop, which runs when the parent was notified
        write_line(directory + '/hmc0/control', 'close')
        parent.send_signal(number)
        parent.send_signal(signal.SIGCONT)
        equal(parent.wait(), 0, "the parent's status")
        end(directory)
        assert not missed, 'the parent had ended before the signal'


@case('a parent that is ended ends its daemon')
@lasting(200)
def interrupted(ms):
    directory = scratch()
    parent = slow_start(directory, ms)
    parent.send_signal(signal.SIGINT)
    status = parent.wait()
    if not status:
        end(directory)
    equal(status, -signal.SIGINT, "the parent's status")
    (pid,) = serving(directory)
    assert wait_for(pid) != 0, 'the daemon ended with status 0'
    assert not is_mounted(directory), 'the tree is still mounted'


DEVICE.prepare()
run()
