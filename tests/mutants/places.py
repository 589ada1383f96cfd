#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prints each hunk of the patches named that does not fit exactly one place of
# its file: a patch tool takes the nearest of several, which may be the wrong
# one once lines have moved. It applies nothing.
import sys


def hunks(path):
	"""Yields the file and the lines that have to be there, for each hunk."""
	target, before = None, None
	with open(path, encoding='utf-8') as patch:
		for line in patch:
			if line.startswith('--- a/'):
				if before:
					yield target, before
				target, before = line[len('--- a/'):].rstrip('\n'), None
			elif line.startswith('@@ '):
				if before:
					yield target, before
				before = []
			elif before is not None and line[0] in ' -':
				before.append(line[1:])
	if before:
		yield target, before


def places(target, before):
	with open(target, encoding='utf-8') as file:
		lines = file.readlines()
	return sum(lines[i:i + len(before)] == before
		for i in range(len(lines) - len(before) + 1))


for path in sys.argv[1:]:
	for target, before in hunks(path):
		count = places(target, before)
		if count != 1:
			print(f'{path}: {count} places in {target} for: {before[0]!r}')
