#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2086 # the busybox of the guest
#
# In a guest that is an emulated POWER partition: all devices go to sleep and wake
# up, and what came by a lost interrupt meanwhile is seen (D-44). The host's files
# do not survive that sleep, so this script runs from memory, with what is there.
# Speaks TAP.
memory=/run/guest
if [ "$0" != $memory/sleep.sh ]; then
	cp "$0" $memory/sleep.sh
	for module in ibmvmc vmc-hv vmc-phyp; do
		insmod "$VMCFS_TEST_KERNEL/modules/$module.ko" || exit
	done
	cd / || exit
	exec $memory/busybox sh $memory/sleep.sh
fi

b=$memory/busybox
knobs=/sys/kernel/debug/vmc-phyp
channel=/sys/class/misc/ibmvmc

# await FILE TEXT
await() {
	until [ "$($b cat "$1")" = "$2" ]; do
		$b usleep 10000
	done
}

# The driver may still be at what made it ready, and then takes the entry along
# without an interrupt: what is sent again once it has nothing to do is not seen.
await $channel/state ready
echo 1 >$knobs/mute
sent=$($b cat $channel/counters/dropped_entries)
verdict='not ok'
for try in 1 2 3 4 5 6 7 8 9 10; do
	echo 80ff000000000000 0 >$knobs/entry
	sent=$((sent + 1))
	$b usleep 200000
	if [ "$($b cat $channel/counters/dropped_entries)" -lt "$sent" ]; then
		verdict=ok
		break
	fi
done
echo 0 >$knobs/mute
echo "# entry $try"
echo "$verdict 1 - an entry whose interrupt is lost is not seen"
echo >$memory/slept
echo devices >/sys/power/pm_test
echo freeze >/sys/power/state
await $channel/counters/dropped_entries $sent
echo 'ok 2 - it is seen when the machine wakes up'
await $channel/state ready
echo 'ok 3 - the channel is still ready'
echo 1..3
