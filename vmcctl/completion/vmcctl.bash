# SPDX-License-Identifier: GPL-2.0-or-later
#
# Completion of vmcctl for bash: commands, options, indices and directories. It runs
# "vmcctl list" for the indices.
# shellcheck shell=bash

# Piece of a word that executes nothing when it is expanded.
_vmcctl_plain='\$[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\}'
_vmcctl_plain="([^[:space:]\"'\\\$\`;&|<>()]|\\\\.|'[^']*'|$_vmcctl_plain|\
\"([^\"\\\$\`]|\\\\.|$_vmcctl_plain)*\")"

# _vmcctl_unquote WORD: sets "unquoted" to the expansion of a word of such pieces, of
# which the last quote may be missing, or else to the word.
_vmcctl_unquote() {
	local quote
	unquoted=$1
	for quote in '' "'" '"'; do
		if [[ $1$quote =~ ^$_vmcctl_plain+$ ]]; then
			eval "unquoted=$1$quote"
			return
		fi
	done
}

# _vmcctl_option WORD: sets "wanted" to the value that an option takes, and "prefix" to
# what stands before it in the same word.
_vmcctl_option() {
	prefix=
	case $1 in
	-m* | --mount | --mount=*) wanted=mount ;;
	-[tn]* | --timeout | --timeout=* | --count | --count=*) wanted=other ;;
	*) return ;;
	esac
	case $1 in
	--*=*) prefix=${1%%=*}= ;;
	-[mtn]?*) prefix=${1:0:2} ;;
	esac
}

# _vmcctl_take WORD: takes a word before the cursor.
_vmcctl_take() {
	if [[ ! $wanted && $1 == -* ]]; then
		_vmcctl_option "$1"
		[[ $prefix ]] || return 0
	fi
	if [[ $wanted ]]; then
		[[ $wanted != mount ]] || mount=(-m "${1#"$prefix"}")
		wanted=
		prefix=
	else
		words+=("$1")
	fi
}

# _vmcctl_parse: sets "words" and "mount" from the words before the cursor, "full" to
# the word at the cursor, and "wanted" if that is the value of an option. COMP_WORDS
# has other words: readline divides them at "=" and ":", and keeps their quotes.
_vmcctl_parse() {
	local line=${COMP_LINE:0:COMP_POINT} unquoted
	while [[ $line =~ ^[[:space:]]*($_vmcctl_plain+)[[:space:]] ]]; do
		line=${line:${#BASH_REMATCH[0]}}
		_vmcctl_unquote "${BASH_REMATCH[1]}"
		_vmcctl_take "$unquoted"
	done
	_vmcctl_unquote "${line#"${line%%[![:space:]]*}"}"
	full=$unquoted
	if [[ ! $wanted ]]; then
		_vmcctl_option "$full"
		[[ $prefix ]] || wanted=
	fi
}

# _vmcctl_directories CURRENT: completes "full". readline replaces CURRENT only, the
# text after the last "=" or ":".
_vmcctl_directories() {
	local unquoted
	_vmcctl_unquote "$1"
	compopt -o filenames
	mapfile -t COMPREPLY < <(compgen -P "$prefix" -d -- "${full#"$prefix"}")
	COMPREPLY=("${COMPREPLY[@]#"${full%"$unquoted"}"}")
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
	local words=() mount=() wanted='' prefix='' full offered='' cur=${2#=}
	_vmcctl_parse
	local command=${words[1]-}
	if [[ $wanted == mount ]]; then
		_vmcctl_directories "$cur"
		return 0
	elif [[ $wanted ]]; then
		return 0
	elif [[ $cur == -* ]]; then
		offered=$(_vmcctl_options)
	elif [[ -z $command ]]; then
		offered='open close send receive request follow status list'
	elif ((${#words[@]} == 2)) && [[ $command != list ]]; then
		offered=$(_vmcctl_indices "$1")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$cur")
}

complete -F _vmcctl vmcctl
