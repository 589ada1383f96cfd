# SPDX-License-Identifier: GPL-2.0-or-later
#
# Corpus: converts between a text (a line of hexadecimal digits for each input)
# and a directory (a file for each input). It runs no input.
#
# usage: corpus.py unpack TEXT DIRECTORY
#        corpus.py pack DIRECTORY TEXT
import hashlib
import os
import sys

HEAD = '# SPDX-License-Identifier: GPL-2.0-or-later\n'
LIMIT = 18000  # bytes of a text


def inputs(text):
    """The inputs of a text; none if there is no text yet."""
    if not os.path.exists(text):
        return
    with open(text, encoding='ascii') as file:
        for line in file:
            if not line.startswith('#'):
                yield bytes.fromhex(line)


def unpack(text, directory):
    for data in inputs(text):
        name = hashlib.sha1(data).hexdigest()
        with open(os.path.join(directory, name), 'wb') as file:
            file.write(data)


def pack(directory, text):
    """The shortest inputs first, up to LIMIT."""
    found = []
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), 'rb') as file:
            found.append(file.read())
    found.sort(key=lambda data: (len(data), data))
    lines, size = [HEAD], len(HEAD)
    for data in found:
        size += 2 * len(data) + 1
        if size > LIMIT:
            break
        lines.append(data.hex() + '\n')
    with open(text, 'w', encoding='ascii') as file:
        file.writelines(lines)
    print(f'{text}: {len(lines) - 1} of {len(found)} inputs')


{'unpack': unpack, 'pack': pack}[sys.argv[1]](*sys.argv[2:])
