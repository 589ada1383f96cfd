# SPDX-License-Identifier: GPL-2.0-or-later
#
# Namespace: gives a child of a test its own mount namespace, with a directory
# of the system replaced. It contains no test.
import ctypes
import os
import re
import subprocess

import mounted

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS = 0x20000
MNT_DETACH = 2
ESCAPED = re.compile(rb'\\(\d{3})')  # in mountinfo


def private(*directories):
    """Mounts a private file system at each directory, which contains only the
    devices that a daemon needs."""
    if LIBC.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    kept = {
        path: os.stat(path)
        for path in ('/dev/null', '/dev/fuse', '/dev/ibmvmc')
        if os.path.exists(path)
    }
    for directory in directories:
        subprocess.run(
            ['mount', '-t', 'tmpfs', 'private', directory], check=True
        )
    for path, node in kept.items():
        if path.startswith(directories):
            os.mknod(path, node.st_mode, node.st_rdev)
    mounted.become_reaper()


def alone(directory, *trees):
    """In a mount namespace of the caller: leaves only these TREES mounted, and
    mounts an empty file system at DIRECTORY unless it is None."""
    if LIBC.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    kept = [os.fsencode(tree) for tree in trees]
    with open('/proc/self/mountinfo', 'rb') as table:
        lines = table.readlines()  # each umount moves the rest of the table
    for line in lines:
        path = ESCAPED.sub(
            lambda digits: bytes([int(digits[1], 8)]), line.split()[4]
        )
        if b' - fuse.vmcfs ' in line and path not in kept:
            LIBC.umount2(path, MNT_DETACH)
    if directory:
        words = 'mount', '-t', 'tmpfs', 'empty', directory
        subprocess.run(words, check=True)
