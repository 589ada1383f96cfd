# SPDX-License-Identifier: GPL-2.0-or-later
#
# Environment: sets the variables of all tests; to be sourced in the top directory. It
# runs nothing. The tools of Debian are first in the PATH.
# shellcheck shell=sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
PYTHONPATH=$PWD/tests/lib
PYTHONDONTWRITEBYTECODE=1
# git accepts a checkout of another user.
GIT_CONFIG_COUNT=1
GIT_CONFIG_KEY_0=safe.directory
GIT_CONFIG_VALUE_0='*'
export PATH LC_ALL PYTHONPATH PYTHONDONTWRITEBYTECODE
export GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
