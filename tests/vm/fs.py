#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs file-system tests inside a guest, all or those named, each under the
# supervisor as on the host, and makes one TAP stream with one plan of theirs:
# what a program planned and did not do, what it left behind, or that it hung,
# is a failed test there. It knows nothing of devices and guests.
import glob
import os
import re
import subprocess
import sys
import time

# What is compiled once need not be compiled again; the source stays clean.
os.environ.pop('PYTHONDONTWRITEBYTECODE', None)
os.environ['PYTHONPYCACHEPREFIX'] = os.path.join(os.environ['TMPDIR'], 'compiled')

TAP = re.compile(r'^(not )?ok\b(?:\s+\d+)?(?:\s*-)?\s*(.*)$')
LIMIT = 900  # seconds; a guard against hanging only
number = 0


def say(*words):
	print(*words, flush=True)


def verdict(good, name):
	global number
	number += 1
	say(f'{"ok" if good else "not ok"} {number} - {name}')


def run(path):
	"""One program; its log is told as it is, but for names and numbers."""
	name = os.path.basename(path).removesuffix('.py')
	scratch = os.path.join(os.environ['TMPDIR'], name)
	started = time.monotonic()
	done = subprocess.run(['python3', 'tests/lib/supervise.py',
		'--log', scratch + '.log', '--work', scratch, '--limit', str(LIMIT),
		'--', 'python3', '-P', path], stdin=subprocess.DEVNULL,
		stdout=subprocess.PIPE, text=True, check=False)
	told = set()
	with open(scratch + '.log', encoding='utf-8', errors='replace') as log:
		for line in log:
			if match := TAP.match(line):
				verdict(not match[1], f'{name}: {match[2].strip()}')
				told.add(match[2].strip())
			elif line.strip() and not re.match(r'1\.\.\d', line):
				say('#', line.strip().removeprefix('# '))
	sentences = [line[2:] for line in done.stdout.splitlines()
		if line.startswith('! ')]
	if not done.stdout:
		sentences.append('the supervisor has died')
	for sentence in sentences:
		if sentence not in told:
			verdict(False, f'{name}: {sentence}')
	say(f'# {name} took {time.monotonic() - started:.1f} s')


for each in sys.argv[1:] or sorted(glob.glob('tests/fs/*.py')):
	run(each)
say(f'1..{number}')
