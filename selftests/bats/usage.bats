#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

load common

teardown() {
	del_device
	[[ -d /sys/module/dmaexer ]] || load_module
}

@test "help names every verb, and every verb has help" {
	dmx 0 help
	local verb
	for verb in "dev list" "dev show" "dev set" "dev add" "dev del" \
		"dev bind" "dev unbind" \
		"buf new" "buf list" "buf show" "buf share" "buf read" \
		"buf write" "buf fill" "buf check" "buf dump" "buf del" \
		monitor run help version; do
		dmx 0 help
		has "  $verb "
		# shellcheck disable=SC2086
		dmx 0 $verb --help
		has "$verb"
		has Usage:
		# shellcheck disable=SC2086
		dmx 0 help $verb
		has Usage:
	done
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

@test "version tells the versions of command and module" {
	requires module
	dmx 0 version
	field module "$(</sys/module/dmaexer/version)"
	[[ $out == *"command: "[0-9]* ]] || has "command: "
	dmx 0 -j version
	json .module "$(</sys/module/dmaexer/version)"
}

@test "who is not root is told so in one line, with EPERM" {
	requires root module nobody
	local verb
	for verb in "dev list" "buf list" "dev add" "buf del 1"; do
		status=0
		# shellcheck disable=SC2086
		out=$(as_nobody "$DMAEXER_CLI" $verb 2>"$BATS_TEST_TMPDIR/stderr") ||
			status=$?
		err=$(<"$BATS_TEST_TMPDIR/stderr")
		((status == 1)) || die "status of $verb"
		silent
		says EPERM
		(($(wc -l <<<"$err") == 1))
	done
}

@test "without the module it says how to load it, in one line" {
	requires root reload
	rmmod dmaexer
	# With the module installed, asking for the family would load it.
	dmx 1 dev list || skip "the kernel loads the module on demand"
	silent
	says "not loaded"
	says modprobe
	(($(wc -l <<<"$err") == 1))
	dmx 4 run masks
	has SKIP
	load_module
	dmx 0 dev list
}

@test "a result that cannot be written is an error" {
	requires root module
	status=0
	"$DMAEXER_CLI" dev list >/dev/full 2>"$BATS_TEST_TMPDIR/stderr" || status=$?
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == 1)) || die "status $status"
	says written
}
