#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154
#
# A channel whose IOMMU group has a device with a driver of its own: nothing is
# written where that one may have memory.

load common

readonly pci=/sys/bus/pci

setup_file() {
	((EUID == 0)) && [[ -n ${DMAEXER_EDU_KO-} ]] || return 0
	[[ -d /sys/module/dmaexer_edu ]] || insmod "$DMAEXER_EDU_KO"
}

teardown_file() {
	[[ ! -d /sys/module/dmaexer_edu ]] || rmmod dmaexer_edu
}

setup() {
	local entry dir

	requires root module
	chan=
	neighbour=
	for entry in /sys/class/dma/*; do
		[[ -e $entry ]] || no_edu_channel
		chan=${entry##*/}
		break
	done
	dmx 0 dev bind "dma/$chan"
	for dir in "/sys/class/dma/$chan"/device/iommu_group/devices/*; do
		[[ $(<"$dir/vendor") != 0x1af4 ]] || neighbour=${dir##*/}
	done
	[[ -n $neighbour ]] || skip "needs a virtio device in the group"
	[[ -e $pci/devices/$neighbour/driver ]] || die "$neighbour has no driver"
	drv=$(basename "$(realpath "$pci/devices/$neighbour/driver")")
}

teardown() {
	[[ -z ${chan-} ]] || release_channel "$chan"
	[[ -z ${neighbour-} || -e $pci/devices/$neighbour/driver ]] ||
		echo "$neighbour" >"$pci/drivers/$drv/bind"
}

# outcome CASE OUTCOME
outcome() {
	dmx 0 -j protect "$1" "$chan"
	json .outcome "$2"
}

@test "nothing is written outside of mappings where another driver has the domain too" {
	outcome within landed
	outcome read-only stopped
	outcome past-end not-run
	json .reason "other drivers have addresses of its IOMMU domain"
	json .addr null
	outcome freed not-run
	dmx 0 -j probe protection "$chan"
	json .verdict not-applicable
	json '."read-only"' stopped
	[[ $(pick .evidence) == *"past-end: not run, other drivers"* ]]
}

@test "it is where the other driver has let go, and where the driver is ours" {
	echo "$neighbour" >"$pci/devices/$neighbour/driver/unbind"
	outcome past-end stopped
	outcome freed stopped
	dmx 0 -j probe protection "$chan"
	json .verdict holds
	dmx 0 dev bind "pci/$neighbour"
	outcome past-end stopped
	dmx 0 dev unbind "pci/$neighbour"
}
