#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutants: expects that each mutant of tests/mutants has the format of its README.md,
# applies in exactly one place and names existing cases, and that each row of
# docs/defects.md has a mutant, or a reason in the table of that README.md. It runs no
# mutant; tests/mutants/run.sh does. Prints TAP.
set -u
mutants=tests/mutants
number=0

# nothing_from FUNCTION SENTENCE: one test; the function must print nothing.
nothing_from() {
	number=$((number + 1))
	found=$("$1" 2>&1)
	if [ -z "$found" ]; then
		echo "ok $number - $2"
	else
		printf '%s\n' "$found" | sed 's/^/# /'
		echo "not ok $number - $2"
	fi
}

# rows FILE...: prints the defects that have a row in these files.
rows() {
	sed -n 's/^| \(D-[0-9]*\) |.*/\1/p' "$@"
}

has_mutant() {
	[ -f "$mutants/$1.edits" ]
}

# slugs PROGRAM: prints the cases of a test in Python, each as one word.
slugs() {
	sed -n "s/^@case('\(.*\)'.*/\1/p" "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9][^a-z0-9]*/-/g'
}

# has_check TEST CASE: succeeds if the kind of test and the case exist.
has_check() {
	test=${1#sanitized/}
	[ -f "$mutants/check-${test%%/*}.sh" ] || return 1
	case $test in
	unit/*) grep -q ", $2[,)]" "tests/unit/test-${test#unit/}.c" ;;
	*/abi) grep -q "\"$2\"" tests/abi/*.c ;;
	*/sleep) grep -q "$2" tests/vm/sleep.sh ;;
	*/shown | */pseries) slugs "tests/vm/${test#*/}.py" | grep -qx "$2" ;;
	*) return 1 ;;
	esac
}

edits() {
	python3 "$mutants/edits.py" check
}

cases() {
	python3 "$mutants/edits.py" list | while read -r mutant test name; do
		has_check "$test" "$name" ||
			echo "$mutant: the case $test $name does not exist"
	done
}

uncovered() {
	rows docs/defects.md >"$work/rows"
	[ -s "$work/rows" ] || echo 'docs/defects.md has no rows'
	while IFS= read -r defect; do
		grep -qx "$defect" "$work/reasons" || has_mutant "$defect" ||
			echo "$defect has neither a mutant nor a reason"
	done <"$work/rows"
}

covered_twice() {
	while IFS= read -r defect; do
		if has_mutant "$defect"; then
			echo "$defect has a mutant, and a reason for having none"
		fi
	done <"$work/reasons"
}

unknown() {
	{
		cat "$work/reasons"
		sed -n 's/^Defect: //p' "$mutants"/*.edits
	} | sort -u | while IFS= read -r defect; do
		grep -qx "$defect" "$work/rows" ||
			echo "$defect has no row in docs/defects.md"
	done
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
rows "$mutants/README.md" >"$work/reasons"

nothing_from edits 'each mutant has its format and applies in exactly one place'
nothing_from cases 'each mutant names existing cases'
nothing_from uncovered 'each defect has a mutant or a reason'
nothing_from covered_twice 'no defect has both a mutant and a reason'
nothing_from unknown 'each mutant and each reason belongs to a known defect'
echo 1..$number
