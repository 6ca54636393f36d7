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

@test "buf new makes a coherent buffer of that size, zeroed" {
	dmx 0 buf new "$dev" --size 8k --label "a ring"
	field kind coherent
	field size 8192
	field count 8192
	field label "a ring"
	field audit.mask holds
	field audit.contents holds
	id=$(sed -n 's/^id: //p' <<<"$out")
	cmp "$(data_of "$id")" <(head -c 8192 /dev/zero)
	[[ $(live live_bufs) == 1 ]]
	[[ $(live live_bytes) == 8192 ]]
}

@test "sizes take k, M and G, and decimal and hexadecimal numbers" {
	local size bytes
	while read -r size bytes; do
		new --size "$size"
		json .size "$bytes"
		dmx 0 buf del "$id"
	done <<-'SIZES'
		1 1
		4097 4097
		0x1001 4097
		4k 4096
		1M 1048576
	SIZES
}

@test "buf show has in text what it has in JSON" {
	new --size 4k --attrs no-warn --label x
	dmx 0 buf show "$id"
	local names
	names=$(grep -v '^audit\.' <<<"$out" | cut -d: -f1)
	dmx 0 -j buf show "$id"
	[[ $names == "$(jq -r 'del(.audit) | keys_unsorted[]' <<<"$out")" ]]
	json '.attrs[0]' no-warn \
		.label x \
		'.["dev-name"]' "$dev" \
		.size 4096 \
		'.audit | length' 6 \
		'[.audit[].verdict] | unique | length > 0' true
}

@test "bytes are numbers in JSON and addresses are hexadecimal" {
	new --size 4k
	json '.size | type' number \
		'."dma-addr" | test("^0x[0-9a-f]+$")' true
}

@test "a label with all that JSON has to escape comes back as it was" {
	new --size 1 --label 'a "b" \c/ Größe <&>'
	json .label 'a "b" \c/ Größe <&>'
	dmx 0 -j buf list "$dev"
	json '.buffers[0].label' 'a "b" \c/ Größe <&>'
}

@test "buf list lists all, or those of a device" {
	new --size 4k
	local first=$id
	new --kind handle --size 4k
	dmx 0 -j buf list "$dev"
	json '[.buffers[].id] | join(" ")' "$first $id"
	dmx 0 buf list
	has "$dev"
	dmx 0 -j buf list dmaexer.0 || return 0
	json "[.buffers[] | select(.id == $id)] | length" 0
}

@test "buf list of a device without buffers is an empty list" {
	dmx 0 -j buf list "$dev"
	json '.buffers | length' 0
	dmx 0 buf list "$dev"
	[[ -z $err ]]
}

@test "a box shows no address anywhere until it is shared" {
	new --kind box --size 4k
	lacks dma-addr
	dmx 0 buf show "$id"
	lacks dma-addr
	dmx 0 -j buf list "$dev"
	lacks '"dma-addr"'
	run ! grep -i 'dma.addr.*0x' "$debugfs/$dev/buffers/$id/info"
	dmx 0 -j buf share "$id"
	json .kind coherent \
		'."dma-addr" | test("^0x")' true
	dmx 1 buf share "$id"
	says EINVAL
	says "$id"
}

@test "a handle has no-kernel-mapping and no way to its contents" {
	new --kind handle --size 4k
	json '.attrs | index("no-kernel-mapping") != null' true
	dmx 1 buf read "$id" 0
	says EOPNOTSUPP
	dmx 1 buf write "$id" 0 1
	says EOPNOTSUPP
	dmx 1 buf fill "$id" zero
	says EOPNOTSUPP
	dmx 1 buf check "$id" zero
	says EOPNOTSUPP
	dmx 1 buf dump "$id"
	silent
	[[ ! -e $(data_of "$id") ]]
}

@test "buf new tells how the address of the CPU is aligned" {
	requires direct
	local addr
	new --size 64k
	# The linear map begins at a multiple of 1 GiB, and keeps the rest.
	addr=$(pick '."dma-addr"')
	json '.mapping' linear
	json '."cpu-alignment"' "$((addr & -addr))"
	grep -qx "cpu-alignment: $((addr & -addr))" \
		"$debugfs/$dev/buffers/$id/info"
	new --kind handle --size 64k
	json '."cpu-alignment"' null
}

@test "every attribute is taken by name and by bit, an unknown one is named" {
	new --size 4k --attrs weak-ordering,force-contiguous
	json '.attrs | join(",")' weak-ordering,force-contiguous
	new --size 4k --attrs 0x42
	json '.attrs | join(",")' weak-ordering,force-contiguous
	dmx 1 buf new "$dev" --size 4k --attrs 0x80000000
	says 0x80000000
	says --attrs
	says EINVAL
	dmx 2 buf new "$dev" --size 4k --attrs weak-ordering,frob
	says frob
	dmx 1 buf new "$dev" --size 4k --attrs mmio
	says EOPNOTSUPP
	dmx 1 buf new "$dev" --size 4k --attrs no-kernel-mapping
	says EINVAL
}

@test "the file info has the words of the command" {
	local word info
	for word in kernel nowait atomic; do
		new --size 64 --gfp "$word"
		info=$debugfs/$dev/buffers/$id/info
		grep -qx "gfp: $word" "$info" || die "$(<"$info")"
	done
	for word in weak-ordering write-combine skip-cpu-sync force-contiguous \
		alloc-single-pages no-warn privileged; do
		new --size 64 --attrs "$word"
		info=$debugfs/$dev/buffers/$id/info
		grep -qx "attrs: $word" "$info" || die "$(<"$info")"
	done
}

@test "what cannot be allocated is refused with the option at fault" {
	dmx 1 buf new "$dev" --size 0
	says EINVAL
	dmx 1 buf new "$dev" --elem-size 0 --count 1
	says EINVAL
	says --elem-size
	dmx 1 buf new "$dev" --elem-size 8G --count 0x80000000
	says ENOMEM
	dmx 1 buf new "$dev" --size 1k --pattern byte:256
	says EINVAL
	[[ $(live live_bufs) == 0 ]]
}

@test "past a quota buf new is ENOSPC and says limit and use" {
	echo 2 >"/sys/bus/platform/devices/$dev/dmaexer/quota_bufs"
	new --size 4k
	new --size 4k
	dmx 1 buf new "$dev" --size 4k
	says ENOSPC
	says 2
	echo 100 >"/sys/bus/platform/devices/$dev/dmaexer/quota_bufs"
	echo 12288 >"/sys/bus/platform/devices/$dev/dmaexer/quota_bytes"
	dmx 1 buf new "$dev" --size 8k
	says ENOSPC
	says "$dev"
	new --size 4k
	[[ $(live live_bufs) == 3 ]]
}

@test "buf del frees all it is given, and stops at the first that is not there" {
	new --size 4k
	local first=$id
	new --size 4k
	local second=$id
	new --size 4k
	dmx 0 buf del "$first" "$second"
	[[ $(live live_bufs) == 1 ]]
	dmx 1 buf del "$first"
	says "$first"
	says ENOENT
	dmx 0 buf del "$id"
	[[ $(live live_bufs) == 0 ]]
}

@test "buf del answers ENOENT for an id that never was" {
	dmx 1 buf del 2147483647
	silent
	says "no buffer 2147483647"
	says ENOENT
}

@test "without a device buf new takes the only one, or says which there are" {
	dmx 0 -j dev list
	if (($(jq '.devices | length' <<<"$out") > 1)); then
		dmx 1 buf new --size 4k || dmx 2 buf new --size 4k
		says "$dev"
		dmx 0 dev del "$dev"
	fi
	dmx 0 -j dev list
	(($(jq '.devices | length' <<<"$out") == 1)) || skip "needs one device"
	dmx 0 -j buf new --size 4k
	json '."dev-name"' "$("$DMAEXER_CLI" -j dev list | jq -r '.devices[0].name')"
	dmx 0 buf del "$(pick .id)" || dmx 0 buf list
}
