# SPDX-License-Identifier: GPL-2.0-or-later
#
# Table of a longer run: runs each part under the supervisor, and prints a table of the
# results; to be sourced. It does not choose the parts.
# shellcheck shell=sh

# table_begin LOGS: begins a table; LOGS is the directory of the logs.
table_begin() {
	table_logs=$1
	mkdir -p "$table_logs"
	table_work=$(mktemp -d) || exit 1
	trap 'rm -rf "$table_work"' EXIT
	table_failures=0
	: >"$table_work/table"
}

# table_run NAME COMMAND...: runs a part, prints its result, and adds a line.
table_run() {
	table_name=$1
	shift
	table_started=$(date +%s)
	python3 tests/lib/supervise.py --log "$table_logs/$table_name.log" \
		--work "$table_work/$table_name" --limit 3600 -- "$@" \
		>"$table_work/result"
	if ! read -r table_passed table_failed table_skipped \
		<"$table_work/result"; then
		# The supervisor was killed.
		echo "! the run was interrupted" >"$table_work/result"
		table_passed=0 table_failed=1 table_skipped=0
	fi
	table_failed=$((table_failed + table_skipped))
	table_failures=$((table_failures + table_failed))
	table_took=$(($(date +%s) - table_started))
	printf '| %-22s | %6s | %6s | %5s s |\n' "$table_name" \
		"$table_passed" "$table_failed" "$table_took" >>"$table_work/table"
	echo "$table_name: $table_passed passed, $table_failed failed ($table_took s)"
	sed -n "s/^! /$table_name: /p" "$table_work/result"
}

# table_end TITLE: prints the table; fails if a part failed.
table_end() {
	echo "$1, $(git rev-parse --short HEAD):"
	echo '| part                   | passed | failed |    time |'
	echo '|------------------------|--------|--------|---------|'
	cat "$table_work/table"
	[ "$table_failures" -eq 0 ]
}
