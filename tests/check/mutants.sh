#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The patches in tests/mutants are in order: each has its header, applies, in
# one place only, and names cases that there are; each row of docs/defects
# has a patch, or a reason in the table of tests/mutants/README.md. It runs no
# mutant (tests/mutants/run.sh does). Speaks TAP.
set -u
mutants=tests/mutants
number=0

# nothing_from FUNCTION SENTENCE: ok if the function has nothing to say.
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

# rows FILE...: the defects that have a row there.
rows() {
	sed -n 's/^| \(D-[0-9]*\) |.*/\1/p' "$@"
}

has_patch() {
	set -- "$mutants/$1.patch" "$mutants/$1"-[a-z].patch
	[ -f "$1" ] || [ -f "$2" ]
}

# slugs PROGRAM: the cases of a test in Python, each as one word.
slugs() {
	sed -n "s/^@case('\(.*\)'.*/\1/p" "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9][^a-z0-9]*/-/g'
}

# has_check TEST CASE: is there a check of this kind, and the case?
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

headers() {
	for file in "$mutants"/*.patch; do
		name=$(basename "$file" .patch)
		defect=$(sed -n '2s/^Defect: \(D-[0-9]*\)$/\1/p' "$file")
		case $name in "$defect" | "$defect"-[a-z]) ;; *)
			echo "$file: line 2 is not the defect of the file's name"
			;;
		esac
		sed -n 3p "$file" | grep -q '^Breaks: .*\.$' ||
			echo "$file: line 3 does not say what it breaks"
		sed -n 4p "$file" | grep -q '^Fails: .' ||
			echo "$file: line 4 does not say what fails"
	done
}

cases() {
	for file in "$mutants"/*.patch; do
		sed -n 's/^Fails: //p' "$file" | while read -r test name; do
			has_check "$test" "$name" ||
				echo "$file: there is no $test $name"
		done
	done
}

applying() {
	for file in "$mutants"/*.patch; do
		git apply --check "$file" || echo "$file does not apply"
	done
}

places() {
	python3 "$mutants/places.py" "$mutants"/*.patch
}

uncovered() {
	rows docs/defects/*.md >"$work/rows"
	[ -s "$work/rows" ] || echo 'docs/defects has no rows'
	while IFS= read -r defect; do
		grep -qx "$defect" "$work/reasons" || has_patch "$defect" ||
			echo "$defect has neither a patch nor a reason"
	done <"$work/rows"
}

covered_twice() {
	while IFS= read -r defect; do
		if has_patch "$defect"; then
			echo "$defect has a patch, and a reason for none"
		fi
	done <"$work/reasons"
}

unknown() {
	{
		cat "$work/reasons"
		sed -n 's/^Defect: //p' "$mutants"/*.patch
	} | sort -u | while IFS= read -r defect; do
		grep -qx "$defect" "$work/rows" ||
			echo "$defect has no row in docs/defects"
	done
}

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
rows "$mutants/README.md" >"$work/reasons"

nothing_from headers 'each patch has its header'
nothing_from cases 'each patch names cases that there are'
nothing_from applying 'each patch applies'
nothing_from places 'each hunk fits one place only'
nothing_from uncovered 'each defect has a patch or a reason'
nothing_from covered_twice 'no defect has both'
nothing_from unknown 'each patch and each reason is of a known defect'
echo 1..$number
