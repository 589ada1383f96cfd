# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs inside a guest: tools of others on the node. After each of them an open works.
import subprocess

import driver
from driver import Session
from tap import case, equal, run


def fio(engine, rw):
	"""Its exit status, and what it said; it may not hang."""
	done = subprocess.run(['fio', '--name=node', '--filename=' + driver.NODE,
		'--ioengine=' + engine, '--rw=' + rw, '--bs=64', '--size=4k',
		'--allow_file_create=0'], stdin=subprocess.DEVNULL,
		capture_output=True, text=True, timeout=60, check=False)
	return done.returncode, done.stdout + done.stderr


@case('fio on a file without a session ends with an error, whatever its engine')
def _():
	for engine in 'io_uring', 'libaio', 'psync', 'sync':
		for rw in 'write', 'read':
			status, said = fio(engine, rw)
			assert status, f'{engine} {rw} succeeded: {said}'
	with Session(b'after', timeout_ms=10000) as session:
		session.round_trip(b'there and back')
		equal(session.info('queued'), 0, 'messages')


driver.load()
run()
