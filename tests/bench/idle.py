# SPDX-License-Identifier: GPL-2.0-or-later
#
# Idle: processor time that servers use while nobody calls them, beginning a
# second after the last request. Only the length of the interval is a time that
# is waited for.
import time

import rounds
from cases import Case
from servers import processor_ns

SERVERS = ('empty', 'vmcfs', 'waiters-1000')
AFTER_S = 1
LAST = Case('idle', 'round-trip')


def idle(servers, settings):
    """One group: all servers are idle in the same interval."""
    for name in SERVERS:
        rounds.Side(name, LAST, 64, servers).run('-t', settings.time_ms)
    time.sleep(AFTER_S)
    before = {name: processor_ns(servers.get(name).pid) for name in SERVERS}
    time.sleep(settings.idle_s)
    used = {
        name: (processor_ns(servers.get(name).pid) - before[name]) / 1e3
        for name in SERVERS
    }
    for name in SERVERS[1:]:
        yield [
            {
                'name': f'idle-{settings.idle_s:g}s',
                'placement': 'unpinned',
                'size': 0,
                'subject': name,
                'baseline': 'empty',
                'rounds': 1,
                'figures': {
                    'subject': {'server_us': used[name]},
                    'baseline': {'server_us': used['empty']},
                },
                'ratio': {},
                'spread': {},
            }
        ]
