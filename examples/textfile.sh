#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Textfile: copies the metrics of a mounted tree for the textfile collector of
# node_exporter. It runs once: start it from a systemd timer or from cron, as a user
# who may read the tree.
#
#	sh examples/textfile.sh /run/vmc /var/lib/prometheus/node-exporter
#
# A reader of the file sees the old or the new text, never a part. Without a mounted
# tree the file is removed, so that the metrics become stale and an alert on
# absent(vmcfs_channel_ready) fires.
set -eu
tree=$1
file=$2/vmcfs.prom

if ! cat "$tree/metrics" >"$file.new"; then
	rm -f "$file" "$file.new"
	exit 1
fi
mv "$file.new" "$file"
