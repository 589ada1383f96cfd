#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutants: reads the edits in tests/mutants, lists and checks them, applies a
# mutant to a tree, and takes it back. It runs no test; run.sh does.
#
# python3 tests/mutants/edits.py list           NAME TEST [CASE], one a line
# python3 tests/mutants/edits.py check          prints each mistake python3
# tests/mutants/edits.py apply NAME TREE python3 tests/mutants/edits.py restore
# TREE
#
# README.md describes the format. White space and comments of a Find text do
# not count, nor do those between its words in the sources.
import collections
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).parent
FOLDERS = 'include', 'kmod', 'vmcfs'
ORIGINALS = '.originals'  # in a changed tree: the files as they were

HEADER = re.compile(r'SPDX-License-Identifier: \S+\nDefect: (D-\d+)')
MUTANT = re.compile(
    r'''
    Mutant:\ (?P<name>\S+)\n
    Breaks:\ .+\.\n
    (?P<fails>(?:Fails:\ \S.*\n)+)
    (?P<edits>(?:Find:\n(?:\|.*\n)+Replace:\n(?:\|.*\n)*)+)
    ''',
    re.X,
)
EDIT = re.compile(r'Find:\n((?:\|.*\n)+)Replace:\n((?:\|.*\n)*)')
COMMENT = r'/\*(?:[^*]|\*(?!/))*\*/'
GAP = rf'(?:\s|{COMMENT})*'
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\w+|\S')

Mutant = collections.namedtuple('Mutant', 'name fails edits')


class Mistake(Exception):
    """A sentence that says what is wrong, and where."""


def number(path):
    return int(re.sub(r'\D', '', path.stem) or 0)


def unquoted(block):
    return re.sub(r'^\|', '', block, flags=re.M).strip()


def read_mutant(defect, paragraph):
    match = MUTANT.fullmatch(paragraph.strip('\n') + '\n')
    if not match:
        first = paragraph.lstrip('\n').split('\n')[0]
        raise Mistake(
            f'{defect}: "{first}" does not begin a mutant in '
            'the format of README.md'
        )
    name = match['name']
    if not re.fullmatch(rf'{defect}(-[a-z])?', name):
        raise Mistake(
            f'{defect}: the name {name} is not the defect, '
            'or the defect with a letter'
        )
    return Mutant(
        name,
        re.findall('Fails: (.*)', match['fails']),
        [
            (unquoted(find), unquoted(replace))
            for find, replace in EDIT.findall(match['edits'])
        ],
    )


def read_mutants(path):
    """The mutants of one file, by name, in its order."""
    header, *paragraphs = path.read_text(encoding='utf-8').split('\n\n')
    match = HEADER.fullmatch(header)
    if not match or match[1] != path.stem or not paragraphs:
        raise Mistake(
            f'{path}: lines 1 to 3 are not the licence, '
            f'"Defect: {path.stem}", and an empty line'
        )
    mutants = [read_mutant(path.stem, each) for each in paragraphs]
    if len({mutant.name for mutant in mutants}) != len(mutants):
        raise Mistake(f'{path}: two mutants have the same name')
    return mutants


def read_sources(tree):
    """The text of each C file and header of the product, by path."""
    return {
        path: path.read_text(encoding='utf-8')
        for folder in FOLDERS
        for path in sorted((tree / folder).rglob('*.[ch]'))
    }


def places(find, remove, sources):
    """Yields path and match of each occurrence; REMOVE includes its line
    ends."""
    tokens = TOKEN.findall(re.sub(COMMENT, ' ', find))
    pattern = GAP.join(
        rf'\b{token}\b' if re.match(r'\w', token) else re.escape(token)
        for token in tokens
    )
    if remove:
        pattern = rf'(?:^[ \t]*)?{pattern}(?:[ \t]*\n)?'
    pattern = re.compile(pattern, re.M)
    rarest = max(tokens, key=len)
    for path, text in sources.items():
        if rarest in text:
            for match in pattern.finditer(text):
                yield path, match


def edited(mutant, sources):
    """The files that the mutant changes, by path, with their new text."""
    changed = {}
    for find, replace in mutant.edits:
        found = list(places(find, not replace, {**sources, **changed}))
        if len(found) != 1:
            where = ', '.join(sorted({str(path) for path, _ in found})[:3])
            raise Mistake(
                f'{mutant.name}: the Find text '
                f'"{" ".join(find.split())}" occurs {len(found)} '
                f'times{where and " (in " + where + ")"}, not once'
            )
        ((path, match),) = found
        changed[path] = (
            match.string[: match.start()]
            + replace
            + match.string[match.end() :]
        )
    return changed


def files():
    return sorted(HERE.glob('D-*.edits'), key=number)


def list_cases():
    for path in files():
        for mutant in read_mutants(path):
            for what in mutant.fails:
                print(mutant.name, what)


def check():
    sources = read_sources(pathlib.Path('.'))
    for path in files():
        try:
            mutants = read_mutants(path)
        except Mistake as mistake:
            print(mistake)
            continue
        for mutant in mutants:
            try:
                edited(mutant, sources)
            except Mistake as mistake:
                print(mistake)


def apply(name, tree):
    tree = pathlib.Path(tree)
    defect = re.sub('-[a-z]$', '', name)
    for mutant in read_mutants(HERE / f'{defect}.edits'):
        if mutant.name == name:
            break
    else:
        raise Mistake(f'{defect}.edits has no mutant {name}')
    sources = read_sources(tree)
    for path, text in edited(mutant, sources).items():
        original = tree / ORIGINALS / path.relative_to(tree)
        original.parent.mkdir(parents=True, exist_ok=True)
        original.write_text(sources[path], encoding='utf-8')
        path.write_text(text, encoding='utf-8')


def restore(tree):
    """Writes the originals: their new times make a build notice them."""
    originals = pathlib.Path(tree) / ORIGINALS
    for original in originals.rglob('*.[ch]'):
        path = pathlib.Path(tree) / original.relative_to(originals)
        path.write_text(original.read_text(encoding='utf-8'), encoding='utf-8')
    shutil.rmtree(originals)


COMMANDS = {
    'list': list_cases,
    'check': check,
    'apply': apply,
    'restore': restore,
}
try:
    COMMANDS[sys.argv[1]](*sys.argv[2:])
except Mistake as mistake:
    sys.exit(str(mistake))
