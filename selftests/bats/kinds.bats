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

# tells FIELD VALUE: in the answer, in JSON, and in the file.
tells() {
	json ".\"$1\"" "$2"
	grep -qx "$1: $2" "$debugfs/$dev/buffers/$id/info"
}

@test "pages have a shape and no address, in text, JSON and file" {
	new --kind pages --size 300 --shape small --page-offset 9
	tells kind pages
	tells shape small
	tells page-offset 9
	json '."dma-addr"' null
	json .direction null
	run ! grep dma-addr "$debugfs/$dev/buffers/$id/info"
	[[ ! -e $debugfs/$dev/buffers/$id/mem ]]
	new --kind pages --size 64k --shape scattered --pattern random:3
	tells shape scattered
	json .contiguous false
	dmx 0 buf check "$id" random:3
	dmx 0 buf dump "$id" --raw
}

@test "memory in turns has a direction, and the CPU does not write what comes from the device" {
	local kind
	for kind in noncoherent dma-pages noncontiguous; do
		new --kind "$kind" --size 20k --direction from-device
		tells kind "$kind"
		tells direction from-device
		json '."dma-addr" | test("^0x")' true
		dmx 1 buf fill "$id" zero
		says EPERM
		says from-device
		cmp "$(data_of "$id")" <(head -c 20480 /dev/zero)
	done
	dmx 0 -j buf show "$id"
	json '.segments >= 1' true
}

@test "a pool has an alignment and a boundary, and each object an address" {
	local first
	new --kind pool --elem-size 40 --count 100 --align 64 --boundary 512
	tells align 64
	tells boundary 512
	first=$(pick '."dma-addr"')
	dmx 0 -j buf read "$id" 0 --width 1
	[[ $(pick '."dma-addr"') == "$first" ]]
	dmx 0 -j buf read "$id" 1 --width 1
	(($(pick '."dma-addr"') % 64 == 0))
	[[ $(pick '."dma-addr"') != "$first" ]]
	dmx 0 buf read "$id" 1 --width 1
	has "dma-addr"
}

@test "what a kind does not take is refused by the name of its option" {
	dmx 1 buf new "$dev" --kind pool --elem-size 40 --count 1 --align 48
	says "align 48 is no power of two"
	dmx 1 buf new "$dev" --size 4k --shape linear
	says "shape is for pages alone"
	dmx 1 buf new "$dev" --size 4k --direction to-device
	says "has a direction"
	dmx 1 buf new "$dev" --kind noncoherent --size 4k --direction none
	says EINVAL
	dmx 2 buf new "$dev" --kind noncoherent --size 4k --direction sideways
	says sideways
}

@test "contents that no request carries are refused for the kinds that have no other way" {
	local kind file=$BATS_TEST_TMPDIR/large
	head -c 40000 /dev/urandom >"$file"
	for kind in pages noncoherent managed; do
		dmx 1 buf new "$dev" --kind "$kind" --from "$file"
		says EOPNOTSUPP
		says "40000 bytes"
	done
	[[ $(live live_bufs) == 0 ]]
}

@test "managed memory says who freed it" {
	new --kind managed --size 4k --keep
	tells kind managed
	json '."freed-by"' null
	dmx 0 dev del "$dev"
	dmx 0 -j postmortem show "$id"
	json '."freed-by"' kernel
	dmx 0 postmortem del "$id"
	new_device
}
