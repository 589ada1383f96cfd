# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcfs for bash: options, mount options, sources and directories. It
# reads the options from "vmcfs --help".
# shellcheck shell=bash

_vmcfs_options() {
	"$1" --help 2>/dev/null |
		sed -n '/^Options:/,/^$/s/^  \(-., \)\{0,1\}\(--[a-z-]*=\{0,1\}\).*/\2/p'
}

_vmcfs_mount_options() {
	"$1" --help 2>/dev/null |
		sed -n '/^Mount options/,/^Exit/s/^  \([a-z][a-z_.]*=\{0,1\}\).*/\1/p'
}

# _vmcfs_list PROGRAM CURRENT: completes the last mount option of a list. Only the text
# after the last "=" or ":" is replaced, as readline divides words there.
_vmcfs_list() {
	local line=${COMP_LINE:0:COMP_POINT} item before=
	item=${line##*[[:space:]]}
	item=${item#--options=}
	item=${item#-o}
	item=${item##*,}
	case $item in
	log_level=*)
		mapfile -t COMPREPLY < <(compgen \
			-W 'error warning message info debug' -- "${item#*=}")
		return 0
		;;
	uid=*)
		mapfile -t COMPREPLY < <(compgen -u -- "${item#*=}")
		return 0
		;;
	gid=*)
		mapfile -t COMPREPLY < <(compgen -g -- "${item#*=}")
		return 0
		;;
	*=*) return 0 ;;
	esac
	[[ $2 == *,* ]] && before=${2%,*},
	compopt -o nospace
	mapfile -t COMPREPLY < <(compgen -P "$before" \
		-W "$(_vmcfs_mount_options "$1")" -- "$item")
}

_vmcfs() {
	local cur=${2#=} line=${COMP_LINE:0:COMP_POINT}
	local list='[[:space:]](-o[[:space:]]*|--options(=|[[:space:]]+))[^[:space:]]*$'
	if [[ $line =~ $list ]]; then
		_vmcfs_list "$1" "$cur"
		return 0
	fi
	if [[ $line =~ [[:space:]]--step(=|[[:space:]]+)[^[:space:]]*$ ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'prepare serve reload release' \
			-- "$cur")
		return 0
	fi
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_vmcfs_options "$1")" -- "$cur")
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
		return 0
	fi
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen -W sim -- "$cur"; compgen -d -- "$cur"
		[[ $cur != /dev/* ]] || compgen -f -- "$cur")
}

complete -F _vmcfs vmcfs
