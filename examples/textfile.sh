#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Textfile: copies the metrics of a mounted tree for the textfile collector of
# node_exporter, every SECONDS, or once: start it as a service, or from a timer or cron,
# as a user who may read the tree.
#
#	sh examples/textfile.sh /run/vmc /var/lib/prometheus/node-exporter [SECONDS [NAME]]
#
# One of several trees needs a NAME of letters, digits, "_" and "-": its samples get the
# label tree="NAME", and its file is vmcfs-NAME.prom.
#
# A reader of the file sees the old or the new text, never a part. Without a mounted
# tree the file is removed, so that the metrics become stale, and the alert
# VmcMetricsAbsent fires.
set -eu

refuse() {
	echo "textfile.sh: $*" >&2
	exit 64
}

case $# in
[234]) ;;
*) refuse "give the mount point, a directory, and maybe SECONDS and NAME" ;;
esac
tree=$1
seconds=${3-}
name=${4-}
file=$2/vmcfs${name:+-$name}.prom
label=${name:+tree=\"$name\"}

[ -d "$2" ] || refuse "$2 is not a directory"
case $seconds in
*[!0-9.]* | *.*.*) refuse "$seconds is not a number of seconds" ;;
*[1-9]* | '') ;;
*) refuse "the number of seconds must be greater than 0" ;;
esac
case $name in
*[!A-Za-z0-9_-]*) refuse "a name has letters, digits, _ and - only: $name" ;;
esac

# labelled: copies metrics, with the label in each sample.
labelled() {
	sed -e '/^#/b' -e "s/{/{$label,/;t" -e "s/ /{$label} /"
}

# Without a tree the redirection fails, and so does the replacement.
replace() {
	{ if [ -n "$name" ]; then labelled; else cat; fi; } \
		<"$tree/metrics" >"$file.new" && mv "$file.new" "$file"
}

# copy: removes what is left if the copy fails or a signal interrupts it.
copy() {
	trap 'rm -f "$file.new"; exit 143' HUP INT TERM
	replace || { rm -f "$file" "$file.new" && false; }
	copied=$?
	trap - HUP INT TERM
	return "$copied"
}

if [ -z "$seconds" ]; then
	copy
	exit
fi
while :; do
	copy || :
	sleep "$seconds"
done
