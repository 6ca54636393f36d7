#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154
#
# What the command says without asking the kernel: no module, no root.

load ../../selftests/bats/common

@test "help names every verb, and every verb has help" {
	local verb verbs
	dmx 0 help --completion
	verbs=$(cut -d : -f 1 <<<"$out")
	(($(wc -l <<<"$verbs") > 25))
	while read -r verb; do
		dmx 0 help
		has $'\n'"  $verb "
		# shellcheck disable=SC2086
		dmx 0 $verb --help
		has "Usage: dmaexer [-j] [-v] $verb"
		# shellcheck disable=SC2086
		dmx 0 help $verb
		has "Usage: dmaexer [-j] [-v] $verb"
	done <<<"$verbs"
	[[ -z $err ]]
}

@test "wrong usage ends with 2, writes nothing to stdout and names the culprit" {
	local words culprit
	while IFS='|' read -r words culprit; do
		# shellcheck disable=SC2086
		dmx 2 $words
		silent
		says "$culprit"
	done <<-'WRONG'
		frob|frob
		dev frob|frob
		buf new dmaexer.0 --frob|--frob
		buf new dmaexer.0 --size|--size
		buf new dmaexer.0 --size 4kx|4kx
		buf new dmaexer.0 --size -1|-1
		buf new dmaexer.0 --size 0x|0x
		buf new dmaexer.0 --size 99999999999999999999|99999999999999999999
		buf new dmaexer.0 --size 4k --kind frob|frob
		buf new dmaexer.0 --size 4k --gfp frob|frob
		buf new dmaexer.0 --size 4k extra|extra
		buf read|ID
		buf read x|x
		buf read 1x|1x
		buf write 1 0|VALUE
		buf del|ID
		buf fill 1|PATTERN
		postmortem frob|list, show, dump, del
		postmortem show|ID
		postmortem show 1x|1x
		postmortem del|--all
		postmortem del 1 --all|--all
		dev set dmaexer.0 --mask 3x|3x
		dev bind|WHAT
		dev bind usb/1-1|dma, pci, platform
		dev bind pci/|pci/
		dev bind dma/any --owned|--owned
		dev unbind|DEV
		-x dev list|-x
		monitor --count x|x
		run --frob|--frob
	WRONG
}

@test "without a word the usage goes to stderr" {
	dmx 2
	silent
	says Usage:
}
