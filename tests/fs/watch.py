# SPDX-License-Identifier: GPL-2.0-or-later
#
# Watchers: tests that programs which rely on inotify(7) see messages of the
# hypervisor and rotations: inotifywait, rsyslog, Node, watchdog for Python.
# inotify.py tests the events themselves, mountunits.py a path unit of systemd.
import os

from helpers import Tool, until
from mounted import Tree, scratch
from tap import case, equal, run

RSYSLOG = '''global(workDirectory="%(work)s")
module(load="imfile")
input(type="imfile" file="%(tree)s/hmc0/message" tag="vmc:")
input(type="imfile" file="%(tree)s/hmc0/log" tag="vmc:")
template(name="line" type="string" string="%%msg%%\\n")
action(type="omfile" file="%(work)s/output" template="line")
'''

NODE = '''
const fs = require("fs");
for (const name of ["", "/message", "/log", "/status"])
  fs.watch(process.argv[1] + name, (event, file) =>
    fs.writeSync(1, `${name || "directory"} ${event} ${file}\\n`));
fs.writeSync(1, "watching\\n");
'''

WATCHDOG = '''
import sys, time
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer

class Handler(FileSystemEventHandler):
    def on_any_event(self, event):
        names = [event.src_path, getattr(event, "dest_path", "")]
        print(event.event_type, *[n.rpartition("/")[2] for n in names])
        sys.stdout.flush()

observer = Observer()
observer.schedule(Handler(), sys.argv[1])
observer.start()
print("watching", flush=True)
observer.join()
'''


def emit(tree, text):
    tree.control(f'sim emit 0 {text}')


@case('inotifywait -m sees a message in each file, and a rotation by name')
def inotifywait():
    with Tree() as tree, Tool(
        'sh',
        '-c',
        'exec inotifywait -m --format "%e %w%f" -e modify,move,create '
        '"$0" "$0/message" "$0/log" "$0/status" 2>&1',
        tree.path(0),
    ) as tool:
        tool.await_text(b'Watches established')
        emit(tree, 'hello')
        for name in 'message', 'log', 'status':
            tool.await_text(b'MODIFY ' + tree.path(0, name).encode())
        tree.control(0, 'rotate')
        for event, name in (
            (b'MOVED_FROM ', 'message'),
            (b'MOVED_TO ', 'message.1'),
            (b'CREATE ', 'message'),
        ):
            tool.await_text(event + tree.path(0, name).encode())


@case('rsyslog in its default mode forwards each line, across rotations')
def rsyslog():
    work = scratch()
    with Tree() as tree:
        config = os.path.join(work, 'conf')
        with open(config, 'w', encoding='ascii') as file:
            file.write(RSYSLOG % {'tree': tree.directory, 'work': work})
        emit(tree, 'line 0')

        def output():
            try:
                with open(work + '/output', encoding='ascii') as file:
                    return file.read().splitlines()
            except FileNotFoundError:
                return []

        expected = ['line 0']
        with Tool('rsyslogd', '-n', '-f', config, '-i', work + '/pid'):
            for number in range(1, 13):
                until(lambda: expected[-1] in output(), expected[-1])
                if number % 3 == 0:
                    tree.control(0, 'rotate')
                expected.append(f'line {number}')
                emit(tree, expected[-1])
            until(lambda: expected[-1] in output(), expected[-1])
            last = f'"{expected[-1]}\\n"'
            until(
                lambda: any(line.endswith(last) for line in output()),
                'the line of log',
            )
            found = [line for line in output() if line.startswith('line')]
            equal(found, expected, 'the lines')


@case('fs.watch of Node sees messages and rotations')
def node():
    with Tree() as tree, Tool('node', '-e', NODE, tree.path(0)) as tool:
        tool.await_text(b'watching')
        emit(tree, 'hello')
        for name in b'message', b'log', b'status':
            tool.await_text(b'/%s change %s\n' % (name, name))
            tool.await_text(b'directory change %s\n' % name)
        tree.control(0, 'rotate')
        for name in b'message', b'message.1':
            tool.await_text(b'directory rename %s\n' % name)
        tool.await_text(b'/message rename message\n')


@case('watchdog for Python sees messages and rotations')
def watchdog():
    with Tree() as tree, Tool(
        '/usr/bin/python3', '-c', WATCHDOG, tree.path(0)
    ) as tool:
        tool.await_text(b'watching')
        emit(tree, 'hello')
        for name in b'message', b'log', b'status':
            tool.await_text(b'modified %s' % name)
        tree.control(0, 'rotate')
        tool.await_text(b'moved message message.1\n')
        tool.await_text(b'created message')


run()
