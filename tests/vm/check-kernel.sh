#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel that guests boot is there, and our modules build for it. It boots
# nothing. Speaks TAP.
set -u
verdict=ok
sh tests/vm/kernel.sh || verdict='not ok'
echo "$verdict 1 - the kernel is there"
sh tests/vm/modules.sh || verdict='not ok'
echo "$verdict 2 - the modules build for it"
echo 1..2
