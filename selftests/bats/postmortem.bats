#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

load common

setup() {
	requires root module
	new_device
}

teardown() {
	clear_fault keep
	del_device
	drop_kept
}

# kept [OPTION]...: a buffer of a device that is gone then; its number in id, what
# was told of it in made, the device in gone
kept() {
	new --keep "$@"
	made=$out
	gone=$dev
	dmx 0 dev del "$dev"
	new_device
}

@test "postmortem list, show and dump have what was in a kept buffer" {
	kept --size 4097 --label "black box" --pattern counter:7
	cmp "$debugfs/postmortem/$id/data" <(head -c 4097 < <(
		perl -e 'print pack("Q<*", 7 .. 600)'))
	dmx 0 postmortem list
	has "$gone"
	has "black box"
	dmx 0 -j postmortem list
	json '.postmortems | length' 1 \
		'.postmortems[0].id' "$id" \
		'.postmortems[0].size' 4097
	dmx 0 -j postmortem show "$id"
	json '."dev-name"' "$gone" .kind coherent .label "black box" \
		.lost null '.audit | length' 6 \
		'."dma-addr"' "$(jq -r '."dma-addr"' <<<"$made")"
	dmx 0 postmortem dump "$id" --length 16
	has "00000000  07 00 00 00 00 00 00 00  08 00"
	"$DMAEXER_CLI" postmortem dump --raw "$id" |
		cmp - "$debugfs/postmortem/$id/data"
	dmx 1 postmortem dump "$id" --offset 4098
	says 4097
}

@test "what the file info says is what postmortem show says" {
	kept --size 4k --label x --attrs no-warn
	dmx 0 postmortem show "$id"
	diff <(grep -v '^label:\|^attrs\|^contiguous\|^owne[dr]' <<<"$out" | sort) \
		<(grep -v '^label:\|^attrs\|^contiguous' \
			"$debugfs/postmortem/$id/info" | sort)
}

@test "postmortem del drops one, some or all, and then they are ENOENT" {
	local ids=()
	for _ in 1 2 3 4; do
		kept --size 4k
		ids+=("$id")
	done
	dmx 0 postmortem del "${ids[1]}"
	[[ ! -e $debugfs/postmortem/${ids[1]} ]]
	dmx 1 postmortem show "${ids[1]}"
	says ENOENT
	says "buffer ${ids[1]}"
	dmx 1 postmortem dump "${ids[1]}"
	says ENOENT
	dmx 0 postmortem del "${ids[0]}" "${ids[2]}"
	dmx 0 -j postmortem list
	json '[.postmortems[].id] | join(" ")' "${ids[3]}"
	dmx 0 postmortem del --all
	dmx 0 -j postmortem list
	json '.postmortems | length' 0
	dmx 0 postmortem del --all
	[[ -z $(ls "$debugfs/postmortem") ]]
}

@test "buf new --keep of a handle is EOPNOTSUPP and names the option" {
	dmx 1 buf new "$dev" --kind handle --size 4k --keep
	says EOPNOTSUPP
	says --keep
	[[ $(live live_bufs) == 0 ]]
}

@test "buf show, buf list -j and info say that a buffer is kept" {
	new --size 4k --keep
	json .keep true
	dmx 0 buf show "$id"
	has "keep: yes"
	grep -qx "keep: 1" "$debugfs/$dev/buffers/$id/info"
	new --size 4k
	json .keep null
	grep -qx "keep: 0" "$debugfs/$dev/buffers/$id/info"
}

@test "contents that were lost are told with the reason" {
	dmx 0 fault set keep
	kept --size 4k
	dmx 0 fault set keep --nth 0
	dmx 0 -j postmortem show "$id"
	json .lost "memory was short" .size 4096
	dmx 0 postmortem list
	has "memory was short"
	dmx 1 postmortem dump "$id"
	says "were lost, memory was short"
	says ENOENT
	[[ ! -e $debugfs/postmortem/$id/data ]]
	grep -qx "lost: memory was short" "$debugfs/postmortem/$id/info"
}

@test "a postmortem of a large box has the bytes of the file it was made from" {
	local file=$BATS_TEST_TMPDIR/file
	head -c 300001 /dev/urandom >"$file"
	kept --kind box --from "$file"
	cmp "$file" "$debugfs/postmortem/$id/data"
	"$DMAEXER_CLI" postmortem dump --raw "$id" | cmp - "$file"
}
