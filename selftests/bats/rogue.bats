#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154

# DMA engine channels that no other machine has: those of the test module rogue/.

load common

setup() {
	requires root module rogue
}

teardown() {
	clear_fault memory
	[[ -z ${channel-} ]] || release_channel "$channel"
	del_device
	[[ ! -d /sys/module/dmx_broken_test ]] || rmmod dmx_broken_test
	[[ ! -d /sys/module/dmx_rogue_test ]] || rmmod dmx_rogue_test
	[[ -z ${bare-} ]] || { rmmod dmaexer && load_module; }
}

# rogue PARAMETER...: the channel's name is then in channel.
rogue() {
	insmod "$DMAEXER_ROGUE_KO" "$@"
	channel=$(basename "$(echo /sys/bus/platform/devices/dmx_rogue_test/dma/*)")
}

is_free() {
	[[ $(<"/sys/class/dma/$channel/in_use") == 0 ]]
}

no_other() {
	local others

	others=$(find /sys/class/dma -name '*chan*' ! -name "$channel" | wc -l)
	((others == 0)) || skip "another channel would be taken"
}

@test "a channel that its driver cannot stop is refused by name, with the reason" {
	rogue endless=1
	dmx 1 dev bind "dma/$channel"
	says "the driver of channel $channel has no way to stop it (EOPNOTSUPP"
	silent
	is_free
}

@test "a channel that its driver cannot stop is not taken for any" {
	rogue endless=1
	no_other
	dmx 1 dev bind dma/any
	says "no channel that copies memory is free (ENOENT"
	is_free
}

@test "the first channel of all is refused while memory is short, and then taken" {
	local nth

	requires reload
	rmmod dmaexer
	bare=1
	load_module devices=0
	rogue
	for nth in 1 2 3 4; do
		dmx 0 fault set memory --nth "$nth"
		dmx 1 dev bind "dma/$channel"
		says "the kernel is short of memory (ENOMEM"
		is_free
		[[ $(ls "$debugfs") == postmortem ]]
	done
	dmx 0 fault set memory --nth 5
	dmx 0 dev bind "dma/$channel"
	dmx 0 fault set memory --nth 0
	field passed 4
}

@test "a buffer beyond the mask of a channel is ERANGE, and nothing is copied" {
	local low

	new_device
	rogue mask_bits=24
	dmx 0 dev bind "dma/$channel"
	dmx 0 -j buf new "$channel" --size 4k --pattern byte:0x11
	low=$(value id)
	new --size 4k --pattern byte:0x22
	dmx 1 xfer "$low" "$id"
	says "buffer $id is outside the mask of $channel (ERANGE, DST)"
	dmx 1 xfer "$id" "$low"
	says "buffer $id is outside the mask of $channel (ERANGE, SRC)"
	dmx 0 buf check "$id" byte:0x22
	dmx 0 buf check "$low" byte:0x11
}

@test "protection is not tested where nobody knows what serves the channel" {
	requires broken
	rogue
	insmod "$DMAEXER_BROKEN_KO" device=dmx_rogue_test
	dmx 0 dev bind "dma/$channel"
	dmx 0 -j protect within "$channel"
	json .outcome not-run .reason "what serves the device is not known"
}
