#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of a Meson build directory: prints one on each line, its name, a
# tab, and its command in shell quoting. It runs none of them.
import json
import shlex
import subprocess
import sys

build = sys.argv[1]
tests = subprocess.run(
    ['meson', 'introspect', '--tests', build],
    check=True,
    stdout=subprocess.PIPE,
).stdout
for test in json.loads(tests):
    environment = [f'{key}={value}' for key, value in test['env'].items()]
    command = (['env'] + environment if environment else []) + test['cmd']
    print(test['name'], shlex.join(command), sep='\t')
