#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Catalogue: expects that each warning of the daemon is a notice with a MESSAGE_ID, that
# the catalogue of the journal explains each of these, and nothing else, and that
# journalctl accepts it. It does not test when lines are written. Prints TAP.
set -u
. tests/lib/check.sh
. tests/lib/packages.sh
table=vmcfs/notice.c
catalogue=vmcfs/data/vmcfs.catalog

explained() {
	grep -o '"[0-9a-f]\{32\}"' "$table" | tr -d '"' >"$work/notices"
	sed -n 's/^-- \([0-9a-f]*\)$/\1/p' "$catalogue" >"$work/entries"
	test -s "$work/notices" && diff "$work/notices" "$work/entries"
}

# A line of these levels that is no notice would have no MESSAGE_ID.
only_notices() {
	! grep -rnE '\bg_(message|warning|critical|log|log_structured\w*) ?\(' vmcfs \
		--include='*.[ch]' --exclude="${table##*/}"
}

# fields: the fields that the explanations insert are those of the sink.
fields() {
	grep -o '@[A-Z_]*@' "$catalogue" | tr -d @ | sort -u |
		while IFS= read -r field; do
			grep -q "\"$field\"" vmcfs/logging-sink.c || echo "$field"
		done >"$work/unknown"
	cat "$work/unknown"
	test ! -s "$work/unknown"
}

# accepted: journalctl counts an ID that occurs twice as one.
accepted() {
	folder=$work/usr/lib/systemd/catalog
	packages_need systemd && mkdir -p "$folder" && cp "$catalogue" "$folder" &&
		journalctl --root="$work" --update-catalog &&
		journalctl --root="$work" --list-catalog >"$work/list" &&
		test "$(wc -l <"$work/list")" -eq "$(grep -c '^-- ' "$catalogue")"
}

check 'each notice has an explanation, in the same order' explained
check 'every line of level message, warning or error is a notice' only_notices
check 'the explanations insert only fields of the log' fields
check 'journalctl accepts the catalogue' accepted
echo "1..$number"
