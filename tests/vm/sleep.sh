#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sleep: expects that the driver drains its queue when the devices of an emulated POWER
# partition wake up, so that an entry whose interrupt was lost is handled (D-44). The
# files of the host are unusable after the sleep: the script copies itself to memory
# and uses only busybox. It does not suspend the processor. Prints TAP.
# shellcheck disable=SC2086 # the busybox of the guest
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

# await FILE TEXT: waits until the file contains the text.
await() {
	until [ "$($b cat "$1")" = "$2" ]; do
		$b usleep 10000
	done
}

# While the driver still drains its queue it also handles an entry without an
# interrupt. So the entry is sent until one is not handled.
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
echo "# attempt $try"
echo "$verdict 1 - an entry whose interrupt is lost is not handled"
echo >$memory/slept
echo devices >/sys/power/pm_test
echo freeze >/sys/power/state
await $channel/counters/dropped_entries $sent
echo 'ok 2 - the entry is handled when the machine wakes up'
await $channel/state ready
echo 'ok 3 - the channel is still ready'
echo 1..3
