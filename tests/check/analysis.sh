#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Static analysis: gcc's analyzer, clang-tidy (.clang-tidy) and cppcheck report nothing
# for what user space compiles: the daemon, the engine, the simulated hypervisor and
# the simulated channel; codespell reports nothing for the whole tree. The tools of the kernel are in check/kmod (sparse) and
# check/checkpatch; shellcheck is in check/shell. Prints TAP.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

# check SENTENCE COMMAND...: passes if the command succeeds and prints nothing.
check() {
	number=$((number + 1))
	sentence=$1
	shift
	if "$@" >"$work/log" 2>&1 && ! [ -s "$work/log" ]; then
		echo "ok $number - $sentence"
	else
		sed 's/^/# /' "$work/log"
		echo "not ok $number - $sentence"
	fi
}

# sources: the files of the build, relative to the top.
sources() {
	python3 -c 'import json, os, sys
for each in json.load(open(sys.argv[1])):
	print(os.path.relpath(os.path.join(each["directory"], each["file"])))' \
		"$work/build/compile_commands.json" | sort -u
}

# each_source COMMAND...: runs it for each source file, in parallel on all
# processors.
each_source() {
	sources | xargs -P "$(nproc)" -I FILE "$@"
}

configure() {
	meson setup "$work/build" -Dtests=disabled >"$work/setup" 2>&1 ||
		cat "$work/setup"
}

flags() {
	echo "-std=gnu17 -D_GNU_SOURCE -DVMCFS_VERSION=\"0\" -Iinclude -Iinclude/shims -Ikmod -Ivmcfs"
	pkg-config --cflags glib-2.0 fuse3
}

# The analyzer is a pass of a compilation.
gcc_analyzer() {
	# shellcheck disable=SC2046 # words wanted
	each_source gcc $(flags) -O1 -fanalyzer -c -o /dev/null FILE
}

# clang-tidy prints the number of suppressed warnings on standard error.
clang_tidy() {
	each_source clang-tidy -p "$work/build" --quiet FILE 2>"$work/counts" || {
		cat "$work/counts"
		return 1
	}
}

run_cppcheck() {
	# shellcheck disable=SC2046 # words wanted
	cppcheck --quiet --error-exitcode=1 --inline-suppr -j "$(nproc)" \
		--enable=warning,performance,portability --std=c11 \
		-Iinclude -Ikmod -Ivmcfs -Iinclude/shims -D_GNU_SOURCE $(sources)
}

# The words are names: of the kernel, of /proc, of a fixture.
run_codespell() {
	git ls-files -co --exclude-standard -- . ':!LICENSES' ':!tests/fuzz/corpus' |
		xargs codespell --ignore-words-list=filp,inh
}

check 'a build directory is configured for clang-tidy' configure
check "gcc's analyzer reports nothing" gcc_analyzer
check 'clang-tidy reports nothing' clang_tidy
check 'cppcheck reports nothing' run_cppcheck
check 'codespell reports nothing' run_codespell
echo "1..$number"
