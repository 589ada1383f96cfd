# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion: types lines into bash and zsh on a terminal, and asks fish, and
# tests what each of them offers for vmcctl and vmcfs. It does not test the
# commands.
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios

from mounted import DAEMON, Tree, scratch
from tap import GUARD, case, equal, run

BUILD = os.path.dirname(os.path.dirname(os.path.abspath(DAEMON)))
HERE = os.path.abspath('vmcctl/completion')
COMMANDS = 'close follow list open receive request send status'.split()
ALL = b'\033*'  # inserts all matches into the line
START, END = b'\001', b'\005'

BASH = '''
bind 'set enable-bracketed-paste off'
source {here}/vmcctl.bash; source {here}/vmcfs.bash
'''
# ^X* inserts all matches, as in bash. Files of other users are trusted here.
ZSH = '''
fpath=({here} $fpath); autoload -Uz compinit; compinit -u -D
zstyle ':completion:all-matches:*' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
zle -C all-matches complete-word _generic; bindkey -e
bindkey '\\e*' all-matches; unsetopt prompt_sp; PS1='> '
'''


class Terminal:
    """An interactive shell on a terminal of its own."""

    def __init__(self, *command, setup):
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.environ.update(
                PATH=f'{BUILD}/vmcctl:{BUILD}/vmcfs:' + os.environ['PATH'],
                TERM='dumb',
                HOME=os.environ['TMPDIR'],
            )
            os.execvp(command[0], command)
        size = struct.pack('HHHH', 100, 4000, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)
        self.got = b''
        with tempfile.NamedTemporaryFile('w', delete=False) as file:
            file.write(setup.format(here=HERE))
        os.write(self.terminal, f'. {file.name}; echo rea""dy\r'.encode())
        self.wait(rb'ready')

    def wait(self, pattern):
        """Waits for output; the guard of the case limits the wait."""
        while not (match := re.search(pattern, self.got, re.S)):
            self.got += os.read(self.terminal, 65536)
        self.got = self.got[match.end() :]
        return match

    def complete(self, line, key):
        """Words of a line after a key was typed at its end."""
        os.write(self.terminal, line.encode() + key)
        os.write(self.terminal, START + b"printf '<%s>' ")
        os.write(self.terminal, END + b' en""d\r')
        match = self.wait(rb'<(vmc(?:ctl|fs)>.*?)><end>')
        return match[1].decode().split('><')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def bash():
    return Terminal('bash', '--norc', '--noprofile', '-i', setup=BASH)


def zsh():
    return Terminal('zsh', '-f', '-i', setup=ZSH)


class Fish:
    """Answers as a terminal does, by the command of fish that completes."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def complete(self, line, _key):
        script = (
            f'set PATH {BUILD}/vmcctl {BUILD}/vmcfs $PATH;'
            f'source {HERE}/vmcctl.fish; source {HERE}/vmcfs.fish;'
            'complete -C $argv[1]'
        )
        done = subprocess.run(
            ['fish', '--no-config', '-c', script, line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
            timeout=GUARD,
        )
        found = [
            each.split('\t')[0] for each in done.stdout.decode().splitlines()
        ]
        return line.rsplit(' ', 1)[0].split() + found


SHELLS = bash, zsh, Fish


def expect(shell, line, words):
    """The matches of the last word of LINE are WORDS, in any order."""
    before = len(line.rsplit(' ', 1)[0].split())
    found = shell.complete(line, ALL)[before:]
    equal(sorted(found), sorted(words), f'the completion of {line!r}')


def offers(shell, line, words):
    """The matches of the last word of LINE include WORDS."""
    found = shell.complete(line, ALL)
    assert set(words) <= set(found), (line, found, words)


@case('each shell completes commands, indices and options of vmcctl')
def client():
    with Tree(hmcs=12, sessions=0) as tree:
        os.environ['VMCFS_MOUNT'] = tree.directory
        indices = [str(index) for index in range(12)]
        for shell in SHELLS:
            with shell() as typed:
                expect(typed, 'vmcctl ', COMMANDS)
                expect(typed, 'vmcctl re', ['receive', 'request'])
                expect(typed, 'vmcctl open ', indices)
                expect(typed, 'vmcctl follow 1', ['1', '10', '11'])
                offers(typed, 'vmcctl --', ['--mount', '--version'])
                offers(typed, 'vmcctl status --', ['--json', '--mount'])
                offers(typed, 'vmcctl receive 0 --', ['--timeout', '--count'])
        del os.environ['VMCFS_MOUNT']


@case('each shell takes the indices from the tree of -m')
def given():
    with Tree(hmcs=3, sessions=0) as tree:
        for shell in SHELLS:
            with shell() as typed:
                for option in '-m ', '--mount ', '--mount=':
                    line = f'vmcctl {option}{tree.directory} status '
                    expect(typed, line, ['0', '1', '2'])


# Names of a directory, and how they are written in a line.
WRITTEN = {
    'a b': ("'{}'", '"{}"', r'{}\ b'),
    "c'd": ('"{}"', r"{}\'d"),
    'e:f=g@h': ('{}', "'{}'"),
    '$(false)': ("'{}'",),
}


def written(base):
    """Each such directory below BASE, and each way to write it."""
    for name, forms in WRITTEN.items():
        for form in forms:
            path = f'{base}/{name}'
            short = path[:-2] if '\\' in form else path
            yield path, form.format(short)


@case('each shell takes the indices from a tree whose name needs quotes')
def quoted():
    base = scratch()
    for name in WRITTEN:
        path = f'{base}/{name}'
        os.mkdir(path)
        with Tree(hmcs=3, sessions=0, directory=path):
            for shell in SHELLS:
                with shell() as typed:
                    for tree, word in written(base):
                        if tree != path:
                            continue
                        for option in '-m ', '-m', '--mount ', '--mount=':
                            line = f'vmcctl {option}{word} status '
                            found = typed.complete(line, ALL)
                            equal(
                                found[-3:], ['0', '1', '2'], f'{shell} {line}'
                            )
    os.rmdir(base)


@case('each shell takes the indices from the tree that a parameter names')
def parameter():
    with Tree(hmcs=3, sessions=0) as tree:
        os.environ['TREE'] = tree.directory
        for shell in bash, zsh:
            with shell() as typed:
                for word in '$TREE', '"$TREE"', '${TREE}', '"${TREE}"':
                    line = f'vmcctl -m {word} status '
                    found = typed.complete(line, ALL)
                    equal(found[-3:], ['0', '1', '2'], line)
        del os.environ['TREE']


# Words that would make a file if they were expanded.
DANGEROUS = (
    '$(touch {0})',
    '`touch {0}`',
    '"$(touch {0})"',
    r"'\'$(touch {0})",
    r"'$(touch {0})'",
    r'\$\(touch\ {0}\)',
    '<(touch {0})',
    'x;touch${{IFS}}{0};',
    '${{x:=$(touch {0})}}',
    '$((x[$(touch {0})]))',
)


@case('bash and zsh execute nothing of a line that they complete')
def executes():
    base = scratch()
    for shell in bash, zsh:
        with shell() as typed:
            for word in DANGEROUS:
                for option in '-m ', '--mount=':
                    text = word.format(base + '/made')
                    line = f'vmcctl {option}{text} status '
                    os.write(typed.terminal, line.encode() + b'\t' + END)
                    os.write(typed.terminal, b'\025echo do""ne\r')
                    typed.wait(rb'done')
                    assert not os.listdir(base), (shell, line)
    os.rmdir(base)


@case('each shell completes directories after -m')
def directories():
    with tempfile.TemporaryDirectory() as directory:
        for name in 'abc', 'a:b=c', 'x y z':
            os.mkdir(f'{directory}/{name}')
        open(directory + '/abd', 'w').close()
        for shell in SHELLS:
            with shell() as typed:
                for option in '-m ', '--mount ', '-m', '--mount=':
                    for part, name in ('ab', 'abc'), ('a:', 'a:b=c'):
                        line = f'vmcctl {option}{directory}/{part}'
                        found = [
                            re.sub('^(-m|--mount=)', '', each).rstrip('/')
                            for each in typed.complete(line, b'\t')
                        ]
                        assert f'{directory}/{name}' in found, (line, found)
        with bash() as typed:
            for part in r'{}/x\ y\ ', "'{}/x y ", '"{}/x y', "{}/x' y":
                line = 'vmcctl -m ' + part.format(directory)
                found = typed.complete(line, b'\t')[-1]
                equal(found.rstrip('/'), f'{directory}/x y z', line)


@case('a command is completed by one tabulator, and runs')
def runs():
    with Tree() as tree:
        os.environ['VMCFS_MOUNT'] = tree.directory
        for shell in bash, zsh:
            with shell() as typed:
                os.write(typed.terminal, b'vmcctl req\t0 --tim\t')
                os.write(typed.terminal, b'\b=5 ' if shell is zsh else b'5 ')
                os.write(typed.terminal, b'o""k\r')
                typed.wait(rb'(?<!")ok')
        del os.environ['VMCFS_MOUNT']


def helped(start, pattern):
    """First groups of a pattern in the lines of vmcfs --help after START."""
    done = subprocess.run([DAEMON, '--help'], stdout=subprocess.PIPE)
    text = done.stdout.decode().split(f'\n{start}')[1].split('\nExit')[0]
    return re.findall(pattern, text, re.M)


@case('each shell completes every option of vmcfs --help')
def daemon():
    options = helped('Options:', r'^  (?:-., )?(--[a-z-]+)')
    words = helped('Mount options', r'^  ([a-z][a-z_.]*=?)\S* +\S')
    assert len(options) > 4 and len(words) > 15, (options, words)
    several = [word for word in words if word.startswith('se')]
    assert len(several) > 1, words
    for shell in SHELLS:
        with shell() as typed:
            found = [
                each.rstrip('=') for each in typed.complete('vmcfs --', ALL)
            ]
            assert set(options) <= set(found), (found, options)
            expect(typed, 'vmcfs -o ', words)
            expect(typed, 'vmcfs -o se', several)
            later = ['ro,uid=0,' + word for word in several]
            equal(
                typed.complete('vmcfs -o ro,uid=0,his', b'\t')[-1],
                'ro,uid=0,history=',
                'the option',
            )
            if shell is Fish:
                expect(typed, 'vmcfs -o ro,uid=0,se', later)
            equal(typed.complete('vmcfs si', b'\t')[-1], 'sim', 'the source')
            found = typed.complete('vmcfs sim /et', b'\t')[-1]
            equal(found.rstrip('/'), '/etc', 'the mount point')


@case('each shell completes the values of --step= and of mount options')
def values():
    steps = helped('Options:', r'--step=STEP .*: ((?:.|\n)*?);')[0]
    levels = helped('Mount', r'log_level= .*: ((?:.|\n)*?);')[0]
    steps = re.findall(r'\w+', steps.replace(' or', ''))
    levels = re.findall(r'\w+', levels)
    assert len(steps) == 4 and len(levels) == 5, (steps, levels)
    for shell in SHELLS:
        with shell() as typed:
            for word in steps:
                found = typed.complete(f'vmcfs --step={word[:4]}', b'\t')[-1]
                equal(found.removeprefix('--step='), word, 'the step')
            for before in '', 'ro,uid=0,':
                for word in levels:
                    line = f'vmcfs -o {before}log_level={word[:2]}'
                    equal(
                        typed.complete(line, b'\t')[-1],
                        f'{before}log_level={word}',
                        line,
                    )
                for option, name in ('uid', 'nobod'), ('gid', 'nogrou'):
                    line = f'vmcfs -o {before}{option}={name}'
                    word = line.split()[-1] + ('y' if option == 'uid' else 'p')
                    equal(typed.complete(line, b'\t')[-1], word, line)


@case('meson installs the files where the shells search them')
def installed():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            ['meson', 'install', '-C', BUILD, '--destdir', directory]
            + ['--no-rebuild', '--quiet'],
            check=True,
            timeout=GUARD,
            stdout=sys.stderr,
        )
        found = [
            os.path.join(folder, name).removeprefix(directory)
            for folder, _, names in os.walk(directory)
            for name in names
        ]
        for program in 'vmcctl', 'vmcfs':
            for path in (
                '/bin/' + program,
                '/share/bash-completion/completions/' + program,
                '/share/zsh/site-functions/_' + program,
                f'/share/fish/vendor_completions.d/{program}.fish',
            ):
                equal(sum(each.endswith(path) for each in found), 1, path)


run()
