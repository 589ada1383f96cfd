# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# How the sanitized build is compiled and linked, besides -fsanitize; to be
# sourced. The first report of undefined behaviour ends the program. gcc's two
# sanitizers do not share their options: linked dynamically, the one for
# undefined behaviour would write to stderr, which a daemon has not got,
# whatever its log_path says.
sanitize_compile=-fno-sanitize-recover=all
sanitize_link=-static-libubsan
