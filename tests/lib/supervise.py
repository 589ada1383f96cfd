#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Supervisor of one test program that prints TAP: runs it in a session of its
# own with a time limit, and counts each kind of leftover (processes, mounts,
# sanitizer reports) as one more failed test. It does not know the tests.
#
# usage: supervise.py --log FILE --work DIR --limit SECONDS -- COMMAND...
# prints "PASSED FAILED SKIPPED" and, for each failure, a line "! sentence".
import argparse
import ctypes
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import left

PR_SET_CHILD_SUBREAPER = 36
SETTLE = 5  # seconds in which the processes of an ended test must end
TAP = re.compile(r'^(not )?ok\b(?:\s+\d+)?(?:\s*-)?\s*(.*)$')
PLAN = re.compile(r'^1\.\.(\d+)\b')


def read_tap(path):
    """Counts a log; returns (passed, [failures], skipped, planned or None)."""
    passed, failed, skipped, plan = 0, [], 0, None
    with open(path, encoding='utf-8', errors='replace') as log:
        for line in log:
            if match := PLAN.match(line):
                plan = int(match[1])
            elif match := TAP.match(line):
                if match[1]:
                    failed.append(match[2].strip() or 'a test without a name')
                elif re.search(r'#\s*skip', match[2], re.IGNORECASE):
                    skipped += 1
                else:
                    passed += 1
    return passed, failed, skipped, plan


def usual_signals():
    """Undoes the signal settings of shells for background processes."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def starts(command):
    """Returns a start function for supervise() that executes a command."""

    def start(log, environment):
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environment,
            preexec_fn=usual_signals,
        )

    return start


def run(start, log, limit, environment):
    """Returns (exit status in the shell's encoding, None or a sentence)."""
    child = start(log, environment)
    try:
        status = child.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        log.write(f'\n# not done after {limit} seconds; processes:\n')
        left.describe(log)
        return 124, f'the test was not done after {limit} seconds'
    if status < 0:
        return 128 - status, f'{signal.Signals(-status).name} ended the test'
    return status, None


def settle():
    """Reaps processes that end by themselves within SETTLE."""
    end = time.monotonic() + SETTLE
    while left.processes() and time.monotonic() < end:
        if not left.reap():
            signal.sigtimedwait([signal.SIGCHLD], 0.2)


def clean(work, log):
    """Ends leftovers; returns a sentence for each kind."""
    found = []
    mounts = left.mounts(work)
    rest = left.processes()
    if rest:
        log.write('\n# leftover processes:\n')
        left.describe(log)
        names = ', '.join(sorted(left.name(pid) for pid in rest))
        found.append(f'the test left processes: {names}')
    if mounts:
        log.write(f'\n# leftover mounts: {mounts}\n')
        found.append(f'the test left {len(mounts)} mount(s)')
    left.end(mounts)
    return found


def sanitizer_reports(work, log):
    """Appends each report to the log; returns a sentence, or none."""
    reports = [
        path
        for path in glob.glob(work + '/sanitizer/*')
        if os.path.getsize(path)
    ]
    for path in reports:
        log.write(f'\n# sanitizer report {os.path.basename(path)}:\n')
        with open(path, encoding='utf-8', errors='replace') as report:
            log.write(report.read())
    return [f'{len(reports)} sanitizer report(s)'] if reports else []


def prepare(work):
    """Makes the directories of a run; returns the test's environment."""
    shutil.rmtree(work, ignore_errors=True)
    reports = os.path.join(work, 'sanitizer')
    scratch = os.path.join(work, 'tmp')
    for directory in reports, scratch:
        os.makedirs(directory)
    os.chmod(
        reports, 0o777
    )  # writable also after the daemon has dropped its privileges
    # Coloured reports need a system call that the daemon may not make, and
    # GLib's slices would hide leaks.
    options = f'log_path={reports}/report:color=never:'
    return dict(
        os.environ,
        TMPDIR=scratch,
        G_SLICE='always-malloc',
        ASAN_OPTIONS=options + 'detect_leaks=1:strict_string_checks=1',
        UBSAN_OPTIONS=options + 'print_stacktrace=1',
    )


def watch_children():
    """Makes orphans children of this process; signals interrupt it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)


def supervise(start, log_path, work, limit):
    """Runs a test that START starts; returns (passed, [failures], skipped).

    START takes the log and the environment and returns an object with the
    wait() of subprocess.Popen. KeyboardInterrupt passes after the clean-up.
    """
    work = os.path.realpath(work)
    environment = prepare(work)
    watch_children()
    with open(log_path, 'w', encoding='utf-8', buffering=1) as log:
        try:
            status, trouble = run(start, log, limit, environment)
            if not trouble:
                settle()
            found = clean(work, log)  # leftovers are expected after a timeout
            more = [trouble] if trouble else found
            more += sanitizer_reports(work, log)
        except KeyboardInterrupt:
            left.end(left.mounts(work))
            raise

        passed, failed, skipped, plan = read_tap(log_path)
        seen = passed + len(failed) + skipped
        if not trouble and plan is None:
            more.append('the test ended without a plan (1..N)')
        elif not trouble and plan != seen:
            more.append(f'the test planned {plan} cases and ran {seen}')
        if not trouble and status and not failed:
            more.append(f'the test ended with exit status {status}')
        if not trouble and not seen:
            more.append('the test ran no case')
        for sentence in more:
            log.write(f'\n# {sentence}\n')
    shutil.rmtree(work, ignore_errors=True)
    return passed, failed + more, skipped


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--log', required=True)
    parser.add_argument('--work', required=True)
    parser.add_argument('--limit', type=float, required=True)
    parser.add_argument('command', nargs='+')
    args = parser.parse_args()
    try:
        passed, failed, skipped = supervise(
            starts(args.command), args.log, args.work, args.limit
        )
    except KeyboardInterrupt:
        return 130
    print(passed, len(failed), skipped)
    for sentence in failed:
        print('!', sentence)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
