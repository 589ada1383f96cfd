# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sanitizers: options of the sanitized build, in addition to -fsanitize; to be sourced.
# It compiles nothing. The first report of undefined behaviour ends the program. gcc's
# two sanitizers do not share their options: the dynamically linked one for undefined
# behaviour ignores log_path and writes to stderr, which a daemon does not have.
# shellcheck shell=sh disable=SC2034
sanitize_compile=-fno-sanitize-recover=all
sanitize_link=-static-libubsan
