#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Operator mutants: makes small random edits of C sources, one at a time, in a
# copy of the tree, and prints the test that fails, or that none does. It does
# not judge the survivors: docs/mutation.md does.
#
# python3 tests/mutants/operators.py [--count N] [--seed N] [--only
# FILE:LINE:COLUMN,...] [--fs PROGRAM,...] PATH...
#
# PATH is a source file or a folder. An edit swaps an operator, changes a
# constant, negates a condition, or removes a statement. An edit that does not
# compile, or that compiles to the same code, is not counted. The tests are the
# unit tests that are linked with the file, in a plain and in a sanitized
# build, and the programs of --fs, which need root. All must pass without a
# mutant. The first failure, or ten times the usual duration, ends a mutant;
# those tests are tried first whose names share words with the file's path, or
# that have noticed most mutants of its folder, and tests that take long are
# tried last, in the plain build only. --only repeats the mutants of places.
import argparse
import collections
import glob
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOKEN = re.compile(
    r'''
    (?P<skip>/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'
        |^[ \t]*\#(?:\\\n|[^\n])*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<number>(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*)
    |(?P<operator>->|<<=|>>=|\+\+|--|&&|\|\||[-+*/%&|^<>=!]=|<<|>>|[-+*/%&|^<>=!~])
''',
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
SWAPS = {
    '<': '<=',
    '<=': '<',
    '>': '>=',
    '>=': '>',
    '==': '!=',
    '!=': '==',
    '&&': '||',
    '||': '&&',
    '+=': '-=',
    '-=': '+=',
    '|=': '&=',
    '&=': '|=',
    '++': '--',
    '--': '++',
    '+': '-',
    '-': '+',
    '!': '',
}
WORDS = {'TRUE': 'FALSE', 'FALSE': 'TRUE', 'true': 'false', 'false': 'true'}
PLACE = r'^(\t+)(?:[\w.>\[\]-]+'
STATEMENT = re.compile(
    PLACE + r'\([^;{}]*\)'
    r'|[\w.>\[\]-]+ [|&+-]?= [^;{}]*|[\w.>\[\]-]+(?:\+\+|--));$',
    re.MULTILINE,
)
CONDITION = re.compile(r'\b(?:if|while) (?=\()')
BODY = re.compile(r'^\{\n.*?^\}$', re.MULTILINE | re.DOTALL)

QUICK = 4  # seconds; a test that takes longer runs last
PATIENCE = 10  # seconds more than ten times the usual duration
ENOUGH = 0.9  # part of the mutants that a test must notice

Mutant = collections.namedtuple('Mutant', 'path place edit text')
Test = collections.namedtuple('Test', 'build name target command environment')


def closing(text, start):
    """The end of what the parenthesis at START opens."""
    depth = 0
    for end in range(start, len(text)):
        depth += {'(': 1, ')': -1}.get(text[end], 0)
        if not depth:
            return end + 1
    return len(text)


def token_edits(text):
    """Yields (start, end, replacement) for operators, words and numbers."""
    before = ''
    for token in TOKEN.finditer(text):
        found, span = token.group(), token.span()
        unary = before == 'return' or not re.search(r'\w$', before)
        if token['operator'] in SWAPS and not (found in '+-' and unary):
            yield *span, SWAPS[found]
        elif found in WORDS:
            yield *span, WORDS[found]
        elif token['number']:
            value = int(found.rstrip('uUlL'), 0)
            yield *span, str(value + 1)
            if value:
                yield *span, '0'
        before = found


def edits(text):
    """Yields (start, end, replacement) for the whole text."""
    yield from token_edits(text)
    for match in STATEMENT.finditer(text):
        yield match.end(1), match.end(), ';'
    for match in CONDITION.finditer(text):
        start, end = match.end(), closing(text, match.end())
        yield start, end, f'(!{text[start:end]})'


def mutants(path):
    """Yields the mutants of the function bodies of a source file."""
    with open(path, encoding='utf-8') as file:
        text = file.read()
    bodies = [match.span() for match in BODY.finditer(text)]
    for start, end, replacement in edits(text):
        if not any(first < start < last for first, last in bodies):
            continue
        line = text.count('\n', 0, start) + 1
        column = start - text.rfind('\n', 0, start)
        before, after = (
            ' '.join(each.split()) for each in (text[start:end], replacement)
        )
        yield Mutant(
            path,
            f'{path}:{line}:{column}',
            f'`{before}` -> `{after}`',
            text[:start] + replacement + text[end:],
        )


def sources(paths):
    for path in paths:
        yield from sorted(glob.glob(path + '/*.c')) if os.path.isdir(
            path
        ) else [path]


def run(command, limit=None, **named):
    """Runs a command and ends all of its group; returns if it succeeded in
    time."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **named,
    )
    try:
        return process.wait(limit) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        try:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        process.wait()


class Build:
    """A build directory of the copied tree; it compiles what is asked for."""

    def __init__(self, tree, name, *options):
        self.tree, self.path = tree, f'{tree}/build-{name}'
        subprocess.run(
            [
                'meson',
                'setup',
                self.path,
                tree,
                '-Dtests=enabled',
                '-Dseccomp_action=kill',
                '-Dbuildtype=plain',
                *options,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found = json.loads(
            subprocess.run(
                ['meson', 'introspect', '--tests', self.path],
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
        )
        self.tests = [
            Test(
                self,
                f'{name}/{each["name"]}',
                os.path.relpath(each['cmd'][0], self.path),
                each['cmd'],
                each['env'],
            )
            for each in found
        ]

    def fs_test(self, program):
        scratch = self.path + '/scratch'
        return Test(
            self,
            f'fs/{program}',
            'vmcfs/vmcfs',
            [
                'python3',
                'tests/lib/supervise.py',
                '--log',
                scratch + '.log',
                '--work',
                scratch,
                '--limit',
                '300',
                '--',
                'python3',
                '-P',
                f'tests/fs/{program}.py',
            ],
            {
                'VMCFS': self.path + '/vmcfs/vmcfs',
                'VMCFS_TEST_BUILD': 'plain',
                'PYTHONPATH': self.tree + '/tests/lib',
            },
        )

    def make(self, target):
        if not run(['ninja', '-C', self.path, '-j', '1', target]):
            raise RuntimeError(f'{target} does not link')

    def may_hold(self, target, paths):
        """Is one of the sources, or a library of it, linked with a program?"""
        inputs = subprocess.run(
            ['ninja', '-C', self.path, '-t', 'inputs', target],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        return any(f'../{path}\n' in inputs for path in paths)

    def holds(self, target):
        """The symbols of a program, among them the names of its sources."""
        return set(
            subprocess.run(
                ['nm', '-a', f'{self.path}/{target}'],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout.split()
        )


class Copy:
    """A copy of the tree, with a plain and a sanitized build."""

    def __init__(self, tree, fs):
        self.tree = tree
        self.kills = collections.Counter()
        self.seconds = {}  # of each test, without a mutant
        self.symbols = {}  # of each test
        files = subprocess.run(
            ['git', 'ls-files', '-co', '--exclude-standard'],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.split()
        for file in filter(os.path.isfile, files):
            os.makedirs(os.path.dirname(f'{tree}/{file}'), exist_ok=True)
            shutil.copy2(file, f'{tree}/{file}')
        plain = Build(tree, 'plain', '-Dc_args=-O1')
        sanitized = Build(
            tree,
            'sanitized',
            '-Db_sanitize=address,undefined',
            '-Db_lundef=false',
            '-Dc_args=-O1 -fno-sanitize-recover=all',
            '-Dc_link_args=-static-libubsan',
        )
        self.tests = (
            plain.tests
            + sanitized.tests
            + [plain.fs_test(program) for program in fs]
        )
        self.directory = plain.path
        with open(
            plain.path + '/compile_commands.json', encoding='utf-8'
        ) as file:
            self.commands = {
                os.path.normpath(
                    os.path.join(each['directory'], each['file'])
                ): each['command']
                for each in json.load(file)
            }

    def code(self, path):
        """The optimized assembler text of a source, or None."""
        command = shlex.split(self.commands[f'{self.tree}/{path}'])
        done = subprocess.run(
            command[: command.index('-MD')]
            + ['-w', '-O2', '-g0', '-S', '-o', '-', command[-1]],
            cwd=self.directory,
            capture_output=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None

    def passes(self, test, limit=None):
        test.build.make(test.target)
        return run(
            test.command,
            limit,
            cwd=self.tree,
            env={**os.environ, **test.environment},
        )

    def is_slow(self, test):
        plain = test.name.replace('sanitized/', 'plain/')
        return self.seconds.get(plain, 0) > QUICK

    def measure(self, paths):
        """Runs each test of some sources without a mutant."""
        for test in self.tests:
            if not test.build.may_hold(test.target, paths) or (
                self.is_slow(test)
            ):
                continue
            test.build.make(test.target)
            start = time.monotonic()
            if not self.passes(test):
                raise RuntimeError(f'{test.name} fails without a mutant')
            self.seconds[test.name] = time.monotonic() - start
            self.symbols[test.name] = test.build.holds(test.target)

    def noticed(self, path):
        """The name of a test that fails, or None."""
        folder, name = os.path.split(path)
        words = set(re.split(r'[\W_]', path))
        tests = [
            test
            for test in self.tests
            if name in self.symbols.get(test.name, ())
        ]
        tests.sort(
            key=lambda test: (
                self.is_slow(test),
                -len(words & set(re.split(r'\W', test.name))),
                -self.kills[folder, test.name],
                self.seconds[test.name],
            )
        )
        for test in tests:
            limit = PATIENCE + 10 * self.seconds[test.name]
            if not self.passes(test, limit):
                self.kills[folder, test.name] += 1
                return test.name
        return None

    def judge(self, mutant):
        """'' for a mutant that does not count, None for a survivor, or a
        test."""
        target = f'{self.tree}/{mutant.path}'
        original = self.code(mutant.path)
        shutil.copy2(target, target + '.original')
        with open(target, 'w', encoding='utf-8') as file:
            file.write(mutant.text)
        try:
            if self.code(mutant.path) in (None, original):
                return ''
            return self.noticed(mutant.path)
        finally:
            os.replace(target + '.original', target)
            os.utime(target)


def judge_all(chosen, count, copy):
    """Judges COUNT mutants; returns the status of the program."""
    killed, survived, left_out = 0, [], 0
    for mutant in chosen:
        if killed + len(survived) == count:
            break
        verdict = copy.judge(mutant)
        if verdict == '':
            left_out += 1
            continue
        print(
            f'{mutant.place}: {mutant.edit}: {verdict or "SURVIVED"}',
            flush=True,
        )
        if verdict:
            killed += 1
        else:
            survived.append(mutant)
    total = killed + len(survived)
    print(
        f'# {killed} of {total} noticed; {left_out} edits do not compile, or '
        'change no code'
    )
    for mutant in survived:
        print(f'# survived: {mutant.place}: {mutant.edit}')
    return 0 if total and killed >= ENOUGH * total else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--count', type=int, default=100)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--only', type=lambda text: text.split(','))
    parser.add_argument('--fs', type=lambda text: text.split(','), default=[])
    parser.add_argument('path', nargs='+')
    args = parser.parse_args()

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = [
        mutant for path in sources(args.path) for mutant in mutants(path)
    ]
    random.Random(args.seed).shuffle(chosen)
    print(f'# {len(chosen)} possible edits, seed {args.seed}', flush=True)
    if args.only:
        chosen = [each for each in chosen if each.place in args.only]
    with tempfile.TemporaryDirectory() as tree:
        os.chmod(tree, 0o755)
        copy = Copy(tree, args.fs)
        copy.measure(set(each.path for each in chosen))
        return judge_all(chosen, args.count, copy)


sys.exit(main())
