#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Textfile: copies the metrics of a mounted tree for the textfile collector of
# node_exporter, every SECONDS, or once: start it as a service, or from a timer or cron,
# as a user who may read the tree.
#
#	sh examples/textfile.sh /run/vmc /var/lib/prometheus/node-exporter [SECONDS]
#
# A reader of the file sees the old or the new text, never a part. Without a mounted
# tree the file is removed, so that the metrics become stale, and the alert
# VmcMetricsAbsent fires.
set -eu
tree=$1
file=$2/vmcfs.prom
seconds=${3-}

copy() {
	if ! cat "$tree/metrics" >"$file.new"; then
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
