#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154

# A DMA engine channel that nobody can stop: that of the test module rogue/.

load common

setup() {
	requires root module rogue
	insmod "$DMAEXER_ROGUE_KO" endless=1
	channel=$(basename "$(echo /sys/bus/platform/devices/dmx_rogue_test/dma/*)")
}

teardown() {
	[[ ! -d /sys/module/dmx_rogue_test ]] || rmmod dmx_rogue_test
}

is_free() {
	[[ $(<"/sys/class/dma/$channel/in_use") == 0 ]]
}

@test "a channel that its driver cannot stop is refused by name, with the reason" {
	dmx 1 dev bind "dma/$channel"
	says "the driver of channel $channel has no way to stop it (EOPNOTSUPP"
	silent
	is_free
}

@test "a channel that its driver cannot stop is not taken for any" {
	local others

	others=$(find /sys/class/dma -name '*chan*' ! -name "$channel" | wc -l)
	((others == 0)) || skip "another channel would be taken"
	dmx 1 dev bind dma/any
	says "no channel that copies memory is free (ENOENT"
	is_free
}
