#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

load common

setup() {
	requires root module
	new_device
	file=$BATS_TEST_TMPDIR/file
	head -c 10007 /dev/urandom >"$file"
}

teardown() {
	del_device
}

@test "buf new --from makes a buffer with the bytes of a file" {
	new --from "$file"
	json .size 10007
	cmp "$(data_of "$id")" "$file"
	new --kind box --from - <"$file"
	cmp "$(data_of "$id")" "$file"
}

@test "buf new --from takes more than a netlink attribute carries, for a box" {
	head -c 300007 /dev/urandom >"$file"
	new --kind box --from "$file"
	json .size 300007
	cmp "$(data_of "$id")" "$file"
}

@test "buf new --data makes a buffer of these bytes" {
	new --data 00ff10a5
	json .size 4
	[[ $(xxd -p "$(data_of "$id")") == 00ff10a5 ]]
	dmx 2 buf new "$dev" --data 0
	says --data
	dmx 2 buf new "$dev" --data 0g
	says --data
}

@test "debugfs data is read right by dd at odd offsets and sizes" {
	new --from "$file"
	local skip count
	while read -r skip count; do
		cmp <(dd if="$(data_of "$id")" bs=1 skip="$skip" count="$count" status=none) \
			<(dd if="$file" bs=1 skip="$skip" count="$count" status=none)
	done <<-'RANGES'
		1 1
		3 4097
		4095 3
		4096 1
		8191 2
		9999 8
		10006 5
		10007 1
		123 321
	RANGES
	cmp <(dd if="$(data_of "$id")" bs=7 status=none) "$file"
	cmp <(dd if="$(data_of "$id")" bs=4097 status=none) "$file"
	cmp <(tail -c 13 "$(data_of "$id")") <(tail -c 13 "$file")
	[[ $(stat -c %s "$(data_of "$id")") == 10007 ]]
}

@test "debugfs data of a box is written by dd at odd offsets" {
	new --kind box --from "$file"
	local seek
	for seek in 0 1 4095 8190 9999; do
		printf 'written' |
			dd of="$(data_of "$id")" bs=1 seek="$seek" conv=notrunc status=none
		printf 'written' |
			dd of="$file" bs=1 seek="$seek" conv=notrunc status=none
	done
	cmp "$(data_of "$id")" "$file"
}

@test "debugfs data of a coherent buffer cannot be written" {
	new --from "$file"
	run dd if=/dev/zero of="$(data_of "$id")" bs=1 count=1 conv=notrunc
	((status != 0))
	cmp "$(data_of "$id")" "$file"
}

@test "buf dump --raw gives the bytes, whole and in part" {
	new --from "$file"
	cmp <("$DMAEXER_CLI" buf dump "$id" --raw) "$file"
	cmp <("$DMAEXER_CLI" buf dump "$id" --raw --offset 4093 --length 11) \
		<(dd if="$file" bs=1 skip=4093 count=11 status=none)
	cmp <("$DMAEXER_CLI" buf dump "$id" --raw --offset 10000) \
		<(tail -c 7 "$file")
}

@test "buf dump in hexadecimal is what xxd says" {
	new --from "$file"
	dmx 0 buf dump "$id" --length 48
	[[ $(head -n 1 <<<"$out") == 00000000* ]]
	[[ $(cut -c10-58 <<<"$out" | tr -d ' \n') == "$(head -c 48 "$file" | xxd -p | tr -d '\n')" ]]
	dmx 0 -j buf dump "$id" --offset 5 --length 20
	json .data "$(dd if="$file" bs=1 skip=5 count=20 status=none | xxd -p | tr -d '\n')" \
		.offset 5
}

@test "buf dump out of bounds is refused" {
	new --from "$file"
	dmx 1 buf dump "$id" --offset 10007 --length 1
	silent
	says EINVAL
	dmx 1 buf dump "$id" --offset 10000 --length 8
	silent
	says --length
	says EINVAL
}

@test "buf write changes a field and no other byte" {
	new --elem-size 16 --count 4 --pattern byte:0x11
	dmx 0 buf write "$id" 2 0xaabbccdd --offset 4 --width 4
	[[ $(xxd -p -c 64 "$(data_of "$id")") == \
		"$(printf '11%.0s' {1..36})ddccbbaa$(printf '11%.0s' {1..24})" ]]
	dmx 0 buf read "$id" 2 --offset 4 --width 4
	field value 0xaabbccdd
	dmx 0 -j buf read "$id" 2 --offset 6 --width 1
	json .value 0xbb \
		.width 1
}

@test "a field that is none is refused with the argument at fault" {
	new --elem-size 16 --count 4
	dmx 1 buf read "$id" 4
	says INDEX
	says EINVAL
	dmx 1 buf read "$id" 18446744073709551615
	says INDEX
	dmx 1 buf read "$id" 0 --offset 16
	says --offset
	dmx 1 buf read "$id" 0 --offset 3 --width 4
	says EINVAL
	dmx 1 buf write "$id" 0 0x100 --width 1
	says VALUE
	dmx 1 buf read "$id" 0 --width 3 || dmx 2 buf read "$id" 0 --width 3
	says --width
	cmp "$(data_of "$id")" <(head -c 64 /dev/zero)
}

@test "buf write --data writes an element of a box alone" {
	new --kind box --elem-size 4 --count 3
	dmx 0 buf write "$id" 1 --data deadbeef
	[[ $(xxd -p "$(data_of "$id")") == 00000000deadbeef00000000 ]]
	dmx 1 buf write "$id" 1 --data deadbeef00
	says --data
	dmx 0 buf share "$id"
	dmx 1 buf write "$id" 1 --data 00000000
	says EPERM
	[[ $(xxd -p "$(data_of "$id")") == 00000000deadbeef00000000 ]]
}

@test "buf fill fills its range, buf check finds a wrong byte and ends with 3" {
	new --size 100
	dmx 0 buf fill "$id" counter:7
	[[ $(xxd -p -l 24 "$(data_of "$id")") == \
		070000000000000008000000000000000900000000000000 ]]
	dmx 0 buf check "$id" counter:7
	field mismatches 0
	dmx 0 buf fill "$id" byte:0xee --offset 33 --length 2
	dmx 3 buf check "$id" counter:7
	field mismatches 2
	field first-mismatch 33
	field actual 0xee
	says 33
	dmx 3 -j buf check "$id" counter:7
	json .mismatches 2 \
		'."first-mismatch"' 33
	dmx 0 buf check "$id" counter:7 --offset 35
	dmx 0 buf check "$id" byte:0xee --offset 33 --length 2
}

@test "every pattern checks after it was filled, and no other one does" {
	local one other
	new --size 1000
	for one in zero byte:0x5a counter:3 address:0x1000 walking-ones random:9; do
		dmx 0 buf fill "$id" "$one"
		for other in zero byte:0x5a counter:3 address:0x1000 walking-ones random:9; do
			if [[ $one == "$other" ]]; then
				dmx 0 buf check "$id" "$other"
			else
				dmx 3 buf check "$id" "$other"
			fi
		done
	done
}

@test "a range out of bounds is refused with the option at fault" {
	new --size 100
	dmx 1 buf fill "$id" zero --offset 100
	says --offset
	dmx 1 buf fill "$id" zero --offset 99 --length 2
	says --length
	dmx 1 buf check "$id" zero --length 0
	says --length
	dmx 2 buf fill "$id" frob
	says frob
	dmx 2 buf fill "$id" random:x
	says random:x
}
