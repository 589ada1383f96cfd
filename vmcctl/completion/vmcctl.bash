# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcctl for bash: commands, options, indices and directories. It runs
# "vmcctl list" for the indices.
# shellcheck shell=bash

# _vmcctl_parse: finds the command, the number of arguments, and -m before the cursor.
# readline makes a word of "=".
_vmcctl_parse() {
	local i word value=
	command=
	arguments=0
	mount=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == = ]]; then
			continue
		elif [[ $value ]]; then
			[[ $value == mount ]] && mount=(-m "${word/#\~/$HOME}")
			value=
			continue
		fi
		case $word in
		-m | --mount) value=mount ;;
		-t | --timeout | -n | --count) value=other ;;
		-*) ;;
		*)
			[[ $command ]] && arguments=$((arguments + 1))
			: "${command:=$word}"
			;;
		esac
	done
	wanted=$value
}

_vmcctl_options() {
	local options='-m --mount -h --help'
	case $command in
	'') options+=' -V --version' ;;
	receive) options+=' -t --timeout -n --count' ;;
	request) options+=' -t --timeout' ;;
	status) options+=' --json' ;;
	esac
	echo "$options"
}

_vmcctl_indices() {
	local index rest
	"$1" "${mount[@]}" list 2>/dev/null | while read -r index rest; do
		[[ $index == INDEX ]] || echo "$index"
	done
}

_vmcctl() {
	local command arguments mount wanted words='' cur=${2#=}
	_vmcctl_parse
	if [[ $wanted ]]; then
		[[ $wanted == mount ]] || return 0
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return 0
	fi
	if [[ $cur == -* ]]; then
		words=$(_vmcctl_options)
	elif [[ -z $command ]]; then
		words='open close send receive request follow status list'
	elif ((arguments == 0)) && [[ $command != list ]]; then
		words=$(_vmcctl_indices "$1")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _vmcctl vmcctl
