#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Budget: expects that no operation of a tree takes more instructions and allocations
# than tests/bench/budget.txt permits, as callgrind counts them in the plain build. An
# operation that takes far less fails too, so that the budget follows improvements. It
# measures no time. Prints TAP.
set -u
. tests/lib/packages.sh
program=build-test/plain/tests/bench/bench-budget
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The same functions of the C library on every x86-64 processor.
PLAIN_CPU=-ERMS,-FSRM,-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX_Fast_Unaligned_Load

# Instructions that compilers and libraries may add, and a number that shows an
# improvement, in percent.
MORE=2
LESS=15

# count: writes the files "allocations" and "instructions". GLib allocates more under
# valgrind, so that allocations are counted without it.
count() {
	packages_need valgrind &&
		sh tests/build.sh plain &&
		env -u G_SLICE "$program" >"$work/allocations" &&
		GLIBC_TUNABLES="glibc.cpu.hwcaps=$PLAIN_CPU" valgrind --quiet \
			--tool=callgrind --callgrind-out-file="$work/calls" "$program" &&
		callgrind_annotate --inclusive=yes --auto=no --threshold=100 \
			"$work/calls" >"$work/instructions"
}

if ! count >"$work/log" 2>&1; then
	sed 's/^/# /' "$work/log"
	echo "not ok 1 - the operations can be counted"
	echo "1..1"
	exit 1
fi

# All numbers are per operation. The output of callgrind has lines like
# " 1,234 (5.6%)  budget.c:run_write_64 [program]".
awk -v more="$MORE" -v less="$LESS" '
function counted(name) {
	return operations[name] ? instructions[name] / operations[name] : 0
}
function show(name) {
	printf "# %s %.0f %.2f\n", name, counted(name), allocations[name]
}
FILENAME ~ /instructions$/ {
	if (match($0, /:run_[a-z0-9_]+/)) {
		name = substr($0, RSTART + 5, RLENGTH - 5)
		gsub(/,/, "", $1)
		instructions[name] = $1
	}
	next
}
FILENAME ~ /allocations$/ {
	operations[$1] = $2
	allocations[$1] = $4 / $3
	next
}
/^#/ || !NF { next }
{
	budget[$1] = $2
	permitted[$1] = $3
	order[++count] = $1
}
END {
	for (i = 1; i <= count; i++) {
		name = order[i]
		got = counted(name)
		high = got > budget[name] * (1 + more / 100)
		low = got < budget[name] * (1 - less / 100)
		show(name)
		if (high || allocations[name] > permitted[name] + 0.005)
			print "# more than the budget: spend less, or raise it" \
				" with the reason in the commit"
		else if (low || allocations[name] < permitted[name] - 0.005)
			print "# less than the budget: lower it"
		else
			good = good " " name " "
		result = index(good, " " name " ") ? "ok" : "not ok"
		printf "%s %d - %s takes its budget\n", result, i, name
		delete operations[name]
	}
	for (name in operations) {
		show(name)
		printf "not ok %d - %s has a budget\n", ++count, name
	}
	print "1.." count
}' "$work/instructions" "$work/allocations" tests/bench/budget.txt
