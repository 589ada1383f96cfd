#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Static analysis of the daemon, the engine, the simulated hypervisor and their
# junction: gcc's analyzer, clang-tidy (.clang-tidy), cppcheck, and codespell for
# the whole tree. None of them may report anything. The kernel's own tools (sparse,
# checkpatch) are part of check/kmod, shellcheck is check/shell. Speaks TAP.
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

sources() {
	git ls-files -co --exclude-standard -- 'vmcfs/*.c' 'kmod/engine/*.c' \
		'kmod/hv/*.c' 'kmod/sim/*.c'
}

# each_source COMMAND...: runs it for each source file, as many at a time as there
# are processors.
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

# A compilation is needed: the analyzer is one of its passes.
gcc_analyzer() {
	# shellcheck disable=SC2046 # words wanted
	each_source gcc $(flags) -O1 -fanalyzer -c -o /dev/null FILE
}

# What clang-tidy counts goes to standard error.
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
