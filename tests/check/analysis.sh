#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Static analysis: expects that gcc's analyzer, clang-tidy and cppcheck report nothing
# for the sources of daemon and client, which include engine, hypervisor and sim, and that
# codespell reports nothing for the whole tree. It does not analyse the modules
# (check/kmod, check/checkpatch) or shell scripts (check/shell). Prints TAP.
set -u
. tests/lib/check.sh

# silent COMMAND...: the command must succeed and print nothing.
silent() {
	"$@" >"$work/said" 2>&1 && ! [ -s "$work/said" ] && return
	cat "$work/said"
	return 1
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
		-Iinclude -Ikmod -Ivmcfs -Iinclude/shims -D_GNU_SOURCE '-DG_STRINGIFY(x)="x"' \
		'-DG_GNUC_PRINTF(format,arguments)=' \
		'-DG_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(type,clear)=' $(sources)
}

# run_codespell: ignores names of the kernel and of /proc.
run_codespell() {
	git ls-files -co --exclude-standard -- . ':!LICENSES' ':!tests/fuzz/corpus' |
		xargs codespell --ignore-words-list=filp,inh
}

check 'a build directory is configured for clang-tidy' silent configure
check "gcc's analyzer reports nothing" silent gcc_analyzer
check 'clang-tidy reports nothing' silent clang_tidy
check 'cppcheck reports nothing' silent run_cppcheck
check 'codespell reports nothing' silent run_codespell
echo "1..$number"
