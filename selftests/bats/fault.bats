#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

# Faults that the command sets, for everybody, until they are taken away.

load common

setup() {
	requires root module
	new_device
}

teardown() {
	local op

	for op in $("$DMAEXER_CLI" -j fault list | jq -r '.faults[].op'); do
		"$DMAEXER_CLI" fault set "$op" --nth 0 >/dev/null
	done
	del_device
}

@test "fault set has the nth allocation fail, once, and fault list counts" {
	dmx 0 fault set alloc --nth 2
	field op alloc
	field nth 2
	field times 1
	field passed 0
	field failed 0
	new --size 4k
	dmx 1 buf new "$dev" --size 4k
	silent
	says "buf new: the platform has no 4096 bytes"
	says "(ENOMEM"
	new --size 4k
	dmx 0 -j fault list
	json '.faults[] | select(.op == "alloc") | "\(.passed) \(.failed) \(.last)"' \
		"3 1 alloc"
	dmx 0 fault list
	has "OP"
	has "alloc"
	[[ $(live live_bufs) -eq 2 ]]
}

@test "a fault stays until it is taken away, and then strikes no more" {
	dmx 0 fault set alloc --times 0
	dmx 1 buf new "$dev" --size 4k
	dmx 1 buf new "$dev" --size 4k
	dmx 0 fault set alloc --nth 0
	field nth 0
	field failed 2
	dmx 0 -j fault list
	json '[.faults[] | select(.op == "alloc")] | length' 0
	new --size 4k
	dmx 1 fault set alloc --nth 0
	says "no fault of alloc is set (ENOENT, OP)"
}

@test "--errno is one of those of the kind, in text and in JSON" {
	dmx 0 -j fault set number --errno EBUSY
	json .errno EBUSY
	dmx 1 buf new "$dev" --size 4k
	says "no number is left (EBUSY)"
	dmx 1 fault set number --errno EIO
	says "number does not fail with errno 5 (EINVAL, --errno)"
	dmx 2 fault set number --errno ENOSUCH
	dmx 2 fault set nosuch
	dmx 2 fault set
}

@test "a scenario's fault concerns nobody else, and goes with it" {
	local scenario=$BATS_TEST_TMPDIR/own.dmx

	cat >"$scenario" <<-'END'
	# A fault of its own
	dev = dev add
	fault set alloc --times 0
	fails ENOMEM buf new $dev --size 4k
	END
	dmx 0 run "$scenario"
	dmx 0 -j fault list
	json '.faults | length' 0
	new --size 4k
}

@test "a device that cannot be bound is refused with the reason, and gone" {
	local before

	before=$(ls /sys/bus/platform/devices)
	dmx 0 fault set number --nth 2
	dmx 1 dev add
	says "the kernel is short of memory (ENOMEM)"
	[[ $(ls /sys/bus/platform/devices) == "$before" ]]
}
