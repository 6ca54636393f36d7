# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of dmaexer. The words come from the command itself, a line a verb:
#     buf new: =<dev> --kind=box,coherent,handle --size= --warn
# A word that begins with = is an argument, <dev> and the like stand for names
# that are looked up.

# The words of the verb that $1 names.
_dmaexer_words() {
	"${COMP_WORDS[0]}" help --completion 2>/dev/null |
		sed -n "s/^$1: *//p"
}

# Prints what a word of kind $1 can be.
_dmaexer_values() {
	local entry dir=/sys/kernel/debug/dmaexer

	case $1 in
	'<dev>')
		for entry in "$dir"/*/; do
			[[ -d $entry && $entry != */postmortem/ ]] &&
				basename "$entry"
		done
		;;
	'<postmortem>')
		for entry in "$dir"/postmortem/*/; do
			[[ -d $entry ]] && basename "$entry"
		done
		;;
	'<path>')
		for entry in /sys/class/dma/* /sys/bus/{pci,platform}/devices/*; do
			[[ -e $entry ]] || continue
			dir=${entry%/*}
			dir=${dir%/devices}
			echo "${dir##*/}/${entry##*/}"
		done
		[[ ! -d /sys/class/dma ]] || echo dma/any
		;;
	'<buf>')
		for entry in "$dir"/*/buffers/*/; do
			[[ -d $entry ]] && basename "$entry"
		done
		;;
	'<scenario>')
		"${COMP_WORDS[0]}" run --list 2>/dev/null |
			sed -n '2,$s/ .*//p'
		;;
	*)
		tr , '\n' <<<"$1"
		;;
	esac
}

# Fills COMPREPLY for word $2 of kind $1; a list is completed after its comma.
_dmaexer_reply() {
	local head=

	if [[ $1 == '<file>' ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		return
	fi
	[[ $2 == *,* ]] && head=${2%,*},
	mapfile -t COMPREPLY < <(compgen -P "$head" \
		-W "$(_dmaexer_values "$1")" -- "${2##*,}")
}

# Sets verb and args, the index of the first word after it.
_dmaexer_verb() {
	local i=1

	while [[ ${COMP_WORDS[i]-} == -* ]] && ((i < COMP_CWORD)); do
		((++i))
	done
	verb=${COMP_WORDS[i]-}
	args=$((i + 1))
	case $verb in
	dev | buf | postmortem | fault)
		verb+=" ${COMP_WORDS[i + 1]-}"
		args=$((i + 2))
		;;
	esac
}

# Completes the word after the verb: a value, an option or an argument.
_dmaexer_arg() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local word at=0 i
	local -a words arguments=()

	read -ra words <<<"$(_dmaexer_words "$verb")"
	for word in "${words[@]}"; do
		[[ $word == =* ]] && arguments+=("${word#=}")
		if [[ $word == "$prev="* ]]; then
			_dmaexer_reply "${word#*=}" "$cur"
			return
		fi
	done
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(printf '%s\n' \
			"${words[@]%%=*}")" -- "$cur")
		return
	fi
	for ((i = args; i < COMP_CWORD; i++)); do
		if [[ " ${words[*]}" == *" ${COMP_WORDS[i]}="* ]]; then
			((++i))
		elif [[ ${COMP_WORDS[i]} != -* ]]; then
			((++at))
		fi
	done
	# The last argument of some verbs may come many times.
	((at < ${#arguments[@]})) || at=$((${#arguments[@]} - 1))
	((at < 0)) || _dmaexer_reply "${arguments[at]}" "$cur"
}

_dmaexer() {
	local cur=${COMP_WORDS[COMP_CWORD]} verb args
	local all

	COMPREPLY=()
	_dmaexer_verb
	if ((COMP_CWORD >= args)); then
		_dmaexer_arg
		return
	fi
	all=$("${COMP_WORDS[0]}" help --completion 2>/dev/null | cut -d: -f1)
	if [[ $verb == *' '* ]] && ((COMP_CWORD == args - 1)); then
		all=$(sed -n "s/^${verb%% *} //p" <<<"$all")
	else
		all=$(cut -d' ' -f1 <<<"$all" | sort -u)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$all" -- "$cur")
}

complete -F _dmaexer dmaexer
