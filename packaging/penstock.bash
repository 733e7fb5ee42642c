# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
# Completion for bash. Everything comes from the program's own help, so that a new command
# or option needs no line here.
_penstock() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local help cmds cmd='' usage w words='' values='' devs

	devs=$(ls /sys/class/net 2>/dev/null)
	help=$("${COMP_WORDS[0]}" help 2>/dev/null) || return
	cmds=$(sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\) .*/\1/p' <<<"$help")
	for w in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if grep -qxF -- "$w" <<<"$cmds"; then
			cmd=$w
			break
		fi
	done
	[ -z "$cmd" ] || help=$("${COMP_WORDS[0]}" help "$cmd" 2>/dev/null)$'\n'$help
	usage=$(head -1 <<<"$help")

	# --mode=native is three words to bash, --mode native two.
	if [ "$cur" = = ]; then
		cur=''
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	# what an option may be given stands behind it: auto|xdp|tc
	[[ $prev != --* ]] ||
		values=$(sed -nE "s/^ .*$prev(\\[?=| )([a-z]+(\\|[a-z]+)+).*/\\2/p" <<<"$help" | head -1 | tr '|' '\n')
	case $prev in
	-n | --netns) words=$(ls /run/netns 2>/dev/null) ;;
	--dev) words=$devs ;;
	--ignore) words=$("${COMP_WORDS[0]}" help gates 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
	--*)
		words=$values
		;;&
	*)
		if [ -n "$words" ]; then
			:
		elif [[ $cur == -* ]]; then
			words=$(grep -oE '(^|[ ,])--[a-z][a-z-]*' <<<"$help" | tr -d ' ,')
		elif [ -z "$cmd" ] || [ "$cmd" = help ]; then
			words=$cmds
			[ "$cmd" != help ] || words+=$'\n'$(grep -oE '[a-z]+(\|[a-z]+)+' <<<"$usage" | tr '|' '\n')
		else
			words=$(grep -oE '[a-z]+(\|[a-z]+)+' <<<"$usage" | tr '|' '\n')
			if [ "$cmd" = show ] && [ "$prev" = show ]; then
				words=$(sed -n 's/^\([a-z]\{1,\}\): .*/\1/p' <<<"$help")
			elif [[ $usage == *DEV* ]]; then
				words+=$'\n'$devs
			fi
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _penstock penstock
