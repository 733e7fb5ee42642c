# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Completion for bash. Everything comes from the program's own help, so that a new command
# or option needs no line here.
_penstock() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local help cmds cmd='' w words=''

	help=$("${COMP_WORDS[0]}" help 2>/dev/null) || return
	cmds=$(sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p' <<<"$help")
	for w in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if grep -qxF -- "$w" <<<"$cmds"; then
			cmd=$w
			break
		fi
	done
	[ -z "$cmd" ] || help+=$'\n'$("${COMP_WORDS[0]}" help "$cmd" 2>/dev/null)

	case $prev in
	-n | --netns) words=$(ls /run/netns 2>/dev/null) ;;
	--dev) words=$(ls /sys/class/net) ;;
	*)
		if [[ $cur == -* ]]; then
			words=$(grep -oE '(^|[ ,])--[a-z][a-z-]*' <<<"$help" | tr -d ' ,')
		elif [ -z "$cmd" ] || [ "$cmd" = help ]; then
			words=$cmds
		else
			words=$(sed -n '/^Usage:/,/^$/p' <<<"$help" | tail -n +2 | grep -oE '[a-z]+(\|[a-z]+)+' | tr '|' '\n')
			[ "$cmd" != show ] || words+=$'\n'$(sed -n 's/^\([a-z]\{1,\}\): .*/\1/p' <<<"$help")
			case $cmd in attach | detach) words+=" $(ls /sys/class/net)" ;; esac
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _penstock penstock
