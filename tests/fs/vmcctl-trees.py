# SPDX-License-Identifier: GPL-2.0-or-later
#
# Trees of vmcctl: tests how vmcctl finds the tree to use: the only one that is
# mounted and not hidden, or the one that is named. It does not test the
# commands.
import os
import subprocess

from client import Frozen, command, sent
from helpers import Child
from mounted import Tree, scratch
from namespace import alone
from tap import case, equal, run


@case('the only mounted tree is found, whatever its name')
def finds():
    directory = os.path.join(scratch(), 'a b\\\tc\n#')
    os.mkdir(directory)
    with Tree(sessions=0, directory=directory) as tree:

        def check():
            alone(None, directory)
            command(['open', '0', 'found'])
            other = scratch()
            subprocess.run(['mount', '--bind', directory, other], check=True)
            command(['close', '0'])

        Child(check).done()
        equal(tree.status(0)['sessions'], '1', 'the number of sessions')
    os.rmdir(os.path.dirname(directory))


def mount(*words):
    subprocess.run(['mount', *words], check=True)


@case('a tree that another mount hides does not count')
def hidden():
    directory = os.path.join(scratch(), 'tree')
    os.mkdir(directory)
    above = os.path.dirname(directory)
    with Tree(sessions=0, directory=directory) as tree, Tree() as other:

        def check(hide, *kept):
            alone(None, *kept)
            hide()
            if other.directory in kept:
                command(['send', '0', 'found'])
            else:
                command(['list'], status=66, says=b'no tree is mounted')

        def cover():
            mount('-t', 'tmpfs', 'none', directory)

        def cover_above():
            mount('-t', 'tmpfs', 'none', above)

        def cover_by_file():
            cover_above()
            with open(directory, 'x', encoding='ascii'):
                pass

        def cover_by_link():
            cover_above()
            os.symlink(other.directory, directory)

        def cover_by_tree():
            mount('--bind', other.directory, directory)

        def cover_first_place():
            place = scratch()
            mount('--bind', other.directory, place)
            mount('-t', 'tmpfs', 'none', other.directory)

        both = directory, other.directory
        for hide in cover, cover_above, cover_by_file:
            Child(check, hide, directory).done()
            Child(check, hide, *both).done()
        for hide in cover_by_link, cover_by_tree:
            Child(check, hide, *both).done()
        with Frozen(tree):
            Child(check, cover, *both).done()
        Child(check, cover_first_place, other.directory).done()
        equal(sent(other), 7, 'the number of messages')
    os.rmdir(above)


@case('without a tree, or with several, -m and VMCFS_MOUNT are mentioned')
def several():
    with Tree(sessions=0) as one, Tree(sessions=0) as other:

        def check():
            alone(None)
            command(['list'], status=66, says=b'no tree is mounted')

        Child(check).done()

        def check_two():
            alone(None, one.directory, other.directory)
            for tree in one, other:
                says = os.fsencode(tree.directory)
                command(['list'], status=64, says=says)
            command(['list'], status=64, says=b'-m DIR or VMCFS_MOUNT')

        Child(check_two).done()
        for tree, words in (one, ()), (other, ('-m', other.directory)):
            command(
                [*words, 'open', '0', 'x'],
                env={**os.environ, 'VMCFS_MOUNT': one.directory},
            )
            equal(tree.status(0)['state'], 'ready', 'the state')
        command(['list', '--mount', '.'], cwd=one.directory)


@case('a directory in a tree, or like one, is status 66 for every command')
def no_root():
    like = scratch()
    for name in 'status', 'README':
        with open(f'{like}/{name}', 'w', encoding='ascii'):
            pass
    with Tree(sessions=0) as tree:
        for directory, says in (
            (tree.path(0), b"hmc0 is the directory of an index; give its "),
            (like, b' is not a tree of vmcfs; give the directory of a mount'),
        ):
            for words in (
                ['list'],
                ['status'],
                ['status', '--json'],
                ['open', '0', 'x'],
                ['send', '0', 'x'],
                ['receive', '0', '-t0'],
                ['follow', '0'],
            ):
                words += ['-m', directory]
                command(words, status=66, says=says)
        command(['list', '-m', tree.path(0) + '/..'])
    for name in 'status', 'README':
        os.unlink(f'{like}/{name}')
    os.rmdir(like)


@case('a directory that is no tree is status 66, and an unreachable one 77')
def no_tree():
    for directory in '/', '/nonexistent', '/etc/passwd':
        command(['-m', directory, 'list'], status=66, says=directory.encode())
    directory = scratch()
    os.chmod(directory, 0o700)
    words = ['-m', directory + '/x', 'list']
    command(words, status=77, says=b'Permission denied', user=65534)
    os.rmdir(directory)


run()
