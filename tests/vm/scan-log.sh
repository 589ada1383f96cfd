#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Kernel log: searches it for panics, oopses, warnings, and reports of the debug
# kernel. It does not decide what a guest's failure is.
#
#	scan-log.sh FILE [no-memory|left-mapped]
#
# prints the matching lines, and fails if there are any. Harmless lines that match
# are listed only here. "no-memory" accepts traces of failed allocations;
# "left-mapped" accepts that a device was removed with memory mapped for it.
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
	echo '# the kernel log has:'
	echo "$found" | sed 's/^/#   /' | head -n 40
	exit 1
fi
