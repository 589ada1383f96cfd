#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mutants: brings the known defects back, one at a time, and expects that the cases
# which exclude a defect fail. It changes nothing outside its copies of the tree.
# Prints TAP.
#
#	sh tests/mutants/run.sh [--jobs N] [NAME...]
#
# A NAME is a defect (D-29), one of its mutants (D-29-b), or the beginning of the name
# of a case (unit, unit/close, sanitized). First each selected case must pass without a
# mutant. Then the edits of each mutant are applied to a copy of the tree, its cases
# run, and the edits are reverted. README.md here describes the format.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
LC_ALL=C.UTF-8
GIT_CONFIG_COUNT=1
GIT_CONFIG_KEY_0=safe.directory
GIT_CONFIG_VALUE_0='*'
export LC_ALL GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
mutants=tests/mutants

jobs=$(nproc 2>/dev/null || echo 1)
if [ "${1-}" = --jobs ]; then
	jobs=${2-}
	shift $(($# < 2 ? $# : 2))
fi
case $jobs in
'' | *[!0-9]* | 0)
	echo "usage: sh $mutants/run.sh [--jobs N] [NAME...]" >&2
	exit 2
	;;
esac

# wanted MUTANT CASE NAME...: succeeds if no name is given, or one selects this case.
wanted() {
	mutant=$1
	what=$2
	shift 2
	[ $# -eq 0 ] && return 0
	for each; do
		case $mutant in "$each" | "$each"-[a-z]) return 0 ;; esac
		case "$what" in "$each" | "$each"[/\ ]*) return 0 ;; esac
	done
	return 1
}

# check TREE TEST [CASE]: runs the case of a line "Fails:". Returns 0 if the case
# passes, 1 if it fails, 2 if there is no result.
check() {
	kind=${2#sanitized/}
	kind=${kind%%/*}
	if ! [ -f "$mutants/check-$kind.sh" ]; then
		echo "$mutants/check-$kind.sh does not exist"
		return 2
	fi
	sh "$mutants/check-$kind.sh" "$@"
}

# copy TREE: copies the tree, including changes that are not committed.
copy() {
	mkdir "$1" &&
		git ls-files -co --exclude-standard | while IFS= read -r file; do
			if [ -f "$file" ]; then echo "$file"; fi
		done >"$1.files" &&
		tar -cf - -T "$1.files" | tar -xf - -C "$1"
}

# each FILE JOB FUNCTION: calls the function with JOB and each line of FILE that no
# other job has taken.
each() {
	line=0
	while IFS= read -r text; do
		line=$((line + 1))
		mkdir "$1.$line" 2>/dev/null || continue
		"$3" "$2" "$text"
	done <"$1"
}

# passes JOB CASE: runs the case without a mutant; prints something only if it fails.
passes() {
	# shellcheck disable=SC2086 # a test, and a case or nothing
	check "$work/tree-$1" $2 >"$work/seen-$1" && return
	sed 's/^/# /' "$work/seen-$1"
	echo "# $2 does not pass without a mutant"
}

# mutant JOB MUTANT: runs the cases of a mutant and writes lines of TAP without
# numbers. The output of a case is included only if its result is not the expected one.
mutant() {
	tree=$work/tree-$1
	seen=$work/seen-$1
	if ! python3 "$mutants/edits.py" apply "$2" "$tree" >"$seen" 2>&1; then
		sed 's/^/# /' "$seen"
		echo "not ok - $2: the edits apply"
		return
	fi >"$work/of/$2.tap"
	while IFS= read -r what; do
		# shellcheck disable=SC2086 # a test, and a case or nothing
		check "$tree" $what >"$seen"
		status=$?
		if [ $status -eq 1 ]; then
			echo "ok - $2: $what fails"
			continue
		fi
		sed 's/^/# /' "$seen"
		[ $status -eq 0 ] || echo '# the case gave no result'
		echo "not ok - $2: $what fails"
	done <"$work/of/$2" >"$work/of/$2.tap"
	python3 "$mutants/edits.py" restore "$tree" ||
		echo "not ok - $2: the edits are reverted" >>"$work/of/$2.tap"
}

before() { copy "$work/tree-$1" && each "$work/cases" "$1" passes; }
after() { each "$work/mutants" "$1" mutant; }

# in_parallel FUNCTION: runs it once for each job, in parallel, and waits for all.
in_parallel() {
	workers=
	job=1
	while [ $job -le "$jobs" ]; do
		"$1" $job &
		workers="$workers $!"
		job=$((job + 1))
	done
	for worker in $workers; do
		wait "$worker" || echo "# job $worker ended with status $?"
	done
	workers=
}

workers=
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 # words wanted
trap 'kill $workers 2>/dev/null; exit 130' INT TERM HUP

# The wanted cases of each mutant, and of all mutants.
mkdir "$work/of"
python3 "$mutants/edits.py" list >"$work/list" || exit 1
while read -r name what; do
	if wanted "$name" "$what" "$@"; then
		echo "$what" >>"$work/of/$name"
		echo "$name"
	fi
done <"$work/list" | uniq >"$work/mutants"
find "$work/of" -type f -exec cat {} + | sort >"$work/all"
uniq "$work/all" >"$work/cases"
count=$(wc -l <"$work/all")
[ "$jobs" -le "$count" ] || jobs=$((count > 0 ? count : 1))

in_parallel before >"$work/before"
cat "$work/before"
[ "$count" -gt 0 ] || echo "# no mutant matches: $*"
if [ "$count" -eq 0 ] || [ -s "$work/before" ]; then
	echo 'not ok 1 - each case passes without a mutant'
	echo 1..1
	exit 1
fi
echo 'ok 1 - each case passes without a mutant'

in_parallel after
while IFS= read -r name; do
	cat "$work/of/$name.tap"
done <"$work/mutants" >"$work/after"
awk '/^(not )?ok / { sub(/ok /, "ok " ++n + 1 " ") } 1' "$work/after"
echo "1..$((count + 1))"
[ "$(grep -c '^ok ' "$work/after")" -eq "$count" ]
