#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Service in a guest: installs the plain build into a directory, and boots a machine
# with systemd as process 1, which runs tests/vm/service.py with these files. Prints TAP.
set -u
installed=build-test/vm/installed
rm -rf "$installed"
DESTDIR=$PWD/$installed meson install -C build-test/plain --no-rebuild --quiet || exit
PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$PWD/tests/vm
export PYTHONPATH
exec sh tests/vm/guest.sh --name service --limit 1800 --init systemd \
	--append "apparmor=1 security=apparmor" -- \
	python3 -P tests/vm/service.py "$installed" "$@"
