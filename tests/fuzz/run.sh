#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzzing: runs all or the named targets with libFuzzer, each for SECONDS, and updates
# the committed corpora. It does not run the storms.
#
#	sh tests/fuzz/run.sh SECONDS [TARGET...]
#
# A target begins with the committed corpus and with the inputs of earlier runs in
# build-test/fuzz/corpus. Then the smallest inputs that reach the same code replace the
# committed corpus, up to 18 KB of text. A find ends the target: its input is in
# build-test/fuzz/finds, and the exit status is 1. As root on Debian the script
# installs clang.
set -u
unset CDPATH
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/sanitize.sh
. tests/lib/packages.sh

OUT=build-test/fuzz
ALL='crq grammar options requests router'
MAX_LEN=1024

build() {
	options='-Dtests=disabled -Dfuzzing=true -Doptimization=1'
	options="$options -Db_sanitize=address,undefined -Db_lundef=false"
	if ! [ -d "$OUT/build" ]; then
		# shellcheck disable=SC2086 # words wanted
		CC=clang meson setup "$OUT/build" $options \
			"-Dc_args=-fsanitize=fuzzer-no-link $sanitize_compile" ||
			return 1
	fi
	meson compile -C "$OUT/build"
}

# fuzz TARGET SECONDS: runs the target, prints a summary, and updates the corpus.
fuzz() {
	program=$PWD/$OUT/build/tests/fuzz/fuzz-$1
	corpus=$OUT/corpus/$1
	least=$OUT/least/$1
	dictionary=tests/fuzz/corpus/$1.dict
	mkdir -p "$corpus" "$OUT/finds"
	rm -rf "$least"
	mkdir -p "$least"
	for text in corpus finds; do
		python3 tests/lib/corpus.py unpack "tests/fuzz/$text/$1.hex" \
			"$corpus"
	done
	set -- "$1" "$2" -max_len=$MAX_LEN -timeout=60 -rss_limit_mb=4096 \
		"-artifact_prefix=$OUT/finds/$1-"
	[ ! -f "$dictionary" ] || set -- "$@" "-dict=$dictionary"
	target=$1
	seconds=$2
	shift 2
	"$program" "$@" "-max_total_time=$seconds" -print_final_stats=1 \
		"$corpus" >"$OUT/$target.log" 2>&1
	status=$?
	grep -E 'cov:|^stat::number|SUMMARY' "$OUT/$target.log" | tail -n 3
	"$program" "$@" -merge=1 "$least" "$corpus" >"$OUT/$target.merge" 2>&1
	python3 tests/lib/corpus.py pack "$least" "tests/fuzz/corpus/$target.hex"
	return $status
}

case ${1:-} in
'' | *[!0-9]*)
	echo "usage: sh tests/fuzz/run.sh SECONDS [TARGET...]" >&2
	exit 64
	;;
esac
seconds=$1
shift
# shellcheck disable=SC2086 # words wanted
[ $# -gt 0 ] || set -- $ALL
# shellcheck disable=SC2046 # words wanted
packages_need $(packages_fuzzing) || exit 1
build || exit 1
failed=0
for each; do
	echo "== $each"
	if ! fuzz "$each" "$seconds"; then
		echo "FAIL: $each: see $OUT/$each.log; the input is in $OUT/finds"
		failed=1
	fi
done
exit $failed
