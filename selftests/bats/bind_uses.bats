#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

# What is in use is not taken.

load common
load bind

setup() {
	requires root module
	covered=()
	ttyS0=/sys/class/tty/ttyS0
	mnt=$BATS_TEST_TMPDIR/mnt
	mkdir -p "$mnt"
}

teardown() {
	if [[ -n ${helper-} ]]; then
		kill "$helper" 2>/dev/null || true
		wait "$helper" || true
	fi
	helper=
	! mountpoint -q "$mnt" || umount "$mnt"
	[[ ! -e /dev/mapper/dmaexer_test ]] || dmsetup remove dmaexer_test
	partitions_end
	namespace_end
	[[ -z ${silent_ttyS0-} ]] || echo Y >"$ttyS0/console"
	[[ -z ${hidden-} ]] || chmod 755 "$hidden"
	clean_up
	rm -f /dev/dmaexer_test
	[[ ! -d /sys/module/dmaexer_edu ]] || rmmod dmaexer_edu
}

partitions_end() {
	local part

	for part in /sys/block/"${disk:-none}"/"${disk:-none}"*/partition; do
		[[ -e $part ]] || continue
		! grep -q "^/dev/$disk$(<"$part") " /proc/swaps ||
			swapoff "/dev/$disk$(<"$part")"
		delpart "/dev/$disk" "$(<"$part")"
	done
}

namespace_end() {
	[[ -e /run/netns/dmaexer_test ]] || return 0
	! ip -n dmaexer_test link show "$card" >/dev/null 2>&1 ||
		ip -n dmaexer_test link set "$card" netns 1
	ip netns del dmaexer_test
}

# refused REASON: and nothing is changed
refused() {
	dmx 1 dev bind "pci/$addr"
	silent
	says "$addr is in use: $1; --force takes it all the same (EBUSY, WHAT)"
	unchanged
}

# It is not for another reason that it was refused.
taken() {
	dmx 0 dev bind "pci/$addr"
	is_bound
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

# runs COMMAND...: until it is killed; ready is there when it has begun
runs() {
	"$@" 3>&- &
	helper=$!
	within 20 test -e "$BATS_TEST_TMPDIR/ready"
}

ends() {
	kill "$helper"
	wait "$helper" || true
	helper=
}

@test "a mounted disk is refused, and stays mounted" {
	take disk
	mkfs.ext2 -q "/dev/$disk"
	mount "/dev/$disk" "$mnt"
	echo it >"$mnt/file"
	refused "$disk is mounted on $mnt"
	sync -f "$mnt/file"
	[[ $(<"$mnt/file") == it ]]
	umount "$mnt"
	taken
}

@test "a disk that another mount namespace has is refused" {
	take disk
	mkfs.ext2 -q "/dev/$disk"
	runs unshare -m bash -c "mount /dev/$disk $mnt &&
		touch $BATS_TEST_TMPDIR/ready && exec sleep 1000"
	run ! mountpoint -q "$mnt"
	refused "$disk is mounted on $mnt"
	ends
	taken
}

@test "a mounted partition is named, and so is one that is swap" {
	take disk
	addpart "/dev/$disk" 1 2048 8192
	addpart "/dev/$disk" 2 16384 8192
	mkfs.ext2 -q "/dev/${disk}1"
	mount "/dev/${disk}1" "$mnt"
	refused "${disk}1 is mounted on $mnt"
	mkswap -q "/dev/${disk}2"
	swapon "/dev/${disk}2"
	dmx 1 dev bind "pci/$addr"
	says "${disk}1 is mounted on $mnt"
	says "${disk}2 is swap"
	unchanged
	umount "$mnt"
	refused "${disk}2 is swap"
	swapoff "/dev/${disk}2"
	taken
}

@test "a disk that is a part of another is refused" {
	command -v dmsetup >/dev/null || skip "needs dmsetup"
	take disk
	dmsetup create dmaexer_test --table "0 2048 linear /dev/$disk 0"
	dmx 1 dev bind "pci/$addr"
	says "$addr is in use: $disk is a part of dm-"
	says EBUSY
	unchanged
	dmsetup remove dmaexer_test
	taken
}

@test "a disk that a program has for itself is refused" {
	command -v perl >/dev/null || skip "needs perl"
	take disk
	runs perl -e 'use Fcntl;
		sysopen(my $disk, "/dev/$ARGV[0]", O_RDONLY | O_EXCL) or die $!;
		open(my $ready, ">", $ARGV[1]) or die $!;
		close($ready);
		sleep' "$disk" "$BATS_TEST_TMPDIR/ready"
	refused "$disk is claimed"
	ends
	taken
}

@test "a disk that cannot be opened is refused, whatever the reason" {
	take disk
	# A number that no driver has: to open it is ENXIO.
	mknod /dev/dmaexer_test c 240 240
	in_place_of "/dev/$disk" /dev/dmaexer_test
	refused "$disk cannot be looked at (ENXIO)"
	uncover
	in_place_of "/dev/$disk" /dev/null
	refused "$disk has no node in /dev"
	uncover
	taken
}

# Of root's rights that to look everywhere is taken away.
@test "what cannot be looked into is refused" {
	take rng
	local -a unseeing=(setpriv "--bounding-set=-dac_override,-dac_read_search")
	hidden=$(find "$pci/devices/$addr/" -mindepth 1 -maxdepth 1 -type d | head -n 1)
	[[ -n $hidden ]] || die "nothing to hide"
	chmod 0 "$hidden"
	status=0
	err=$("${unseeing[@]}" "$DMAEXER_CLI" dev bind "pci/$addr" 2>&1) ||
		status=$?
	((status == 1)) || die "status $status"
	says "$addr is in use: "
	says "/${hidden##*/} cannot be looked at (EACCES); --force takes it all the same"
	unchanged
	chmod 755 "$hidden"
	hidden=
	dmx 0 dev bind "pci/$addr"
	is_bound
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "a disk with several paths is refused by each of them" {
	take nvme
	local name
	name=$(find "$pci/devices/$addr/" -name 'nvme*c*n*' -printf '%f\n')
	[[ -n $name ]] || absent "disk with several paths"
	disk=${name%%c*}n${name##*n}
	within 10 test -b "/dev/$disk"
	mkfs.ext2 -q "/dev/$disk"
	mount "/dev/$disk" "$mnt"
	refused "$disk is mounted on $mnt"
	umount "$mnt"
	disk=
	taken
}

@test "a disk behind a USB controller is refused" {
	take_pci qemu-xhci 0x1b36 0x0c0330 xhci_pci usb_storage sd_mod
	disk=$(child block)
	within 10 test -b "/dev/$disk"
	mkfs.ext2 -q "/dev/$disk"
	mount "/dev/$disk" "$mnt"
	refused "$disk is mounted on $mnt"
	umount "$mnt"
}

@test "a network card that is up is refused, one that is down is not" {
	take card
	ip link set "$card" up
	refused "$card is up"
	[[ $(<"/sys/class/net/$card/flags") == 0x*[13579bdf] ]]
	ip link set "$card" down
	taken
}

@test "a network card of another namespace is refused" {
	take card
	ip netns add dmaexer_test
	ip link set "$card" netns dmaexer_test
	refused "a network interface of it is in another namespace"
	namespace_end
	[[ -e /sys/class/net/$card ]]
	taken
}

@test "a 9p file system that is mounted is refused" {
	local dir tag
	for dir in "$pci"/devices/*/virtio*/mount_tag; do
		[[ -e $dir ]] || absent "virtio 9p device"
		tag=$(tr -d '\0' <"$dir")
		addr=${dir%/virtio*}
		addr=${addr##*/}
		former=$(driver_of "$addr")
		before=$(state_of "$addr")
		refused "its 9p file system $tag is mounted"
	done
	addr=
}

# The kernel's log has to go somewhere again, also when a test fails.
without_ttyS0() {
	[[ -e $ttyS0/console ]] || absent "console on ttyS0"
	silent_ttyS0=1
	echo N >"$ttyS0/console"
	[[ $(sed -n 's/ .*//p' /proc/consoles) == "$1" ]]
}

@test "the only console is refused, one of two is not" {
	take_pci VGA 0x1234 0x030000
	grep -q '^tty0 ' /proc/consoles || absent "console on tty0"
	[[ $(<"$pci/devices/$addr/boot_vga") == 1 ]]
	taken
	without_ttyS0 tty0
	refused "tty0 is the only console"
	echo Y >"$ttyS0/console"
	taken
}

@test "a controller with a channel in use is refused, with --force the channel goes" {
	[[ -n ${DMAEXER_EDU_KO-} ]] || absent "module in DMAEXER_EDU_KO"
	local channel
	insmod "$DMAEXER_EDU_KO"
	take edu
	[[ $former == dmaexer_edu ]]
	channel=$(child dma)
	taken
	channel=$(child dma)
	dmx 0 dev bind "dma/$channel"
	before=$(state_of "$addr")
	refused "$channel is in use"
	dmx 0 buf new "$channel" --size 4k
	dmx 0 dev bind "pci/$addr" --force
	is_bound
	[[ ! -e /sys/class/dma/$channel ]]
	dmx 1 dev show "$channel"
	says ENOENT
	dmx 0 dev unbind "pci/$addr"
	has_driver dmaexer_edu
	[[ $(child dma) == dma*chan0 ]]
}

@test "--force takes a card that is up, and it can be up again afterwards" {
	take card
	ip link set "$card" up
	before=$(state_of "$addr")
	dmx 0 dev bind "pci/$addr" --force
	is_bound
	[[ ! -e /sys/class/net/$card ]]
	dmx 0 dev unbind "pci/$addr"
	has_driver "$former"
	card=$(child net)
	ip link set "$card" up
	(($(<"/sys/class/net/$card/flags") & 1))
	ip link set "$card" down
}
