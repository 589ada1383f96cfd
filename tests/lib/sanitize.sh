# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# Options of the sanitized build, in addition to -fsanitize; to be sourced. The first
# report of undefined behaviour ends the program. gcc's two sanitizers do not share
# their options: linked dynamically, the one for undefined behaviour would ignore
# log_path and write to stderr, which a daemon does not have.
sanitize_compile=-fno-sanitize-recover=all
sanitize_link=-static-libubsan
