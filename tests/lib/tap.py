# SPDX-License-Identifier: GPL-2.0-or-later
#
# TAP: frame of a file-system test. Cases are functions under @case; run() runs
# them in order, all or those named by their slug(), and reports in TAP. A case
# fails by an exception; GUARD interrupts one that hangs. It mounts nothing.
import os
import re
import signal
import sys
import traceback

from device import DEVICE

# Factor by which this machine may be slower: in a guest, for instance.
SLOWNESS = (
    3
    if os.environ.get('VMCFS_TEST_BUILD') == 'sanitized'
    else int(os.environ.get('VMCFS_TEST_SLOWNESS', '1'))
)
GUARD = 60 * SLOWNESS  # seconds; a guard against hanging only
_cases = []


class Hang(Exception):
    """A case did not end."""


def case(name, guard=GUARD):
    """Makes a function a test case; NAME is a sentence that must be true."""

    def note(function):
        _cases.append((name, guard, function))
        return function

    return note


def lasting(first):
    """Gives a case the milliseconds that the state lasts which it observes.
    If it fails it is repeated with twice of them, up to ten seconds: a loaded
    machine misses a shorter state. The last failure counts."""

    def repeat(function):
        def act():
            milliseconds = first
            while milliseconds < 5000:
                try:
                    return function(milliseconds)
                except Exception as failure:
                    if Hang in map(type, (failure, failure.__cause__)):
                        raise
                    note(f'{milliseconds} ms were too short: {failure}')
                milliseconds *= 2
            return function(milliseconds)

        return act

    return repeat


def note(*words):
    """Prints a line that does not count: a measured value, for instance."""
    print('#', *words, flush=True)


def slug(name):
    """Name of a case as one word, by which it can be selected."""
    return re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')


def _choose():
    """Cases that apply to the device; the names of the others are printed."""
    program = os.path.basename(sys.argv[0]).removesuffix('.py')
    left_out = DEVICE.left_out(program)
    for name, reason in left_out.items():
        assert name in [each[0] for each in _cases], f'no case: {name}'
        note(f'left out on this device: {program}: {name} ({reason})')
    cases = [each for each in _cases if each[0] not in left_out]
    chosen = [each for each in cases if slug(each[0]) in sys.argv[1:]]
    assert len(chosen) == len(sys.argv[1:]), 'a named case does not exist'
    return chosen or cases


def _hang(_number, _frame):
    raise Hang('the case did not end')


def run():
    signal.signal(signal.SIGALRM, _hang)
    failures = 0
    cases = _choose()
    for number, (name, guard, function) in enumerate(cases, 1):
        signal.alarm(guard)
        try:
            function()
            verdict = 'ok'
        except Exception:
            signal.alarm(0)
            failures += 1
            verdict = 'not ok'
            for line in traceback.format_exc().splitlines():
                note(line)
        finally:
            signal.alarm(0)
        print(f'{verdict} {number} - {name}', flush=True)
    print(f'1..{len(cases)}', flush=True)
    sys.exit(1 if failures else 0)


def equal(got, expected, what='the value'):
    assert got == expected, f'{what} is {got!r:.300}, not {expected!r:.300}'


def raises(error, function, *arguments, **named):
    """FUNCTION must fail with errno ERROR."""
    try:
        got = function(*arguments, **named)
    except OSError as failure:
        if failure.errno == error:
            return
        raise AssertionError(
            f'{failure}, not {os.strerror(error)}'
        ) from failure
    raise AssertionError(f'result is {got!r:.200}, not {os.strerror(error)}')
