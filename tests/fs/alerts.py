# SPDX-License-Identifier: GPL-2.0-or-later
#
# Alerts and dashboard: tests the rules in examples/prometheus by promtool, and
# each query of examples/grafana/vmcfs.json in a running Prometheus, which
# scrapes a tree through node_exporter. It does not show the dashboard.
import json
import math
import os
import re
import subprocess

from helpers import until
from mounted import Tree
from prometheus import EXAMPLES, EXPORTER, Exporter, Prometheus, own_network
from tap import case, equal, run

NAMES = os.path.join(os.path.dirname(__file__), 'metric-names.txt')
RULES = os.path.join(EXAMPLES, 'prometheus', 'alerts.yml')
RULES_TEST = os.path.join(EXAMPLES, 'prometheus', 'alerts.test.yml')
SERVICE = os.path.join(EXAMPLES, 'prometheus', 'vmcfs-textfile.service')
DASHBOARD = os.path.join(EXAMPLES, 'grafana', 'vmcfs.json')
VARIABLES = {
    '$__rate_interval': '10s',
    '$__range': '1m',
    '$instance': '.*',
    '$hmc': '.*',
}
CONFIGURATION = f'''
global:
  scrape_interval: 200ms
  scrape_timeout: 200ms
scrape_configs:
  - job_name: vmcfs
    static_configs:
      - targets: [127.0.0.1:{EXPORTER}]
'''


def text(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def unknown(queries):
    """Metrics of vmcfs in a text that the tree does not have."""
    known = {
        line.split()[0]
        for line in text(NAMES).splitlines()
        if not line.startswith('#')
    }
    found = set(re.findall(r'vmcfs_\w+', queries))
    assert found, 'there is no metric'
    return {re.sub('_(bucket|sum|count)$', '', name) for name in found} - known


def promtool(*arguments):
    done = subprocess.run(
        ['promtool', *arguments], capture_output=True, text=True, check=False
    )
    equal(done.returncode, 0, f'the result of promtool: {done.stderr}')


@case('promtool accepts the alerts, and their tests pass')
def rules():
    promtool('check', 'rules', RULES)
    promtool('test', 'rules', RULES_TEST)


@case('systemd accepts the service that copies the metrics')
def service():
    subprocess.run(['systemd-analyze', 'verify', SERVICE], check=True)


@case('each alert has a test and uses metrics that exist')
def rules_complete():
    alerts = text(RULES)
    equal(unknown(alerts), set(), 'names')
    names = set(re.findall(r'- alert: (\w+)', alerts))
    tested = re.findall(r'labels: \'{alertname="(\w+)"', text(RULES_TEST))
    equal(set(tested), names, 'the alerts that fire in a test')


def targets():
    """Query and legend of each line in a panel."""
    for panel in json.loads(text(DASHBOARD))['panels']:
        for target in panel['targets']:
            query = target['expr']
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            assert '$' not in query, query
            yield query, target['legendFormat']


def has_data(server, query):
    """Whether a query has a series, and each one a number."""
    found = server.query(query)
    return found and not any(math.isnan(value) for _, value in found)


@case('the dashboard uses metrics that exist, and its panels do not overlap')
def dashboard():
    dashboard = json.loads(text(DASHBOARD))
    variables = dashboard['templating']['list']
    queries = [query for query, _ in targets()]
    queries += [each['query'] for each in variables]
    equal(unknown(' '.join(queries)), set(), 'names')
    names = {'$' + each['name'] for each in variables}
    equal(names, {'$datasource', '$instance', '$hmc'}, 'the variables')
    taken = set()
    for panel in dashboard['panels']:
        place = panel['gridPos']
        cells = {
            (x, y)
            for x in range(place['x'], place['x'] + place['w'])
            for y in range(place['y'], place['y'] + place['h'])
        }
        assert max(cells)[0] < 24 and not cells & taken, panel['title']
        taken |= cells


@case('Prometheus has data for each query and each label of the dashboard')
def live():
    own_network()
    with Tree(hmcs=2, sessions=2) as tree, Exporter(tree):
        with Prometheus(CONFIGURATION) as server:

            def traffic(query):
                for index in range(2):
                    tree.send(b'hello', index)
                return has_data(server, query)

            for query, legend in targets():
                until(lambda: traffic(query), f'data of {query}')
                for labels, _ in server.query(query):
                    for name in re.findall(r'{{(\w+)}}', legend):
                        assert name in labels, (query, legend, labels)


run()
