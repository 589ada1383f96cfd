#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shell: expects that shellcheck reports nothing for each shell script. It runs none of
# them. Prints TAP.
set -u
git ls-files -co --exclude-standard | {
	number=0
	while IFS= read -r file; do
		[ -f "$file" ] || continue
		case $(head -n 1 "$file") in
		'#!'*sh) ;;
		*) case $file in *.sh | *.bash) ;; *) continue ;; esac ;;
		esac
		number=$((number + 1))
		if shellcheck -x "$file"; then
			echo "ok $number - shellcheck reports nothing for $file"
		else
			echo "not ok $number - shellcheck reports nothing for $file"
		fi
	done
	echo "1..$number"
}
