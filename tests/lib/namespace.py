# SPDX-License-Identifier: GPL-2.0-or-later
#
# Namespace: gives a child of a test its own mount namespace, with a directory
# of the system replaced. It contains no test.
import ctypes
import os
import subprocess

import mounted

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS = 0x20000


def private(directory):
    """Mounts a private file system at DIRECTORY, which contains only the
    devices that a daemon needs."""
    if LIBC.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), 'unshare')
    subprocess.run(['mount', '--make-rprivate', '/'], check=True)
    kept = {
        path: os.stat(path)
        for path in ('/dev/null', '/dev/fuse', '/dev/ibmvmc')
        if os.path.exists(path)
    }
    subprocess.run(['mount', '-t', 'tmpfs', 'private', directory], check=True)
    for path, node in kept.items():
        if path.startswith(directory):
            os.mknod(path, node.st_mode, node.st_rdev)
    mounted.become_reaper()
