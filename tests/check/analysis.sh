#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Static analysis: expects that gcc's analyzer, clang-tidy and cppcheck report nothing
# for the sources of the daemon, which include engine, hypervisor and sim, and that
# codespell reports nothing for the whole tree. It does not analyse the modules
# (check/kmod, check/checkpatch) or shell scripts (check/shell). Prints TAP.
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

# sources: prints the source files of the build, relative to the top directory.
sources() {
	python3 -c 'import json, os, sys
for each in json.load(open(sys.argv[1])):
	print(os.path.relpath(os.path.join(each["directory"], each["file"])))' \
		"$work/build/compile_commands.json" | grep -v '^tests/' | sort -u
}

# each_source COMMAND...: runs the command for each source file, in parallel. The word
# FILE in it stands for the file.
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

# clang_tidy: discards standard error, where clang-tidy counts suppressed warnings.
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
		-Iinclude -Ikmod -Ivmcfs -Iinclude/shims -D_GNU_SOURCE '-DG_STRINGIFY(x)="x"' $(sources)
}

# run_codespell: ignores names of the kernel and of /proc.
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
