#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Manual in a guest: runs the examples of ibmvmc(4) as printed, on the device
# of the kernel. tests/fs/manual.py runs those of the other pages.
import os

from device import DEVICE
from helpers import Child
from mounted import become_reaper
from pages import NODE, end_children, examples, execute
from tap import case, equal, run


def run_all():
    become_reaper()
    os.makedirs('/run/vmc', exist_ok=True)
    for script in examples(NODE):
        execute(script, os.environ['TMPDIR'])
    equal(set(end_children()) - {0}, set(), 'the failures of the daemon')


@case('each example of ibmvmc(4) succeeds as printed')
def node():
    DEVICE.prepare(hmcs=2)
    Child(run_all).done()


run()
