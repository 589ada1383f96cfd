# SPDX-License-Identifier: GPL-2.0-or-later
#
# Manual: runs each example of the pages in docs/man as printed, in a mount
# namespace where /run/vmc is a mounted tree with a session, or an empty
# directory if the example mounts it. It does not test the form of the pages
# (tests/check/manual.sh).
import os
import re
import signal
import subprocess
import tempfile

from helpers import Child
from mounted import DAEMON, Tree, become_reaper, is_mounted
from namespace import alone
from tap import GUARD, case, equal, run

BUILD = os.path.dirname(os.path.dirname(os.path.abspath(DAEMON)))
PAGES = 'docs/man'
DIRECTORY = '/run/vmc'
BLOCK = re.compile(r'^```\n(.*?)^```$', re.M | re.S)
ESCAPE = re.compile(r'\\(.)')
MOUNTS = re.compile(r'^(?:vmcfs|mount) ', re.M)
PRINTS = re.compile(r'# prints (.*)$', re.M)


def examples(page):
    """The literal blocks of a page that are commands of a shell."""
    with open(f'{PAGES}/{page}.scd', encoding='utf-8') as file:
        text = file.read().split('\n# EXAMPLES\n')[1].split('\n# ')[0]
    return [ESCAPE.sub(r'\1', block) for block in BLOCK.findall(text)]


def execute(script, directory):
    """Runs a script; its background processes may outlive it."""
    environment = dict(
        os.environ,
        PATH=f'{BUILD}/vmcctl:{BUILD}/vmcfs:' + os.environ['PATH'],
        HOME=directory,
    )
    with tempfile.TemporaryFile('w+') as output:
        done = subprocess.run(
            ['bash', '-e', '-u', '-c', script],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=GUARD,
            check=False,
        )
        output.seek(0)
        printed = output.read()
    equal(done.returncode, 0, f'the status of {script!r}; {printed}')
    for text in PRINTS.findall(script):
        assert text in printed, f'{script!r} prints {printed!r}'


def end_children():
    """Waits for the processes that an example started."""
    signal.alarm(GUARD)
    try:
        while True:
            yield os.waitstatus_to_exitcode(os.wait()[1])
    except ChildProcessError:
        pass


def run_alone(script, directory):
    """In a child: runs an example where it finds what its page assumes."""
    become_reaper()
    alone('/run')
    os.mkdir(DIRECTORY)
    os.chdir(directory)
    if MOUNTS.search(script):
        execute(script, directory)
        assert not is_mounted(DIRECTORY), 'the example leaves a mount'
        equal(set(end_children()), {0}, 'the status of the daemon')
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


for each in sorted(os.listdir(PAGES)):
    if each.endswith('.scd'):
        name = each.removesuffix('.scd')
        case(f'each example of {name} succeeds as printed')(
            lambda page=name: run_page(page)
        )

run()
