# SPDX-License-Identifier: GPL-2.0-or-later
#
# Service: tests vmcfs@.service as installed, in a guest whose process 1 is
# systemd, under the profile of AppArmor. Its first argument is the directory
# with the installed files. tests/fs/prepared.py tests the steps without
# systemd.
import grp
import os
import re
import shutil
import signal
import subprocess
import sys
from glob import glob

import confined
from helpers import (
    Child,
    Tool,
    echo,
    process_status,
    read_lines,
    section,
    until,
    write_line,
)
from mounted import is_mounted
from tap import case, equal, note, run
from watched import Watch

TREE = '/run/vmcfs/sim'
DROP_IN = '/run/systemd/system/{}.service.d'
OUTPUT = '/run/output'

RSYSLOG = f'''
module(load="imfile")
input(type="imfile" file="{TREE}/hmc0/message" tag="vmc:")
template(name="line" type="string" string="%msg%\\n")
action(type="omfile" file="{OUTPUT}" template="line")
'''


def systemctl(*arguments, check=True):
    return subprocess.run(
        ['systemctl', *arguments],
        check=check,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.strip()


def journal(unit):
    """The last lines of a service in the journal."""
    command = ['journalctl', '--no-pager', '-n', '30', '-u', unit]
    return subprocess.run(
        command, check=True, text=True, stdout=subprocess.PIPE
    ).stdout


def start(unit):
    """Starts a service; prints its journal if that fails."""
    if subprocess.run(['systemctl', 'start', unit], check=False).returncode:
        for line in journal(unit).splitlines():
            note(line)
        raise AssertionError(f'{unit} does not start')


def show(unit, key):
    return systemctl('show', '--value', '--property', key, unit)


def processes(unit):
    group = '/sys/fs/cgroup' + show(unit, 'ControlGroup')
    with open(group + '/cgroup.procs', encoding='ascii') as file:
        return file.read().split()


def documented(page):
    """Units of a page, by their names."""
    with open(page, encoding='utf-8') as file:
        text = file.read()
    found = re.findall(
        r'^    # /etc/systemd/system/(\S+)\n((?:    .*\n|\n(?=    ))+)',
        text,
        re.M,
    )
    return {
        name: re.sub('^    ', '', unit, flags=re.M) for name, unit in found
    }


def configure(unit, text):
    directory = DROP_IN.format(unit)
    os.makedirs(directory, exist_ok=True)
    with open(directory + '/test.conf', 'w', encoding='ascii') as file:
        file.write(text)
    systemctl('daemon-reload')


def install(directory):
    """Installs the files, and executes what the page says to do then."""
    shutil.copytree(directory, '/', symlinks=True, dirs_exist_ok=True)
    text = section('docs/service.md', '### After meson install')
    commands = re.findall('^    (.*)$', text, re.M)
    assert len(commands) > 5, commands
    subprocess.run(['sh', '-e', '-c', '\n'.join(commands)], check=True)


def started(unit, restarts):
    return (
        show(unit, 'ActiveState') == 'active'
        and int(show(unit, 'NRestarts')) >= restarts
    )


def read_as_member(tree):
    """A member of the group needs no other right."""
    os.setgroups([grp.getgrnam('vmc').gr_gid])
    os.setgid(confined.NOBODY)
    os.setuid(confined.NOBODY)
    with open(tree + '/status', encoding='ascii') as status:
        assert 'channel: ready\n' in status.read(), 'the channel is not ready'


@case('the installed service starts, and its tree works')
def starts():
    with open('/proc/1/comm', encoding='ascii') as name:
        equal(name.read(), 'systemd\n', 'process 1')
    start('vmcfs@sim')
    echo(TREE)
    group = grp.getgrnam('vmc').gr_gid
    user = int(process_status(show('vmcfs@sim', 'MainPID'))['Uid'].split()[0])
    of = os.stat(TREE + '/hmc0/message')
    equal((of.st_uid, of.st_gid), (user, group), 'the owner and the group')
    equal(show('vmcfs@sim', 'User'), 'vmcfs', 'the name of the owner')
    equal(of.st_mode & 0o777, 0o660, 'the mode')
    Child(read_as_member, TREE).done()


@case('the manager stores no descriptor of a tree that is served')
def unstored():
    unit = 'vmcfs@sim'
    until(lambda: show(unit, 'NFileDescriptorStore') == '0', 'the removal')


@case('no process of the service has a privilege')
def unprivileged():
    until(lambda: len(processes('vmcfs@sim')) == 3, 'the announcer')
    for pid in processes('vmcfs@sim'):
        of = process_status(pid)
        assert '0' not in of['Uid'].split(), of['Uid']
        for key in 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb':
            equal(int(of[key], 16), 0, key)
        equal((of['NoNewPrivs'], of['Seccomp']), ('1', '2'))


def level():
    with open(TREE + '/control', encoding='ascii') as file:
        found = re.search('^log-level (.*)$', file.read(), re.M)
    return found[1]


def reload(options, *says, fails=False):
    """Reloads the service with these options, and requires sentences in the
    journal."""
    write_line('/etc/vmcfs/sim.conf', 'OPTIONS=' + options)
    command = ['systemctl', 'reload', 'vmcfs@sim']
    done = subprocess.run(command, check=False, capture_output=True)
    equal(done.returncode != 0, fails, f'a failure; {done.stderr!r}')
    for text in says:
        until(lambda: text in journal('vmcfs@sim'), text)
    equal(show('vmcfs@sim', 'ActiveState'), 'active', 'the state')


@case('a reload applies the log level, and names what needs a restart')
def reloads():
    pid = show('vmcfs@sim', 'MainPID')
    reload(
        'log_level=info,history=1M',
        'log_level=info is in force',
        'history= has changed; restart the service to apply that',
    )
    equal(level(), 'info', 'the level')
    reload('log_level=error', 'log_level=error is in force')
    equal(level(), 'error', 'the level')
    reload('', 'log_level=message is in force')
    equal(level(), 'message', 'the level without an option')
    equal(show('vmcfs@sim', 'MainPID'), pid, 'the main process')
    emit('hello')


@case('a reload with a wrong level fails, says why, and changes nothing')
def reload_fails():
    reload('log_level=warning')
    reload('log_level=loud', 'log_level=loud cannot be used; give', fails=True)
    reload('log_levle=info', "did you mean 'log_level='?", fails=True)
    equal(level(), 'warning', 'the level')
    emit('hello')


@case('a reload does not wait for readers, and not for a flood of messages')
def reload_busy():
    channel = os.open(TREE + '/hmc0/message', os.O_RDWR)
    write_line(TREE + '/control', 'sim flood 0 10000000 1')
    reload('log_level=info')
    equal(level(), 'info', 'the level')
    with open(TREE + '/status', encoding='ascii') as status:
        assert 'sim_flood_left: 0\n' not in status.read(), 'the flood ended'
    write_line(TREE + '/control', 'sim flood 0 0 1')
    os.close(channel)


@case('a restart after a reload keeps the level, and inotify its reports')
def reload_restarts():
    reload('log_level=warning')
    before = int(show('vmcfs@sim', 'NRestarts'))
    systemctl('kill', '--signal=KILL', '--kill-who=main', 'vmcfs@sim')
    until(lambda: started('vmcfs@sim', before + 1), 'the restart')
    equal(level(), 'warning', 'the level')
    echo(TREE)
    with Watch(hmc0=TREE + '/hmc0') as watched:
        emit('hello')
        watched.wait('hmc0', 'modify', 'message')
    unstored()
    reload('', 'log_level=message is in force')
    os.unlink('/etc/vmcfs/sim.conf')
    systemctl('reload', 'vmcfs@sim')


def emit(text):
    write_line(TREE + '/control', f'sim emit 0 {text}')


@case('rsyslog in its default mode forwards each line, across rotations')
def rsyslog():
    write_line('/run/rsyslog.conf', RSYSLOG)
    command = 'rsyslogd -n -f /run/rsyslog.conf -i /run/rsyslog.pid'
    expected = ['line 0']
    write_line(TREE + '/hmc0/control', 'rotate')
    emit(expected[-1])
    with Tool(*command.split()):
        for number in range(1, 7):
            until(lambda: expected[-1] in read_lines(OUTPUT), expected[-1])
            if number % 2:
                write_line(TREE + '/hmc0/control', 'rotate')
            expected.append(f'line {number}')
            emit(expected[-1])
        until(lambda: expected[-1] in read_lines(OUTPUT), expected[-1])
    equal(read_lines(OUTPUT), expected, 'the lines')


def runs_at(text):
    """Sends a message each time that the path unit waits, until its service
    has seen it: systemd ignores what happens while the service runs."""

    def seen():
        if text in read_lines(OUTPUT):
            return True
        if show('vmc-message.path', 'SubState') == 'waiting':
            emit(text)
        return False

    until(seen, text)


@case('the path unit of the documents runs its service, also after a restart')
def path_unit():
    for name, text in documented('docs/inotify.md').items():
        with open('/run/systemd/system/' + name, 'w') as file:
            file.write(text.replace('ibmvmc', 'sim'))
    with open('examples/watch/vmc-message.service', encoding='ascii') as file:
        service = file.read()
    with open('/run/systemd/system/vmc-message.service', 'w') as file:
        file.write(
            service.replace('/run/vmc/', TREE + '/').replace(
                'logger -t vmc', 'cat >>' + OUTPUT
            )
        )
    systemctl('daemon-reload')
    verify = ['systemd-analyze', 'verify', 'vmc-message.path']
    said = subprocess.run(verify, check=True, capture_output=True, text=True)
    assert 'cycle' not in said.stderr, said.stderr
    systemctl('enable', '--now', 'vmc-message.path')
    for number in range(3):
        runs_at(f'message {number}')
    before = int(show('vmcfs@sim', 'NRestarts'))
    systemctl('kill', '--signal=KILL', '--kill-who=main', 'vmcfs@sim')
    until(lambda: started('vmcfs@sim', before + 1), 'the restart')
    echo(TREE)
    runs_at('after the restart')
    systemctl('disable', '--now', 'vmc-message.path')


@case('a tree in a directory that the service cannot see is reported')
def hidden():
    tree = '/srv/made/vmc'
    write_line('/etc/vmcfs/hidden.conf', 'SOURCE=sim\nDIR=' + tree)
    start('vmcfs@hidden')
    echo(tree)
    Child(read_as_member, tree).done()
    with Watch(hmc0=tree + '/hmc0') as watched:
        write_line(tree + '/control', 'sim emit 0 hello')
        watched.wait('hmc0', 'modify', 'message')
    systemctl('reload', 'vmcfs@hidden')
    subprocess.run(['umount', tree], check=True)
    until(lambda: show('vmcfs@hidden', 'ActiveState') == 'inactive', 'the end')
    equal(show('vmcfs@hidden', 'Result'), 'success', 'the result')
    os.unlink('/etc/vmcfs/hidden.conf')


@case('the service denies what its directives are for')
def denied():
    # The service may not see the directory of the tests, such as /tmp.
    probe = shutil.copy('tests/vm/denied.py', '/usr/local/lib/denied.py')
    configure(
        'vmcfs@probe',
        '[Service]\nType=oneshot\nExecStartPre=\nExecStopPost=\nExecStart=\n'
        'Restart=no\nStandardOutput=file:/run/denied\n'
        f'ExecStart=/usr/bin/python3 -P {probe}\n',
    )
    start('vmcfs@probe')
    with open('/run/denied', encoding='ascii') as file:
        *allowed, count = file.read().splitlines()
    equal(allowed, [], 'the allowed actions')
    assert int(count) > 30, count


@case('a killed service is started again, and its tree works')
def killed():
    # An announcer that does not end would stop the restart for good.
    configure('vmcfs@sim', '[Service]\nTimeoutStopSec=infinity\n')
    channel = os.open(TREE + '/hmc0/message', os.O_RDONLY)
    before = int(show('vmcfs@sim', 'NRestarts'))
    write_line(TREE + '/control', 'sim flood 0 100000 10')
    systemctl('kill', '--signal=KILL', '--kill-who=main', 'vmcfs@sim')
    until(lambda: started('vmcfs@sim', before + 1), 'the restart')
    echo(TREE)
    os.close(channel)
    systemctl('stop', 'vmcfs@sim')
    assert not is_mounted(TREE), 'the tree is still mounted'


@case('a service that makes no progress is started again by the watchdog')
def watchdog():
    configure('vmcfs@sim', '[Service]\nWatchdogSec=5\n')
    start('vmcfs@sim')
    before = int(show('vmcfs@sim', 'NRestarts'))
    os.kill(int(show('vmcfs@sim', 'MainPID')), signal.SIGSTOP)
    until(lambda: started('vmcfs@sim', before + 1), 'the restart')
    echo(TREE)


@case('a stop wakes the readers, and leaves no mount')
def busy():
    channel = os.open(TREE + '/hmc0/message', os.O_RDWR)
    reader = subprocess.Popen(
        ['dd', 'bs=64K', 'count=1', 'of=/dev/null'],
        stdin=channel,
        stderr=subprocess.DEVNULL,
    )
    until(
        lambda: 'waiting_readers: 1'
        in open(TREE + '/hmc0/status', encoding='ascii').read(),
        'the reader',
    )
    systemctl('stop', 'vmcfs@sim')
    equal(show('vmcfs@sim', 'ActiveState'), 'inactive', 'the state')
    equal(show('vmcfs@sim', 'Result'), 'success', 'the result')
    equal(reader.wait(), 0, 'the status of the reader')
    assert not is_mounted(TREE), 'the tree is still mounted'
    os.close(channel)


@case('a stop sends until send_timeout= expires, and reports what is unsent')
def stalled():
    unit = 'vmcfs@stalled'
    options = 'OPTIONS=send_timeout=4s,open=0:me'
    write_line('/etc/vmcfs/stalled.conf', 'SOURCE=sim\n' + options)
    configure(unit, '[Service]\nTimeoutStopSec=2\n')
    start(unit)
    write_line('/run/vmcfs/stalled/control', 'sim stall on')
    for _ in range(50):
        write_line('/run/vmcfs/stalled/hmc0/message', 'hello')
    systemctl('stop', unit)
    until(
        lambda: 'accepted messages were sent' in journal(unit), 'the warning'
    )
    equal(show(unit, 'ExecMainStatus'), str(os.EX_IOERR), 'the status')
    os.unlink('/etc/vmcfs/stalled.conf')


@case('a service with wrong options is not started again')
def wrong():
    unit = 'vmcfs@wrong'
    write_line('/etc/vmcfs/wrong.conf', 'SOURCE=sim\nOPTIONS=historx=1M')
    systemctl('start', unit, check=False)
    until(lambda: show(unit, 'ActiveState') == 'failed', 'the failure')
    equal(show(unit, 'ExecMainStatus'), str(os.EX_USAGE), 'the status')
    equal(show(unit, 'NRestarts'), '0', 'the restarts')
    said = "did you mean 'history='?"
    until(lambda: said in journal(unit), said)
    os.unlink('/etc/vmcfs/wrong.conf')


@case('a directory that the manager looks at is refused, and responds')
def looked_at():
    unit = 'vmcfs@looked'
    configure(unit, '[Service]\nRestart=no\n')
    for directory in '/mnt', '/srv', '/home', '/var/tmp':
        systemctl('reset-failed', unit, check=False)
        write_line('/etc/vmcfs/looked.conf', f'SOURCE=sim\nDIR={directory}')
        systemctl('start', unit, check=False)
        said = f'{directory}: the service manager uses this directory'
        until(lambda: said in journal(unit), said)
        assert not is_mounted(directory), directory
    os.unlink('/etc/vmcfs/looked.conf')


@case('a dead tree in its directory does not keep a service from starting')
def dead():
    unit = 'vmcfs@dead'
    old, new = '/srv/old', '/srv/new'
    for directory in old, new:
        write_line('/etc/vmcfs/dead.conf', f'SOURCE=sim\nDIR={directory}')
        systemctl('restart', unit)
    assert is_mounted(old), 'the old tree is not mounted'
    write_line('/etc/vmcfs/dead.conf', f'SOURCE=sim\nDIR={old}')
    systemctl('restart', unit)
    echo(old)
    systemctl('stop', unit)
    assert not is_mounted(old), 'the tree is still mounted'
    subprocess.run(['umount', new], check=True)
    os.unlink('/etc/vmcfs/dead.conf')


@case('an unmount ends the service with success')
def unmounted():
    start('vmcfs@sim')
    subprocess.run(['umount', TREE], check=True)
    until(lambda: show('vmcfs@sim', 'ActiveState') == 'inactive', 'the end')
    equal(show('vmcfs@sim', 'Result'), 'success', 'the result')


@case('a service that cannot start leaves no mount, and fails')
def fails():
    configure(
        'vmcfs@none',
        '[Service]\nEnvironment=SOURCE=/dev/none\nRestart=no\n',
    )
    systemctl('start', 'vmcfs@none', check=False)
    equal(show('vmcfs@none', 'ActiveState'), 'failed', 'the state')
    assert not is_mounted('/run/vmcfs/none'), 'the tree is still mounted'


def unload(module):
    done = subprocess.run(
        ['rmmod', module], check=False, stderr=subprocess.DEVNULL
    )
    return done.returncode == 0


def any_name():
    """An instance may have any name; the documented configuration is used."""
    write_line('/etc/vmcfs/prod.conf', 'SOURCE=/dev/ibmvmc\nDIR=/srv/vmc')
    start('vmcfs@prod')
    echo('/srv/vmc')
    systemctl('stop', 'vmcfs@prod')
    assert not is_mounted('/srv/vmc'), 'the tree is still mounted'
    os.unlink('/etc/vmcfs/prod.conf')


@case('the service of the device starts and ends with it')
def device():
    modules = os.environ['VMCFS_TEST_KERNEL'] + '/modules/'
    systemctl('enable', 'vmcfs@ibmvmc')
    # A boot would wait for the device.
    wanted = glob('/etc/systemd/system/*.wants/vmcfs@*.service')
    equal(
        wanted,
        ['/etc/systemd/system/dev-ibmvmc.device.wants/vmcfs@ibmvmc.service'],
        'what wants the service',
    )
    for module in 'ibmvmc', 'vmc-hv', 'ibmvmc-sim':
        subprocess.run(['insmod', f'{modules}{module}.ko'], check=True)
    until(lambda: started('vmcfs@ibmvmc', 0), 'the start')
    node = os.stat('/dev/ibmvmc')
    group = grp.getgrnam('vmc').gr_gid
    equal((node.st_gid, node.st_mode & 0o777), (group, 0o660), 'the node')
    echo('/run/vmcfs/ibmvmc')
    systemctl('stop', 'vmcfs@ibmvmc')
    any_name()
    systemctl('start', 'vmcfs@ibmvmc')
    for module in 'ibmvmc_sim', 'ibmvmc':
        until(lambda: unload(module), 'the end of the use of a module')
    until(
        lambda: show('vmcfs@ibmvmc', 'ActiveState') in ('inactive', 'failed'),
        'the end of the service',
    )
    equal(show('vmcfs@ibmvmc', 'Result'), 'success', 'the result')
    assert not is_mounted('/run/vmcfs/ibmvmc'), 'the tree is still mounted'


@case('the profile denies nothing that the services need')
def confined_services():
    start('vmcfs@sim')
    pid = show('vmcfs@sim', 'MainPID')
    equal(confined.confinement(pid), 'vmcfs (enforce)', 'the confinement')
    equal(confined.denials(), [], 'the denials')


install(sys.argv.pop(1))
confined.load()
run()
