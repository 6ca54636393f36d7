#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh: what scripts/matrix runs on a platform. It says on standard output
# what it found there, a JSON object on each line: facts, tests, and what the
# scenarios came to on each device. Whether that is good is judged outside.
#
#   DEVICES    virtual, one that the module makes; pci, the last edu device,
#              taken by driver_override; channel, a DMA engine channel, of the
#              first edu device where there is one; or the name of a device
#              that the module took by itself
#   FACTS      see the functions fact_*; DEVICE.group is the type of its IOMMU
#              group, DEVICE.FIELD a field of "dmaexer dev show", also where the
#              scenarios do not run on that device
#   TESTS      programs of selftests/
#   SCENARIOS  names of shipped scenarios, those to run on each device, and
#   ONCE       those to run on the first device alone
#   DMAEXER_KO, DMAEXER_EDU_KO, DMAEXER_HIGH_KO, DMATEST_KO, DMAEXER_CLI
set -uo pipefail
# Devices and facts are functions, called by name.
# shellcheck disable=SC2317

# shellcheck source=../lib.sh
. "$(dirname "$(realpath "$0")")/../lib.sh"

readonly cli=$DMAEXER_CLI
readonly pci=/sys/bus/pci
declare -A name node

# Standard output is for what is judged.
die() {
	echo "guest.sh: $*" >&2
	exit 1
}

edu_devices() {
	local dir

	for dir in "$pci"/devices/*; do
		[[ ! -e $dir || $(<"$dir/vendor") != 0x1234 ||
			$(<"$dir/device") != 0x11e8 ]] || basename "$dir"
	done
}

# field NAME: of an object that dmaexer prints as JSON. By emulation, jq takes as
# long to start as dmaexer for eight requests.
field() {
	sed -nE "s/^  \"$1\": \"?([^\"]*[^\",])\"?,?\$/\1/p"
}

make_virtual() {
	name[virtual]=$("$cli" -j dev add | field name)
	node[virtual]=$platform/devices/${name[virtual]}
}

make_pci() {
	name[pci]=$(edu_devices | tail -n 1)
	node[pci]=$pci/drivers/dmaexer/${name[pci]}
	echo dmaexer >"$pci/devices/${name[pci]}/driver_override" &&
		echo "${name[pci]}" >"$pci/drivers_probe"
}

make_channel() {
	name[channel]=$("$cli" -j dev bind dma/any | field name)
	node[channel]=/sys/class/dma/${name[channel]}/device
}

# One of the device tree, which probed by itself. Below a bus, its name begins
# with that of the bus.
make_other() {
	local found

	found=$(find "$platform/drivers/dmaexer" -name "$1" -o -name "*:$1")
	name[$1]=$(basename "$found")
	node[$1]=$found
}

make_device() {
	case $1 in
	virtual | pci | channel) "make_$1" ;;
	*) make_other "$1" ;;
	esac
	[[ -n ${name[$1]} && -d ${node[$1]} ]] || die "there is no $1"
}

# The first edu device becomes a DMA controller; the last is left for "pci".
load_provider() {
	[[ -n $(edu_devices) ]] || return 0
	[[ " $DEVICES " != *" pci "* ]] || make_device pci
	insmod "$DMAEXER_EDU_KO" dma_bits=32 || die "no provider"
}

fact_page() {
	getconf PAGESIZE
}

fact_bits() {
	getconf LONG_BIT
}

fact_release() {
	uname -r
}

# The nodes of the device tree that the module took.
fact_nodes() {
	find "$platform/drivers/dmaexer" -name '*exer-*' | wc -l
}

# Who drives the DMA controller.
fact_controller() {
	basename "$(realpath /sys/class/dma/dma0chan0/device/driver)"
}

slots_used() {
	(($(</sys/kernel/debug/swiotlb/io_tlb_used) > 0))
}

# Whether mappings are bounced: while the kernel's own test copies, and only
# then, there are slots in use.
fact_slots() {
	! slots_used || die "slots are in use at rest"
	insmod "$DMATEST_KO" timeout=20000 iterations=1 norandom=1 \
		test_buf_size=4096 run=1 || die "no dmatest"
	within 60 slots_used && echo used
	rmmod dmatest
}

# The address that a device gets whose bus begins at 4 GiB, by way of each
# program that handles it: all say the same, and it is not cut.
fact_high() {
	local device address

	device=$("$cli" -j dev add | field name)
	insmod "$DMAEXER_HIGH_KO" "device=$device" || die "no $DMAEXER_HIGH_KO"
	"$cli" run --device "$device" "$here/high.dmx" >&2 || return
	"$cli" dev set "$device" --mask 64 >/dev/null
	address=$("$cli" -j buf new "$device" --size 64k | field dma-addr)
	((address >> 32)) && echo yes
	"$cli" dev del "$device" >/dev/null
	rmmod dmx_high_test
}

# group_of DEVICE: "none" is said of a device that is there, and of no other.
group_of() {
	[[ -d ${node[$1]} ]] || die "$1 is gone"
	if [[ -e ${node[$1]}/iommu_group ]]; then
		cat "${node[$1]}/iommu_group/type"
	else
		echo none
	fi
}

# device_fact DEVICE FIELD
device_fact() {
	[[ -n ${name[$1]-} ]] || make_device "$1"
	if [[ $2 == group ]]; then
		group_of "$1"
	else
		"$cli" -j dev show "${name[$1]}" | field "$2"
	fi
}

tell_fact() {
	local got

	case $1 in
	*.*) got=$(device_fact "${1%.*}" "${1##*.}") ;;
	*) got=$("fact_$1") ;;
	esac
	echo "$1=$got" >>/tmp/facts
}

tell_test() {
	local status=0

	timeout 300 "$here/../$1" >/tmp/test.log 2>&1 || status=$?
	jq -nc --arg test "$1" --argjson status "$status" \
		--rawfile output /tmp/test.log '{$test, $status, $output}'
}

# tell_scenarios DEVICE SCENARIO...: the steps of what fails are in it. What it is
# made of needs no quotes, and in a string of JSON there are no newlines.
tell_scenarios() {
	local status=0

	"$cli" -j run --quiet --device "${name[$1]}" "${@:2}" \
		>/tmp/run.json || status=$?
	printf '{"device":"%s","name":"%s","status":%d,"run":' "$1" "${name[$1]}" \
		"$status"
	tr '\n' ' ' </tmp/run.json
	echo '}'
}

main() {
	local word once

	# shellcheck disable=SC2153 # the one is what is left of the other
	once=$ONCE
	load || die "no $DMAEXER_KO"
	# These load the module again, and count the devices that it takes.
	for word in $TESTS; do
		tell_test "$word"
	done
	load_provider
	# These need what the devices below take.
	for word in $FACTS; do
		case $word in slots | high) tell_fact "$word" ;; esac
	done
	for word in $DEVICES; do
		[[ -n ${name[$word]-} ]] || make_device "$word"
	done
	for word in $FACTS; do
		case $word in slots | high) ;; *) tell_fact "$word" ;; esac
	done
	jq -Rc 'index("=") as $at | {fact: .[:$at], got: .[$at + 1:]}' /tmp/facts
	for word in $DEVICES; do
		# shellcheck disable=SC2086 # lists
		tell_scenarios "$word" $SCENARIOS $once
		once=
	done
}

# The tests have its functions without running it.
[[ ${BASH_SOURCE[0]} != "$0" ]] || main
