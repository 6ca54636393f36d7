# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# For tests that take devices from their drivers. Each needs a device of its
# own, so that nobody who has none is shown a failure.

readonly pci=/sys/bus/pci
readonly records=/run/dmaexer

# find_pci VENDOR CLASS: prints the address of the first such device.
find_pci() {
	local dir

	for dir in "$pci"/devices/*; do
		[[ $(<"$dir/vendor") != "$1" || $(<"$dir/class") != "$2" ]] || {
			basename "$dir"
			return
		}
	done
	return 1
}

# absent WHAT: skips, or fails where the machine was to have all devices.
absent() {
	[[ -z ${DMAEXER_ALL_DEVICES-} ]] || die "there is no $1"
	skip "there is no $1"
}

# take_pci WHAT VENDOR CLASS [MODULE]...: the device that the test is about is
# then in addr, the driver that it has to have in former, or "" for none.
take_pci() {
	local module

	addr=$(find_pci "$2" "$3") || absent "$1"
	for module in "${@:4}"; do
		modprobe "$module"
	done
	former=$(driver_of "$addr")
	(($# == 3)) || [[ -n $former ]] || die "no driver takes the $1"
	clean_before "$addr"
}

# The same by what kind it is, for what QEMU calls it.
take() {
	case $1 in
	edu) take_pci edu 0x1234 0x00ff00 ;;
	rng) take_pci virtio-rng-pci 0x1af4 0x00ff00 virtio_rng ;;
	disk)
		take_pci virtio-blk-pci 0x1af4 0x010000 virtio_blk
		disk=$(child block)
		;;
	card)
		take_pci virtio-net-pci 0x1af4 0x020000 virtio_net
		card=$(child net)
		ip link set "$card" down
		;;
	nvme) take_pci nvme 0x1b36 0x010802 nvme ;;
	*) die "take: no $1" ;;
	esac
}

children() {
	find "$pci/devices/$addr/" -path "*/$1/*" -prune -printf '%f\n'
}

has_child() {
	[[ -n $(children "$1") ]]
}

# child SUBSYSTEM: prints its device below addr.
child() {
	within 10 has_child "$1" || die "no $1 below $addr"
	children "$1" | head -n 1
}

driver_of() {
	local link

	link=$(readlink "$pci/devices/$1/driver") || true
	echo "${link##*/}"
}

override_of() {
	cat "$pci/devices/$1/driver_override"
}

# All that a command might have changed on the device.
state_of() {
	echo "driver $(driver_of "$1")"
	echo "override $(override_of "$1")"
	echo "masks $(<"$pci/devices/$1/dma_mask_bits")" \
		"$(<"$pci/devices/$1/consistent_dma_mask_bits")"
	echo "command $(command_of "$1")"
	echo "record $(cat "$records"/*-"$1" 2>/dev/null)"
}

# The command register of its configuration; bit 2 is bus mastering.
command_of() {
	od -An -tu2 -j4 -N2 "$pci/devices/$1/config" | tr -d ' '
}

clean_before() {
	before=$(state_of "$1")
	[[ $(override_of "$1") == '(null)' ]] || die "$1 has an override"
}

unchanged() {
	[[ $(state_of "$addr") == "$before" ]] ||
		die "before: $before" "now: $(state_of "$addr")"
}

is_bound() {
	[[ $(driver_of "$addr") == dmaexer ]] || die "not bound: $(state_of "$addr")"
}

# has_driver NAME
has_driver() {
	[[ $(driver_of "$addr") == "$1" ]] || die "not with $1: $(state_of "$addr")"
}

# in_place_of FILE OTHER: whoever opens the first gets the second.
in_place_of() {
	mount --bind "$2" "$1"
	covered+=("$1")
}

uncover() {
	local file

	for file in "${covered[@]}"; do
		umount "$file"
	done
	covered=()
}

# Puts the device back by hand, whatever a test left.
clean_up() {
	uncover
	[[ -n ${addr-} ]] || return 0
	[[ -d /sys/module/dmaexer ]] || load_module
	if [[ $(driver_of "$addr") == dmaexer ]]; then
		echo "$addr" >"$pci/drivers/dmaexer/unbind"
	fi
	echo >"$pci/devices/$addr/driver_override"
	rm -f "$records/pci-$addr"
	if [[ -n $former && -z $(driver_of "$addr") ]]; then
		echo "$addr" >"$pci/drivers/$former/bind"
	fi
	addr=
}
