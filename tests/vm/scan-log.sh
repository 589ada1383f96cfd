#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel log: prints panics, oopses, warnings, and reports of the debug kernel, and
# fails if there are any. It does not read the output of the command.
#
#	scan-log.sh FILE [no-memory|left-mapped]
#
# "no-memory" accepts traces of failed allocations; "left-mapped" accepts the removal
# of a device for which memory is mapped. Harmless lines that match are listed here
# only.
set -u
log=$1
case ${2:-} in
no-memory) accepted='/: vmalloc error: .*allocation failed/,/<\/TASK>/' ;;
left-mapped) accepted='/iommu_table_free: Unexpected TCEs/' ;;
*) accepted='/^$/' ;;
esac

bad='BUG|WARNING|Oops|[Pp]anic|possible (recursive|circular|irq)'
bad="$bad|[Ll]eak|refcount|Call Trace|blocked for more than|hung"
bad="$bad|KASAN|KCSAN|UBSAN|DMA-API|ODEBUG|rcu:.*(stall|detected)"
bad="$bad|soft lockup|hard LOCKUP|general protection|unable to handle"
bad="$bad|sleeping function|scheduling while atomic|bad page|double free"
bad="$bad|list_(add|del) corruption|Unexpected TCEs|cut here|init: .*cannot be"
good='Kernel memory leak detector (initialized|disabled)'
good="$good|^[^a-z]*Command line:|[Kk]ernel command line:"

found=$(sed "${accepted}d" "$log" | grep -aE "$bad" | grep -avE "$good")
if [ -n "$found" ]; then
	echo '# reports in the kernel log:'
	echo "$found" | sed 's/^/#   /' | head -n 40
	exit 1
fi
