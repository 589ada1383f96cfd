# SPDX-License-Identifier: GPL-2.0-or-later
#
# Verdicts: reads the results of the conformance program in one guest from its
# output and from the log of the kernel. It runs nothing, and does not know the
# cases.
import re

VERDICT = re.compile(r'(not )?ok \d+ - \d+ bits, ([a-z0-9.-]+): (.*)')
WHY = re.compile(r'#   [a-z-]+\.c:\d+: (.*)')
# Messages of a case for EINVAL from INFO or OPEN: the name of the call, a call
# that should have waited, or the errno alone.
LACKS = re.compile(
    r'(?:IBMVMC_IOC_INFO|IBMVMC_IOC_OPEN|device_ask_open|inform\(|ask\()'
    r'.* failed with EINVAL|did not block: it returned -1 \(EINVAL\)'
    r'|errno is 22, not'
)

# First lines of kernel reports, and of their descriptions.
REPORT = re.compile(
    r'BUG|WARNING: (?!CPU: \d+ PID: \d+ Comm)|UBSAN|KASAN|KFENCE'
    r'|DMA-API|ODEBUG|soft lockup|hard LOCKUP|INFO: task .* blocked'
    r'|self-detected stall|Unable to handle|Unrecoverable|exploit attempt'
    r'|Kernel panic|general protection|list_(add|del) corruption'
    r'|refcount_t:|Unexpected TCEs|possible (recursive|circular|irq)'
)
TIME = re.compile(r'^\[ *\d+\.\d+\] ')
# Parts that differ between runs.
VARIES = (
    (re.compile(r'\b(0x)?[0-9a-f]{12,16}\b'), 'ADDRESS'),
    (re.compile(r'CPU: \d+ PID: \d+ '), ''),
    (re.compile(r'\+0x\S+'), ''),
    (re.compile(r'by task (\S+?)/\d+'), r'by task \1'),
    (re.compile(r' for \d+s!'), ''),
    (re.compile(r'\[([^]:]+):\d+\]'), r'[\1]'),
)


def reports(log):
    """First line of each report in a kernel log, without duplicates."""
    found = []
    for line in log.splitlines():
        line = TIME.sub('', line).strip()
        if REPORT.search(line):
            for pattern, words in VARIES:
                line = pattern.sub(words, line)
            found.append(line)
    return list(dict.fromkeys(found))


class Verdict:
    """Result of one case: reason of its failure (WHY) or None; kernel
    reports."""

    def __init__(self, why, said):
        self.why = why
        self.reports = said

    def good(self, expected):
        return self.why is None and not set(self.reports) - set(expected)

    def lacks_ioctl(self):
        """Whether the case failed because the driver has no INFO or OPEN."""
        return bool(LACKS.search(self.why or ''))

    def words(self, expected):
        said = [line for line in self.reports if line not in expected]
        parts = ['passes' if self.why is None else f'**fails**: {self.why}']
        if said:
            parts.append(
                'kernel: ' + '; '.join(f'`{line}`' for line in said[:2])
            )
        return '. '.join(part.replace('<', '\\<') for part in parts)


class Run:
    """One guest: its output (PRINTED) and the LOG of its kernel."""

    def __init__(self, printed, log):
        self.reports = reports(log)
        self.whys = {}
        first = None
        for line in printed.splitlines():
            if match := WHY.match(line):
                first = first or match[1]
            elif match := VERDICT.match(line):
                self.whys[match[2]] = self._why(match, first)
                first = None

    @staticmethod
    def _why(match, first):
        if not match[1]:
            return None
        comment = match[3].rpartition(' # ')[2]
        if first is None:
            return comment
        return (
            f'afterwards: {first}'
            if comment.startswith('afterwards')
            else first
        )

    def verdict(self, name):
        died = 'the guest dies' if self.reports else 'the guest hangs'
        return Verdict(self.whys.get(name, died), self.reports)
