# SPDX-License-Identifier: GPL-2.0-or-later
#
# Recording: runs the first session of the README on a terminal, in a mount
# namespace of its own, and prints what the terminal showed as an animated SVG.
# It does not check the output: tests/fs/administrators.py runs these lines.
#
# usage, as root: python3 tests/lib/recording.py VMCFS >docs/session.svg
import os
import pty
import re
import select
import sys
import termios
import time
from html import escape

from helpers import section

PROMPT = '# '
END = b'\x01'  # precedes each prompt
MOUNT_POINT = '/mnt'
PROGRAM = 'build/vmcfs/vmcfs'
GUARD = 20  # seconds for one command

SHELL_OPTIONS = ' --noediting --norc -i'

COLUMNS, ROWS = 86, 26
CHARACTER, LINE, MARGIN = 8, 18, 12  # pixels
TYPING, PAUSE = 0.03, 0.7  # seconds for a character, and after a command


def commands(readme='README.md'):
    """The lines of the first session, as printed."""
    return re.findall(
        '^    (.*)$', section(readme, '## A first session'), re.M
    )


def start():
    """Starts a shell on a terminal; returns the other end of it."""
    pid, terminal = pty.fork()
    if not pid:
        os.environ.update(PS1=END.decode() + PROMPT, TERM='dumb')
        script = f'mount -t tmpfs empty {MOUNT_POINT} && exec bash'
        words = ['unshare', '-m', 'sh', '-c', script + SHELL_OPTIONS]
        os.execvp(words[0], words)
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~termios.ECHO  # the typed lines are known
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    return terminal


def until_prompt(terminal):
    """Output of a command, without its prompt."""
    output = b''
    end = time.monotonic() + GUARD
    while not output.endswith(END + PROMPT.encode()):
        left = end - time.monotonic()
        if not select.select([terminal], [], [], max(left, 0))[0]:
            sys.exit(f'no prompt after {GUARD} seconds: {output!r}')
        output += os.read(terminal, 4096)
    return output[: -len(END + PROMPT.encode())].decode()


def record(program):
    """Returns (seconds, text) of each line of the terminal."""
    terminal = start()
    until_prompt(terminal)
    lines, now = [], 0
    for command in commands():
        lines.append((now, PROMPT + command))
        now += len(command) * TYPING
        typed = command.replace(PROGRAM, os.path.abspath(program))
        os.write(terminal, typed.encode() + b'\n')
        shown = until_prompt(terminal).replace(program, PROGRAM)
        lines += [(now, line) for line in shown.splitlines() if line]
        now += PAUSE
    os.close(terminal)
    return lines


def svg(lines):
    width = COLUMNS * CHARACTER + 2 * MARGIN
    height = ROWS * LINE + 2 * MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}" role="img">'
    )
    yield '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->'
    yield '<!-- made by tests/lib/recording.py -->'
    yield '<title>The first session of the README, on a terminal</title>'
    yield '<rect width="100%" height="100%" rx="6" fill="#10151c"/>'
    yield f'<svg y="{MARGIN}" height="{ROWS * LINE}">'
    yield (
        '<g font-family="monospace" font-size="13" fill="#d5dbe3"'
        ' xml:space="preserve">'
    )
    for row, (at, text) in enumerate(lines):
        if row >= ROWS:
            yield (
                '<animateTransform attributeName="transform"'
                f' type="translate" to="0 {(ROWS - 1 - row) * LINE}"'
                f' begin="{at:.2f}s" dur="0.01s" fill="freeze"/>'
            )
        colour = ' fill="#ffffff"' if text.startswith(PROMPT) else ''
        yield (
            f'<text x="{MARGIN}" y="{(row + 0.8) * LINE:.0f}"{colour}>'
            f'{escape(text[:COLUMNS])}'
            '<set attributeName="visibility" to="hidden"'
            f' begin="0s" end="{at + 0.01:.2f}s"/></text>'
        )
    yield '</g></svg></svg>'


if __name__ == '__main__':
    for part in svg(record(sys.argv[1])):
        print(part)
