#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2012,SC2016,SC2126,SC2030,SC2031,SC2034,SC2154

# DMA engine channels as devices; the controller is QEMU's edu device.

load common

setup_file() {
	[[ -z ${DMAEXER_EDU_KO-} || -d /sys/module/dmaexer_edu ]] ||
		insmod "$DMAEXER_EDU_KO"
}

teardown_file() {
	[[ ! -d /sys/module/dmaexer_edu ]] || rmmod dmaexer_edu
}

setup() {
	local entry

	requires root module
	channel=
	for entry in /sys/class/dma/*; do
		[[ -e $entry ]] || no_edu_channel
		channel=${entry##*/}
		break
	done
	scenario=$BATS_TEST_TMPDIR/it.dmx
	before=$(devices)
}

teardown() {
	[[ -z ${channel-} ]] || release_channel "$channel"
}

devices() {
	"$DMAEXER_CLI" -j dev list | jq -r '.devices[].name'
}

in_use() {
	cat "/sys/class/dma/$channel/in_use"
}

is_free() {
	[[ $(in_use) == 0 && $(devices) == "$before" ]] ||
		die "$channel is not free, or left something: $(devices)"
}

@test "dev bind takes a channel, which allocates for its controller, and dev unbind releases it" {
	local controller
	controller=$(basename "$(realpath "/sys/class/dma/$channel/device")")
	dmx 0 -j dev bind "dma/$channel"
	json .name "$channel"
	json .bus dma
	json .virtual false
	json .owned null
	dmx 0 dev list
	has " $channel "
	[[ $(in_use) != 0 ]]
	[[ -d /sys/class/dma/$channel/dmaexer ]]
	[[ $(readlink "/sys/bus/pci/devices/$controller/driver") == */dmaexer_edu ]]
	dmx 0 buf new "$channel" --size 4k
	[[ $(</sys/class/dma/"$channel"/dmaexer/live_bufs) == 1 ]]
	dmx 0 dev unbind "dma/$channel"
	silent
	is_free
	[[ ! -e /sys/class/dma/$channel/dmaexer ]]
}

@test "dev unbind takes the name and the number, and then there is nothing to unbind" {
	dmx 0 dev bind dma/any
	field name "$channel"
	dmx 0 dev unbind "$channel"
	is_free
	dmx 0 -j dev bind "dma/$channel"
	dmx 0 dev unbind "$(pick .id)"
	is_free
	dmx 1 dev unbind "dma/$channel"
	says "dma/$channel is not bound"
	says ENOENT
}

@test "a channel that is taken, or that is none, is ENOENT with a sentence" {
	dmx 1 dev bind dma/dma99chan7
	silent
	says "no channel dma99chan7"
	says ENOENT
	is_free
	dmx 0 dev bind "dma/$channel"
	dmx 1 dev bind "dma/$channel"
	says "no channel $channel that is free"
	dmx 1 dev bind dma/any
	says "no channel that copies memory is free"
	says ENOENT
	dmx 1 dev unbind "platform/$channel"
	says ENOENT
	[[ $(in_use) != 0 ]]
	dmx 0 dev unbind "$channel"
	is_free
}

@test "dev unbind of a virtual device is EOPNOTSUPP, names dev del and leaves it" {
	new_device
	dmx 1 dev unbind "$dev"
	silent
	says EOPNOTSUPP
	says "dmaexer dev del $dev"
	[[ -d /sys/bus/platform/drivers/dmaexer/$dev ]]
	del_device
	is_free
}

@test "a channel of a scenario is its own, and free when it ends" {
	printf '%s\n' 'needs channel' 'chan = dev bind dma/any' \
		'expect owned == yes' 'expect bus == dma' 'buf new $chan --size 4k' \
		'fails ENOENT dev bind dma/any' 'dev unbind $chan' \
		'fails ENOENT dev show $chan' 'again = dev bind dma/any' \
		'expect name == $chan.name' >"$scenario"
	dmx 0 run "$scenario"
	is_free
}

complaints() {
	dmesg | grep -E 'BUG:|WARNING:|general protection' | wc -l
}

@test "a channel is taken or not while its controller goes and comes, and no harm is done" {
	local controller driver round done=$BATS_TEST_TMPDIR/done bad
	local refused=$BATS_TEST_TMPDIR/refused
	controller=$(basename "$(realpath "/sys/class/dma/$channel/device")")
	driver=$(realpath "/sys/class/dma/$channel/device/driver")
	bad=$(complaints)
	(
		for ((round = 0; round < 60; round++)); do
			echo "$controller" >"$driver/unbind"
			echo "$controller" >"$driver/bind"
		done
		touch "$done"
	) 3>&- &
	until [[ -e $done ]]; do
		"$DMAEXER_CLI" dev bind dma/any >/dev/null 2>>"$refused" ||
			(($? == 1))
	done
	wait
	run ! grep -v 'no channel that copies memory is free (ENOENT' "$refused"
	[[ $(complaints) == "$bad" ]]
	channel=$(ls /sys/class/dma)
	release_channel "$channel"
	is_free
	dmx 0 dev bind "dma/$channel"
	dmx 0 buf new "$channel" --size 4k
	dmx 0 dev unbind "$channel"
	is_free
}

@test "needs channel skips where none is free, and asking takes none" {
	printf '%s\n' 'needs channel' 'dev list' >"$scenario"
	dmx 0 run "$scenario"
	is_free
	dmx 0 dev bind dma/any
	dmx 4 run "$scenario"
	has "SKIP no free DMA engine channel that copies memory"
}

@test "run --device lends a channel for what would be bound, and leaves it" {
	dmx 0 -j dev bind "dma/$channel"
	local id
	id=$(pick .id)
	printf '%s\n' 'needs channel' 'chan = dev bind dma/any' \
		"expect id == $id" 'expect owned absent' \
		'buf = buf new $chan --size 4k' "expect dev-id == $id" \
		'dev = dev bind dma/any' "expect id == $id" \
		'buf new --size 4k' "expect dev-id == $id" >"$scenario"
	dmx 0 run --device "$channel" "$scenario"
	has "ok 11 $channel is as it was"
	[[ $(in_use) != 0 ]]
	[[ $(</sys/class/dma/"$channel"/dmaexer/live_bufs) == 0 ]]
}

@test "run --device of what is no channel skips what needs one, and refuses it" {
	new_device
	printf '%s\n' 'needs channel' 'dev list' >"$scenario"
	dmx 4 run --device "$dev" "$scenario"
	has "SKIP $dev is no DMA engine channel"
	printf '%s\n' 'chan = dev bind dma/any' >"$scenario"
	dmx 1 run --device "$dev" "$scenario"
	has "$dev is no DMA engine channel (EOPNOTSUPP, --device)"
	del_device
	is_free
}

@test "needs masks skips on a channel, where dev set is EOPNOTSUPP, and on no other" {
	dmx 0 dev bind "dma/$channel"
	dmx 1 dev set "$channel" --mask 32
	says EOPNOTSUPP
	printf '%s\n' 'dev = dev add' 'needs masks' 'dev set $dev --mask 32' \
		>"$scenario"
	dmx 4 run --device "$channel" "$scenario"
	has "SKIP the masks of a channel are its driver's"
	dmx 0 run "$scenario"
}
