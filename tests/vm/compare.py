#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Comparison of the driver of Linux with ours: runs the conformance program
# with each on the emulated POWER partition, and writes the results to
# docs/comparison.md:
#
# compare.py [--again] [KERNEL]
#
# KERNEL is a partition with our modules (build-test/vm/power); KERNEL-in-tree
# is the same with the other driver (in-tree-driver.sh). Our driver has to pass
# every case without a report of its kernel: otherwise nothing is written. The
# other driver gets a guest for each case, since it may not survive one; one
# guest is enough for each group of cases about ioctls that it does not have.
# The page contains observations only; the expected results are in tests/abi.
# Prints the cases of our driver in TAP. It takes half an hour. Output is kept
# in build-test/logs/compare; --again uses the output of the last run instead
# of booting these guests.
import datetime
import os
import shutil
import subprocess
import sys
import textwrap

import verdicts

PROGRAM = 'build-test/abi/host/ibmvmc-abi'
LONG = 'abi.cycles'  # thousands of repetitions: hours if each fails
CROSS = 'powerpc64le-linux-gnu-'
LOGS = 'build-test/logs/compare'
LIMIT = 3000  # seconds; a guard against hanging only
PATIENCE = 15  # seconds for a case that takes two on our driver
HEAD = '''<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# The driver of Linux and this driver

Results of the conformance program (`tests/abi`) for two drivers, each on the
same emulated POWER partition with the same simulated hypervisor.
`tests/vm/compare.py` makes this page; `sh tests/vm/power-all.sh` runs it at
its end. The driver of Linux (in-tree) is compiled unchanged; its source was
not consulted.

| | |
|---|---|
| made | {date} |
| partition | Linux {release}, one POWER9 |
| in-tree | `drivers/misc/ibmvmc` of Debian's linux-source {version} |
| ours | this project at {commit} |

Our driver passes all {count} cases, and its kernel reports nothing. The
in-tree driver passes {passed} of the {compat} cases of the common ABI. Some of
its failures depend on timing: the number varies by a case or two between runs.
'''
EVERYWHERE = '''
With the in-tree driver the kernel also logs the following, even if no
program opened the node:

{lines}
'''
CASES = '''
## {title}

{words}

| case | expectation | ours | in-tree |
|---|---|---|---|
'''
COMMON = (
    'The common ABI',
    textwrap.fill(
        'Each case ran in its own guest. "not done": the case waited '
        'for an event that did not occur, and was killed. "afterwards": '
        'the case itself passed, but the channel was not in order at '
        'its end.',
        79,
    ),
)
BEYOND = (
    'Native ABI',
    textwrap.fill(
        'Cases of the native ABI that the in-tree driver passes, or '
        'fails for another reason than a missing ioctl. Its interface '
        'does not promise them.',
        79,
    ),
)
ABSENT = '''
## Cases that need INFO or OPEN

The in-tree driver does not have these ioctls, so the cases fail with EINVAL at
once, which is no defect. Those of `abi.cycles`, which repeat an operation
thousands of times, ran on our driver only.

| group | cases |
|---|---|
'''


def text(path):
    with open(path, encoding='utf-8') as file:
        return file.read().strip()


def listed():
    """Maps the name of each case to its expectation."""
    text = subprocess.run(
        [PROGRAM, '-l'], check=True, text=True, stdout=subprocess.PIPE
    ).stdout
    return dict(
        line.split(None, 1) for line in text.split('\n\n')[0].splitlines()
    )


def boot(kernel, *words):
    """Runs a guest; returns its output and the log of its kernel."""
    output = subprocess.run(
        [
            'sh',
            'tests/vm/guest.sh',
            '--kernel',
            kernel,
            '--name',
            'compare',
            '--memory',
            '2048',
            '--limit',
            str(LIMIT),
            '--append',
            'softlockup_panic=1 kasan_multi_shot',
            '--',
            'sh',
            'tests/abi/run.sh',
            *words,
        ],
        check=False,
        encoding='utf-8',
        errors='replace',  # the driver may return any bytes
        env={
            **os.environ,
            'VMCFS_TEST_KERNEL': kernel,
            'VMCFS_TEST_CPU': 'POWER9',
            'VMCFS_TEST_SMP': '1',
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ).stdout
    with open(
        'build-test/vm/runs/compare/kernel.log',
        encoding='utf-8',
        errors='replace',
    ) as log:
        return output, log.read()


def guest(name, kernel, *words):
    """Result of a guest, of this run or of the last."""
    path = f'{LOGS}/{name}'
    print('#', name, flush=True)
    if not os.path.exists(path + '.log'):
        for ending, written in zip(('.tap', '.log'), boot(kernel, *words)):
            with open(path + ending, 'w', encoding='utf-8') as file:
                file.write(written)
    return verdicts.Run(text(path + '.tap'), text(path + '.log'))


def group_of(name):
    return '.'.join(name.split('.')[:2])


def alone(kernel, name, names):
    """Result of one case, without cases whose names begin with its name."""
    longer = [each for each in names if each.startswith(name + '.')]
    options = [word for each in longer for word in ('-x', each)]
    return guest(
        'in-tree-' + name, kernel, '-t', str(PATIENCE), *options, name
    ).verdict(name)


def of_group(kernel, group, names):
    """Cases of a group that fail for lack of an ioctl."""
    run = guest('in-tree-all-' + group, kernel, '-t', str(PATIENCE), group)
    return [
        name
        for name in names
        if group_of(name) == group and run.verdict(name).lacks_ioctl()
    ]


def cell(text):
    return text.replace('|', '\\|')


def rows(cases, got, everywhere):
    for name, verdict in got.items():
        yield (
            f'| `{name}` | {cell(cases[name])} | passes '
            f'| {cell(verdict.words(everywhere))} |\n'
        )


def commit():
    return subprocess.run(
        ['git', 'rev-parse', '--short', 'HEAD'],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.strip()


def page(kernel, cases, got, absent):
    everywhere = got['compat.node'].reports
    common, beyond = (
        {
            name: verdict
            for name, verdict in got.items()
            if name.startswith('compat.') == wanted
        }
        for wanted in (True, False)
    )
    yield HEAD.format(
        date=datetime.date.today(),
        count=len(cases),
        release=text(f'{kernel}/release'),
        version=text(f'{kernel}-in-tree/driver'),
        commit=commit(),
        compat=len(common),
        passed=sum(verdict.good(everywhere) for verdict in common.values()),
    )
    if everywhere:
        yield EVERYWHERE.format(
            lines='\n'.join(f'    {line}' for line in everywhere)
        )
    for (title, words), part in ((COMMON, common), (BEYOND, beyond)):
        yield CASES.format(title=title, words=words)
        yield from rows(cases, part, everywhere)
    yield ABSENT
    for group in dict.fromkeys(map(group_of, absent)):
        count = len([name for name in absent if group_of(name) == group])
        yield f'| `{group}` | {count} |\n'


def main():
    words = sys.argv[1:]
    if '--again' in words:
        words.remove('--again')
    else:
        shutil.rmtree(LOGS, ignore_errors=True)
    os.makedirs(LOGS, exist_ok=True)
    kernel = words[0] if words else 'build-test/vm/power'
    in_tree = kernel + '-in-tree'
    os.environ['VMCFS_ABI'] = 'build-test/abi'
    for cross in '', CROSS:
        subprocess.run(
            ['make', '-s', '-C', 'tests/abi', f'CROSS_COMPILE={cross}'],
            check=True,
        )
    subprocess.run(['sh', 'tests/vm/in-tree-driver.sh', kernel], check=True)
    cases = listed()
    absent = []
    for group in dict.fromkeys(map(group_of, cases)):
        if group.startswith('abi.'):
            absent += of_group(in_tree, group, cases)
    got = {
        name: alone(in_tree, name, cases)
        for name in cases
        if name not in absent and group_of(name) != LONG
    }
    ours = guest('ours', kernel)
    for number, name in enumerate(cases, 1):
        verdict = ours.verdict(name)
        print(
            'ok' if verdict.good(()) else 'not ok',
            number,
            '-',
            name,
            '#',
            verdict.words(()),
        )
    print(f'1..{len(cases)}')
    if not all(ours.verdict(name).good(()) for name in cases):
        sys.exit(1)
    with open('docs/comparison.md', 'w', encoding='utf-8') as file:
        file.writelines(page(kernel, cases, got, absent))


main()
