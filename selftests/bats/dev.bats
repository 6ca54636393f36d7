#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

load common

setup() {
	requires root module
	new_device
}

teardown() {
	del_device
}

@test "dev add shows the new device, dev list lists it once" {
	dmx 0 dev list
	(($(grep -c -w "$dev" <<<"$out") == 1))
	[[ -d /sys/bus/platform/drivers/dmaexer/$dev ]]
	dmx 0 -j dev list
	json ".devices[] | select(.name == \"$dev\") | .id" "$dev_id"
}

@test "dev show takes a name and a number, and tells the same" {
	dmx 0 dev show "$dev"
	field id "$dev_id"
	field bus platform
	field virtual yes
	local by_name=$out
	dmx 0 dev show "$dev_id"
	[[ $out == "$by_name" ]]
}

@test "dev show has in text what it has in JSON, in the same order" {
	dmx 0 dev show "$dev"
	local names
	names=$(cut -d: -f1 <<<"$out")
	dmx 0 -j dev show "$dev"
	[[ $names == "$(jq -r 'keys_unsorted[]' <<<"$out")" ]]
}

@test "dev show has what sysfs has" {
	dmx 0 -j dev show "$dev"
	json '.["dma-mask"]' "$(printf '%#x' "$(live dma_mask)")" \
		'.["coherent-mask"]' "$(printf '%#x' "$(live coherent_dma_mask)")" \
		'.["max-seg-size"]' "$(live max_seg_size)" \
		'.["quota-bytes"]' "$(live quota_bytes)" \
		'.["quota-bufs"]' "$(live quota_bufs)"
}

@test "dev set sets what it is given, and shows it" {
	dmx 0 -j dev set "$dev" --dma-mask 40 --coherent-mask 36 --seg-size 4k
	json '.["dma-mask"]' 0xffffffffff \
		'.["coherent-mask"]' 0xfffffffff \
		'.["max-seg-size"]' 4096
	dmx 0 -j dev set "$dev" --mask 33
	json '.["dma-mask"]' 0x1ffffffff \
		'.["coherent-mask"]' 0x1ffffffff \
		'.["max-seg-size"]' 4096
	[[ $(printf '%#x' "$(live dma_mask)") == 0x1ffffffff ]]
}

@test "dev set --mask 65 is EINVAL, names the option and changes nothing" {
	local before
	before=$(live dma_mask)
	dmx 1 dev set "$dev" --mask 65
	silent
	says "dev set"
	says EINVAL
	says --mask
	dmx 1 dev set "$dev" --dma-mask 40 --coherent-mask 100
	says --coherent-mask
	[[ $(live dma_mask) == "$before" ]]
}

@test "dev set of a mask that the platform refuses is EIO and changes nothing" {
	requires direct
	local before
	before=$(live dma_mask)
	dmx 1 dev set "$dev" --mask 20
	says EIO
	says --mask
	[[ $(live dma_mask) == "$before" ]]
}

@test "dev set is EBUSY while a buffer lives, and works when it is gone" {
	new --size 4k
	dmx 1 dev set "$dev" --mask 40
	says EBUSY
	dmx 0 buf del "$id"
	dmx 0 dev set "$dev" --mask 40
}

@test "dev del takes device and buffers away" {
	new --size 4k
	dmx 0 dev del "$dev"
	[[ ! -e /sys/bus/platform/devices/$dev ]]
	[[ ! -e $debugfs/$dev ]]
	dmx 1 buf show "$id"
	says "$id"
	says ENOENT
}

@test "a device that is not there is ENOENT and named" {
	local verb
	for verb in show "set --mask 32" del; do
		# shellcheck disable=SC2086
		dmx 1 dev $verb dmaexer.4711
		silent
		says dmaexer.4711
		says ENOENT
	done
	dmx 1 dev show 2147483647
	says 2147483647
	dmx 1 buf list dmaexer.4711
	says dmaexer.4711
}
