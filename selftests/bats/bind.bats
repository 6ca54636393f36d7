#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load common
load bind

setup() {
	requires root module
	covered=()
}

teardown() {
	clean_up
	del_device
}

sum() {
	sha256sum <"/dev/$1"
}

@test "a disk that was bound and unbound reads as before, with its driver" {
	take disk
	local bytes
	bytes=$(sum "$disk")
	dmx 0 -j dev bind "pci/$addr"
	json .name "$addr"
	json .bus pci
	json .virtual false
	is_bound
	[[ ! -e /sys/block/$disk ]]
	[[ -d $pci/devices/$addr/dmaexer ]]
	dmx 0 dev unbind "pci/$addr"
	silent
	unchanged
	[[ $(sum "$(child block)") == "$bytes" ]]
	[[ ! -e $debugfs/$addr ]]
}

@test "a random number generator that was bound and unbound gives numbers again" {
	take rng
	local rng=/sys/class/misc/hw_random
	dmx 0 dev bind "pci/$addr"
	is_bound
	[[ $(<"$rng/rng_available") != *virtio_rng* ]]
	dmx 0 dev unbind "$addr"
	unchanged
	[[ $(<"$rng/rng_current") == virtio_rng.* ]]
	(($(timeout 20 head -c 32 /dev/hwrng | tr -d '\0' | wc -c) > 16))
}

@test "dev unbind takes the name, the number and the path, and binding goes on" {
	local word
	take rng
	for word in "$addr" "" "pci/$addr"; do
		dmx 0 -j dev bind "pci/$addr"
		dmx 0 dev unbind "${word:-$(pick .id)}"
		unchanged
	done
	dmx 1 dev unbind "pci/$addr"
	says "$addr is not bound to dmaexer, but to $former"
	says ENOENT
	unchanged
}

@test "a device without a driver has none afterwards" {
	take edu
	[[ -z $former ]]
	dmx 0 dev bind "pci/$addr"
	is_bound
	dmx 0 dev unbind "pci/$addr"
	unchanged
	dmx 1 dev unbind "pci/$addr"
	says "is not bound to dmaexer"
	unchanged
}

@test "a driver_override that was there is there again" {
	take rng
	echo "$former" >"$pci/devices/$addr/driver_override"
	before=$(state_of "$addr")
	dmx 0 dev bind "pci/$addr"
	[[ $(override_of "$addr") == dmaexer ]]
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

speaker() {
	grep -q '"PC Speaker"' /proc/bus/input/devices
}

@test "a platform device is taken and given back" {
	local dir=/sys/bus/platform/devices/pcspkr
	[[ -d $dir ]] && modprobe -q pcspkr || absent "PC speaker"
	speaker
	dmx 0 -j dev bind platform/pcspkr
	json .bus platform
	json .virtual false
	[[ $(<"$dir/driver_override") == dmaexer ]]
	run ! speaker
	dmx 0 buf new pcspkr --size 4k
	dmx 0 dev unbind platform/pcspkr
	[[ $(readlink "$dir/driver") == */pcspkr ]]
	[[ $(<"$dir/driver_override") == '(null)' ]]
	[[ ! -e $records/platform-pcspkr ]]
	speaker
}

# The driver of QEMU's firmware configuration binds once in its life.
@test "a driver that does not take its device back is named, and can be helped" {
	local name=QEMU0002:00 dir=/sys/bus/platform/devices/QEMU0002:00
	[[ -d $dir ]] && modprobe -q qemu_fw_cfg ||
		absent "firmware configuration device"
	dmx 0 dev bind "platform/$name"
	dmx 1 dev unbind "platform/$name"
	silent
	says "fw_cfg, which had $name, does not take it back"
	says "EBUSY, DEV"
	[[ ! -e $dir/driver ]]
	[[ $(<"$dir/driver_override") == '(null)' ]]
	dmx 1 dev show "$name"
	rmmod qemu_fw_cfg
	dmx 1 dev unbind "platform/$name"
	says "does not take it back"
	says ENOENT
	dmx 0 dev bind "platform/$name"
	modprobe qemu_fw_cfg
	dmx 0 dev unbind "platform/$name"
	[[ $(readlink "$dir/driver") == */fw_cfg ]]
	(($(</sys/firmware/qemu_fw_cfg/rev) > 0))
	[[ ! -e $records/platform-$name ]]
}

# What dev set sets, of the device in the result.
limits() {
	jq -c '[.["dma-mask"], .["coherent-mask"], .["max-seg-size"]]' <<<"$out"
}

@test "masks and segment size are as they were found, also after dev set" {
	take edu
	local found
	dmx 0 -j dev bind "pci/$addr"
	found=$(limits)
	[[ $found != *0xffffffffff* && $found != *8192* ]]
	dmx 0 dev set "$addr" --dma-mask 40 --coherent-mask 36 --seg-size 8k
	[[ $(<"$pci/devices/$addr/dma_mask_bits") == 40 ]]
	[[ $(<"$pci/devices/$addr/consistent_dma_mask_bits") == 36 ]]
	dmx 0 dev unbind "pci/$addr"
	unchanged
	dmx 0 -j dev bind "pci/$addr"
	[[ $(limits) == "$found" ]]
}

@test "dmaexer neither enables a device nor makes it a bus master" {
	take edu
	dmx 0 dev bind "pci/$addr"
	[[ $(command_of "$addr") == "$(sed -n 's/^command //p' <<<"$before")" ]]
	[[ $(<"$pci/devices/$addr/enable") == 0 ]]
	clean_up
	take rng
	(($(command_of "$addr") & 4)) || die "its driver made it no bus master"
	dmx 0 dev bind "pci/$addr"
	(($(command_of "$addr") & 4)) && die "it is a bus master"
	dmx 0 buf new "$addr" --size 64k
	(($(command_of "$addr") & 4)) && die "it is a bus master"
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "scenarios run on a bound PCI device, and leave it as it was" {
	take edu
	dmx 0 dev bind "pci/$addr"
	dmx 0 -j dev show "$addr"
	local shown=$out
	dmx 0 run --device "$addr" box-to-coherent patterns limits masks
	has "ok 1 box-to-coherent"
	lacks "not ok"
	lacks SKIP
	dmx 0 -j dev show "$addr"
	[[ $(jq 'del(.["total-bufs"])' <<<"$out") == \
		"$(jq 'del(.["total-bufs"])' <<<"$shown")" ]]
	dmx 0 dev unbind "$addr"
	unchanged
}

@test "no step of a scenario takes or gives back a device of a driver" {
	take rng
	printf '%s\n' "fails EOPNOTSUPP dev bind pci/$addr" \
		"fails EOPNOTSUPP dev unbind pci/$addr" >"$BATS_TEST_TMPDIR/it.dmx"
	dmx 0 run "$BATS_TEST_TMPDIR/it.dmx"
	unchanged
	dmx 0 dev bind "pci/$addr"
	printf '%s\n' "fails EOPNOTSUPP dev unbind $addr" >"$BATS_TEST_TMPDIR/it.dmx"
	dmx 0 run "$BATS_TEST_TMPDIR/it.dmx"
	is_bound
}

@test "a device that is not there is ENOENT, one that is bound EBUSY" {
	dmx 1 dev bind pci/0000:ff:1f.7
	silent
	says "no device 0000:ff:1f.7 on bus pci"
	says "ENOENT, WHAT"
	dmx 1 dev bind platform/nobody.7
	says "no device nobody.7 on bus platform"
	dmx 1 dev unbind platform/nobody.7
	says "no device nobody.7 on bus platform"
	says "ENOENT, DEV"
	new_device
	dmx 1 dev bind "platform/$dev"
	says "$dev is bound to dmaexer already"
	says EBUSY
	take edu
	dmx 0 dev bind "pci/$addr"
	dmx 1 dev bind "pci/$addr" --force
	says "$addr is bound to dmaexer already"
	is_bound
}

@test "what must not be taken is EOPNOTSUPP, and nothing is changed" {
	local bridge dir found=
	bridge=$(find_pci 0x8086 0x060100) || absent bridge
	addr=$bridge former=$(driver_of "$bridge")
	before=$(state_of "$bridge")
	dmx 1 dev bind "pci/$bridge" --force
	silent
	says "$bridge is a bridge"
	says EOPNOTSUPP
	unchanged
	addr=
	new_device
	dmx 1 dev unbind "platform/$dev"
	says "dmaexer dev del $dev"
	[[ -d /sys/bus/platform/drivers/dmaexer/$dev ]]
	for dir in /sys/bus/platform/devices/*; do
		[[ -e $dir/driver && ! -e $dir/driver/unbind ]] || continue
		found=$(readlink "$dir/driver")
		dmx 1 dev bind "platform/${dir##*/}"
		says "${found##*/}, which has ${dir##*/}, never lets go"
		says EOPNOTSUPP
		[[ $(readlink "$dir/driver") == "$found" ]]
		[[ $(<"$dir/driver_override") == '(null)' ]]
	done
	[[ -n $found ]] || echo "# every platform driver lets go" >&3
}

@test "a bus of which the module takes nothing is EOPNOTSUPP" {
	take rng
	mkdir "$BATS_TEST_TMPDIR/empty"
	in_place_of "$pci/drivers" "$BATS_TEST_TMPDIR/empty"
	dmx 1 dev bind "pci/$addr"
	uncover
	silent
	says "the module takes no devices of bus pci (EOPNOTSUPP, WHAT)"
	unchanged
}

@test "who is not root, and without the module, is told so, and changes nothing" {
	requires nobody reload
	take rng
	status=0
	as_nobody "$DMAEXER_CLI" dev bind "pci/$addr" \
		2>"$BATS_TEST_TMPDIR/stderr" || status=$?
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == 1))
	says EPERM
	unchanged
	rmmod dmaexer
	dmx 1 dev bind "pci/$addr"
	says "not loaded"
	says modprobe
	unchanged
	dmx 1 dev unbind "pci/$addr"
	says "is not bound to dmaexer, but to $former"
	unchanged
	status=0
	as_nobody "$DMAEXER_CLI" dev unbind "pci/$addr" \
		2>"$BATS_TEST_TMPDIR/stderr" || status=$?
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == 1))
	says "run it as root (EPERM, DEV)"
	unchanged
}
