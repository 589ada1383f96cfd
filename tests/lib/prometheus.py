# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prometheus: runs a real Prometheus, and node_exporter with the example for
# its textfile collector, in a network namespace, and asks for values. It
# contains no test.
import ctypes
import http.client
import json
import os
import subprocess
import urllib.parse

from helpers import Tool, until
from mounted import scratch

EXAMPLES = os.path.join(os.path.dirname(__file__), '..', '..', 'examples')
CLONE_NEWNET = 0x40000000
EXPORTER, SERVER = 9100, 9090  # ports


def own_network():
    """Gives this process a network with a loopback interface only."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)


def get(port, path):
    """Body of the answer to an HTTP request; '' while nobody answers."""
    connection = http.client.HTTPConnection('127.0.0.1', port)
    try:
        connection.request('GET', path)
        answer = connection.getresponse()
        return answer.read().decode() if answer.status < 500 else ''
    except OSError:
        return ''
    finally:
        connection.close()


class Exporter(Tool):
    """node_exporter with the metrics of a tree, copied every SECONDS."""

    def __init__(self, tree, seconds='0.2'):
        directory = scratch()
        self.copier = Tool(
            'sh',
            os.path.join(EXAMPLES, 'textfile.sh'),
            tree.directory,
            directory,
            seconds,
        )
        super().__init__(
            'prometheus-node-exporter',
            '--log.level=error',
            '--collector.disable-defaults',
            '--collector.textfile',
            f'--collector.textfile.directory={directory}',
            f'--web.listen-address=127.0.0.1:{EXPORTER}',
        )
        until(
            lambda: 'vmcfs_channel_ready' in get(EXPORTER, '/metrics'),
            'the metrics of node_exporter',
        )

    def __exit__(self, *reason):
        super().__exit__(*reason)
        self.copier.__exit__(*reason)


class Prometheus(Tool):
    """Prometheus with a configuration, as the text of its file."""

    def __init__(self, configuration):
        work = scratch()
        path = os.path.join(work, 'prometheus.yml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(configuration)
        super().__init__(
            'prometheus',
            '--log.level=error',
            f'--config.file={path}',
            f'--storage.tsdb.path={work}/data',
            f'--web.listen-address=127.0.0.1:{SERVER}',
        )
        until(lambda: get(SERVER, '/-/ready'), 'the start of Prometheus')

    def ask(self, what, **words):
        """Result of the HTTP API, which must be a success."""
        words = urllib.parse.urlencode(words)
        answer = json.loads(get(SERVER, f'/api/v1/{what}?{words}'))
        assert answer['status'] == 'success', (words, answer)
        return answer['data']

    def query(self, expression):
        """Labels and value of each series of an expression, at present."""
        return [
            (each['metric'], float(each['value'][1]))
            for each in self.ask('query', query=expression)['result']
        ]
