# SPDX-License-Identifier: GPL-2.0-or-later
#
# Manual: runs each example of the pages in docs/man as printed, in a mount
# namespace where /run/vmc is a mounted tree with a session, or an empty
# directory if the example mounts it; and compares the pages with the tree. It
# does not test the form of the pages (tests/check/manual.sh), or those that
# need the device of a kernel (tests/vm/manual.py).
import os
import re
import subprocess

from helpers import Child, until
from mounted import DAEMON, Tree, become_reaper, is_mounted
from namespace import alone
from pages import (
    FILE,
    NODE,
    end_children,
    examples,
    execute,
    pages,
    source,
)
from tap import case, equal, run

DIRECTORY = '/run/vmc'
MOUNTS = re.compile(r'^(?:vmcfs|mount) ', re.M)


def install(directory):
    """Installs the helper of mount(8), and an empty fstab, in the namespace
    of this process."""
    helper = os.path.join(directory, 'mount.vmcfs')
    if not os.path.exists(helper):
        os.symlink(os.path.abspath(DAEMON), helper)
    target = os.path.realpath('/sbin')
    words = f'lowerdir={directory}:{target}'
    subprocess.run(
        ['mount', '-t', 'overlay', '-o', words, 'helper', target], check=True
    )
    table = os.path.join(directory, 'fstab')
    open(table, 'w', encoding='utf-8').close()
    subprocess.run(['mount', '--bind', table, '/etc/fstab'], check=True)


def run_alone(script, directory):
    """In a child: runs an example where it finds what its page assumes."""
    become_reaper()
    alone('/run')
    install(directory)
    os.mkdir(DIRECTORY)
    os.chdir(directory)
    if MOUNTS.search(script):
        execute(script, directory)
        assert not is_mounted(DIRECTORY), 'the example leaves a mount'
        equal(set(end_children()) - {0}, set(), 'the failures of the daemon')
        return
    with Tree(directory=DIRECTORY, hmcs=2) as tree:
        execute(script, directory)
        if tree.status(0)['state'] == 'ready':
            tree.control(0, 'close')
    list(end_children())


def run_page(page):
    found = examples(page)
    assert found, 'the page has no example'
    for script in found:
        directory = os.path.join(os.environ['TMPDIR'], 'example')
        os.makedirs(directory, exist_ok=True)
        Child(run_alone, script, directory).done()


def described():
    """Words of vmcfs(5): status keys, errors, files."""
    text = source('vmcfs.5')
    keys = re.split(r'Keys of .*:\n', text.split('# ERRORS')[0])[1:]
    return (
        [set(re.findall(r'^\|[ \[] \*(\w+)\*$', each, re.M)) for each in keys],
        set(re.findall(r'\*(E[A-Z]+)\*', text.split('# ERRORS')[1])),
        set(re.findall(r'^_([\w/.]+)_$', text, re.M)),
    )


@case('vmcfs(5) describes each status key')
def keys():
    with open('tests/fs/status-keys.txt', encoding='utf-8') as file:
        rows = [line.split() for line in file if not line.startswith('#')]
    channel, hmc = described()[0]
    for found, kind in (channel, 'channel'), (hmc, 'hmc'):
        equal(sorted(found), sorted(key for each, key in rows if each == kind))


@case('vmcfs(5) describes each error and each file of the tree')
def errors_and_files():
    _, errors, files = described()
    with Tree('capture=1M') as tree:
        text = tree.read('README').decode().split('The errors:\n')[1]
        equal(errors, {line.split()[0] for line in text.splitlines()})
        tree.send(b'x')
        until(lambda: tree.read(0, 'message') == b'x', 'the echo')
        tree.control(0, 'rotate')
        found = {
            os.path.relpath(os.path.join(folder, name), tree.directory)
            for folder, _, names in os.walk(tree.directory)
            for name in names
        }
        equal(files, {name.replace('hmc0', 'hmcN') for name in found})


def helped(start, pattern):
    """First groups of a pattern in a section of vmcfs --help."""
    done = subprocess.run([DAEMON, '--help'], stdout=subprocess.PIPE)
    text = done.stdout.decode().split('\n' + start)[1].split('\n\n')[0]
    return set(re.findall(pattern, text, re.M))


@case('vmcfs(8) and mount.vmcfs(8) describe each option and exit status')
def options():
    text = source('vmcfs.8')
    words = helped('Mount options', r'^  ([a-z][a-z_.]*=?)')
    words |= helped('For the simulated', r'^  ([a-z][a-z_.]*=?)')
    words |= helped('Options:', r'^  (?:-., )?(--[a-z]+=?)')
    words |= helped('Exit status', r'^  (\d+)')
    words |= helped('Options:', r'^  (-.),')
    heads = '\n'.join(re.findall(r'^\*.*\*\S*$', text, re.M))
    missing = {word for word in words if f'*{word}*' not in heads}
    equal(missing, set(), 'the list of missing words')
    text = source('mount.vmcfs.8')
    letters = helped('As mount.vmcfs', r'^  (-.)')
    found = set(re.findall(r'^\*(-.)\*', text, re.M))
    equal(found - {'-o'}, letters, 'the letters')


@case('the program of ibmvmc(4) compiles without a warning')
def program():
    directory = os.path.join(os.environ['TMPDIR'], 'program')
    os.makedirs(directory, exist_ok=True)
    for script in examples(NODE):
        if FILE.match(script):
            execute(script, directory)
            execute('cc -Wall -Wextra -Werror -c *.c', directory)
            return
    raise AssertionError('there is no program')


for each in pages():
    if each != NODE:
        case(f'each example of {each} succeeds as printed')(
            lambda page=each: run_page(page)
        )

run()
