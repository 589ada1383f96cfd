# SPDX-License-Identifier: GPL-2.0-or-later
#
# Pages: finds the examples of the manual pages in docs/man, and runs one as
# printed. It mounts nothing and contains no test.
import os
import re
import signal
import subprocess
import tempfile

from mounted import DAEMON
from tap import GUARD, equal

BUILD = os.path.dirname(os.path.dirname(os.path.abspath(DAEMON)))
FOLDER = 'docs/man'
NODE = 'ibmvmc.4'  # its examples need /dev/ibmvmc
BLOCK = re.compile(r'^```\n(.*?)^```$', re.M | re.S)
ESCAPE = re.compile(r'\\(.)')
PRINTS = re.compile(r'# prints (.*)$', re.M)
FILE = re.compile(r'/\* (\S+) \*/\n')


def pages():
    """Names of all pages, such as vmcfs.8."""
    return sorted(
        name.removesuffix('.scd')
        for name in os.listdir(FOLDER)
        if name.endswith('.scd')
    )


def source(page):
    with open(f'{FOLDER}/{page}.scd', encoding='utf-8') as file:
        return file.read()


def examples(page):
    """The literal blocks of the examples of a page, without escapes."""
    text = source(page).split('\n# EXAMPLES\n')[1].split('\n# ')[0]
    return [ESCAPE.sub(r'\1', block) for block in BLOCK.findall(text)]


def execute(script, directory):
    """Runs a block in a directory, or writes it to the file that its first
    line names. Background processes may outlive it."""
    if named := FILE.match(script):
        with open(os.path.join(directory, named[1]), 'w') as file:
            file.write(script)
        return
    environment = dict(
        os.environ,
        PATH=f'{BUILD}/vmcctl:{BUILD}/vmcfs:' + os.environ['PATH'],
        HOME=directory,
        C_INCLUDE_PATH=os.path.abspath('include/uapi'),
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
