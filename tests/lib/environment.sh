# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What every test relies on in its environment; to be sourced, in the top
# directory. Debian's own tools come first.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
PYTHONPATH=$PWD/tests/lib
PYTHONDONTWRITEBYTECODE=1
export PATH LC_ALL PYTHONPATH PYTHONDONTWRITEBYTECODE
