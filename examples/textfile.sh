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
tree=$1
seconds=${3-}
name=${4-}
file=$2/vmcfs${name:+-$name}.prom
label=${name:+tree=\"$name\"}

case $name in
*[!A-Za-z0-9_-]*)
	echo "textfile.sh: a name has letters, digits, _ and - only: $name" >&2
	exit 64
	;;
esac

# labelled: copies metrics, with the label in each sample.
labelled() {
	sed -e '/^#/b' -e "s/{/{$label,/;t" -e "s/ /{$label} /"
}

# Without a tree the redirection fails, and so does the copy.
copy() {
	if ! { if [ -n "$name" ]; then labelled; else cat; fi; } \
		<"$tree/metrics" >"$file.new"; then
		rm -f "$file" "$file.new"
		return 1
	fi
	mv "$file.new" "$file"
}

if [ -z "$seconds" ]; then
	copy
	exit
fi
copy || :
while sleep "$seconds"; do
	copy || :
done
