#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Direction: expects that calls and includes between the files of a folder go down, and
# that kmod and include depend on nothing in vmcfs (direction.py). It does not check
# the libraries, which the linker does. Prints TAP.
set -u
if python3 tests/check/direction.py | sed 's/^/# /' | grep .; then
	echo 'not ok 1 - calls and includes go down'
else
	echo 'ok 1 - calls and includes go down'
fi
echo 1..1
