#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fleet: runs three partitions with a tree each, whose messages go to one rsyslog and
# whose metrics go to one Prometheus, all with the configuration of examples/. The
# machines are network namespaces of this machine, and the hypervisors are simulated. It
# runs until it gets SIGINT or SIGTERM, and changes no file outside DIRECTORY.
#
#	sh examples/fleet/fleet.sh DIRECTORY [VMCFS [SECONDS]]
#
# DIRECTORY must be empty. It gets the logs of all partitions (log/), and for each machine
# (hub, part1, part2, part3) the process ID of a process in its namespaces (NAME.pid).
# Metrics are collected every SECONDS, by default every 15. It needs root, and on Debian
# the packages fuse3, iproute2, rsyslog, prometheus and prometheus-node-exporter.
set -eu

fail() {
	echo "fleet: $*" >&2
	exit 1
}

: "${1:?the directory is missing}"
[ "$(id -u)" -eq 0 ] || fail "root is needed for namespaces and mounts"
for program in "${2-vmcfs}" ip rsyslogd prometheus prometheus-node-exporter; do
	command -v "$program" >/dev/null || fail "there is no program $program"
done
directory=$(realpath "$1")
[ -d "$directory" ] || fail "there is no directory $directory"
vmcfs=$(realpath "$(command -v "${2-vmcfs}")")
seconds=${3-15}
case $seconds in
*[!0-9]* | 0* | '') fail "$seconds is not a whole number of seconds from 1" ;;
esac
[ -z "$(ls -A "$directory")" ] || fail "the directory $directory is not empty"
examples=$(realpath "$(dirname "$0")/..")
partitions='1 2 3'
children=''

# inside MACHINE COMMAND...: executes the command in the namespaces of a machine.
inside() {
	pid=$(cat "$directory/$1.pid")
	shift
	nsenter --target "$pid" --mount --net --uts -- "$@"
}

# start MACHINE COMMAND...: the same in the background, until the end of the fleet.
start() {
	pid=$(cat "$directory/$1.pid")
	shift
	nsenter --target "$pid" --mount --net --uts -- "$@" &
	children="$! $children"
}

cleanup() {
	status=$?
	trap - EXIT
	trap '' INT TERM HUP
	for child in $children; do
		kill "$child" 2>/dev/null || :
		wait "$child" || :
	done
	exit "$status"
}

# machine NAME: makes namespaces with a host name and empty directories for state.
machine() {
	# shellcheck disable=SC2016 # the inner shell expands them
	unshare --mount --net --uts sh -c '
		set -e
		hostname "$1"
		ip link set lo up
		for each in /run /var/log /var/spool/rsyslog /var/lib/prometheus; do
			mount -t tmpfs fleet "$each"
		done
		mount --bind "$2/hosts" /etc/hosts
		echo $$ >"$2/$1.new"
		mv "$2/$1.new" "$2/$1.pid"
		exec sleep infinity' sh "$1" "$directory" &
	children="$! $children"
	until [ -e "$directory/$1.pid" ]; do
		kill -0 "$!"
		sleep 0.05
	done
}

# connect NUMBER: gives the hub and a partition a network of their own.
connect() {
	inside hub ip link add "part$1" type veth \
		peer name hub netns "$(cat "$directory/part$1.pid")"
	inside hub ip address add "10.99.$1.1/24" dev "part$1"
	inside hub ip link set "part$1" up
	inside "part$1" ip address add "10.99.$1.2/24" dev hub
	inside "part$1" ip link set hub up
	inside "part$1" ip route add 10.99.0.1/32 dev hub
}

# hub: starts the log host and Prometheus.
hub() {
	machine hub
	inside hub ip address add 10.99.0.1/32 dev lo
	mkdir -p "$directory/log" "$directory/prometheus"
	inside hub mkdir /var/log/vmc
	inside hub mount --bind "$directory/log" /var/log/vmc
	start hub rsyslogd -n -f "$examples/rsyslog/loghost.conf" -i /run/rsyslog.pid
	cp "$examples/prometheus/alerts.yml" "$directory/alerts.yml"
	sed "s/_interval: 15s/_interval: ${seconds}s/" \
		"$examples/fleet/prometheus.yml" >"$directory/prometheus.yml"
	start hub prometheus --log.level=warn \
		--config.file="$directory/prometheus.yml" \
		--storage.tsdb.path="$directory/prometheus"
}

# partition NUMBER: mounts a tree with a session, and starts what reads it.
partition() {
	collected=/var/lib/prometheus/node-exporter
	machine "part$1"
	connect "$1"
	inside "part$1" mkdir /run/vmc "$collected"
	start "part$1" "$vmcfs" -f -o "open=0:part$1" sim /run/vmc
	until inside "part$1" mountpoint -q /run/vmc; do
		kill -0 "$!"
		sleep 0.05
	done
	start "part$1" rsyslogd -n -f "$directory/rsyslog.conf" -i /run/rsyslog.pid
	start "part$1" sh "$examples/textfile.sh" /run/vmc "$collected" "$seconds"
	start "part$1" prometheus-node-exporter --log.level=error \
		--collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$collected"
}

trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The part of Debian's /etc/rsyslog.conf that the forwarding relies on.
cat >"$directory/rsyslog.conf" <<END
\$WorkDirectory /var/spool/rsyslog
\$IncludeConfig $examples/rsyslog/vmcfs.conf
END
{
	echo 127.0.0.1 localhost
	echo 10.99.0.1 loghost
	for number in $partitions; do
		echo "10.99.$number.2 part$number"
	done
} >"$directory/hosts"

hub
for number in $partitions; do
	partition "$number"
done
echo 'The fleet runs.'
wait
