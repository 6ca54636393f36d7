#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154
#
# Verdicts on a channel of QEMU's edu device, and on a second edu device that is
# bound to dmaexer, against what the kernel says elsewhere.

load common

readonly pci=/sys/bus/pci

edu_devices() {
	local dir

	for dir in "$pci"/devices/*; do
		[[ $(<"$dir/vendor") != 0x1234 || $(<"$dir/device") != 0x11e8 ]] ||
			basename "$dir"
	done
}

second_edu() {
	edu_devices | sed -n 2p
}

setup_file() {
	local second

	((EUID == 0)) && [[ -n ${DMAEXER_EDU_KO-} ]] || return 0
	second=$(second_edu)
	[[ -z $second ]] || {
		echo dmaexer >"$pci/devices/$second/driver_override"
		echo "$second" >"$pci/drivers_probe"
	}
	[[ -d /sys/module/dmaexer_edu ]] || insmod "$DMAEXER_EDU_KO"
}

teardown_file() {
	local second

	[[ ! -d /sys/module/dmaexer_edu ]] || rmmod dmaexer_edu
	second=$(second_edu)
	[[ -z $second || ! -e $pci/drivers/dmaexer/$second ]] ||
		echo "$second" >"$pci/drivers/dmaexer/unbind"
	[[ -z $second ]] || echo >"$pci/devices/$second/driver_override"
}

setup() {
	local entry

	requires root module
	chan=
	for entry in /sys/class/dma/*; do
		[[ -e $entry ]] || no_edu_channel
		chan=${entry##*/}
		break
	done
	type=
	entry=/sys/class/dma/$chan/device/iommu_group/type
	[[ ! -e $entry ]] || type=$(<"$entry")
	dmx 0 dev bind "dma/$chan"
}

teardown() {
	[[ -z ${chan-} ]] || release_channel "$chan"
}

translates() {
	[[ $type == DMA* ]]
}

is_forced() {
	grep -qw swiotlb=force /proc/cmdline
}

# The second edu device, whose masks can be set, is then dev.
requires_dev() {
	dev=$(second_edu)
	[[ -n $dev ]] || skip "needs a second edu device"
	[[ -e $pci/drivers/dmaexer/$dev ]] || die "$dev is not bound to dmaexer"
}

requires_iommu() {
	translates || skip "no IOMMU translates"
}

# probe NAME [DEV]: of the channel, where nobody else is named.
probe() {
	dmx 0 -j probe "$1" "${2:-$chan}"
}

evidence_has() {
	[[ $(pick .evidence) == *"$1"* ]] ||
		die "the evidence does not have \"$1\": $out"
}

masks_of() {
	"$DMAEXER_CLI" -j dev show "$1" | jq -c '[."dma-mask", ."coherent-mask"]'
}

@test "what serves a channel is what sysfs and the command line say" {
	probe backend
	json .verdict holds
	case $type in
	DMA-FQ) json .backend iommu && json .domain dma-fq && evidence_has lazy ;;
	DMA) json .backend iommu && json .domain dma && evidence_has strict ;;
	identity) json .backend direct && json .domain identity ;;
	*) json .backend direct && json .domain none && evidence_has "no IOMMU" ;;
	esac
	is_forced && local forced=true || local forced=false
	json '.swiotlb == "forced"' "$forced"
	# dma-iommu does not ask.
	translates && forced=false
	[[ $(jq '.evidence | test("bounces every")' <<<"$out") == "$forced" ]]
}

vmap_areas() {
	grep -cE 'dma_common|iommu_dma' /proc/vmallocinfo || (($? == 1))
}

@test "no-kernel-mapping is said to be ignored where the kernel maps all the same" {
	local areas ignored
	probe attributes
	ignored=$(jq '."attrs-ignored" | index("no-kernel-mapping") != null' <<<"$out")
	json '."attrs-honoured" | index("force-contiguous") != null' true
	json '.verdict' deviation
	areas=$(vmap_areas)
	dmx 0 -j buf new "$chan" --kind handle --size 64k
	areas=$(($(vmap_areas) - areas))
	dmx 0 buf del "$(pick .id)"
	translates && local wanted=true || local wanted=false
	[[ $ignored == "$wanted" ]] || die "ignored: $ignored"
	if translates; then ((areas > 0)); else ((areas == 0)); fi
}

@test "handles are stale where dma-direct serves and init_on_alloc is off, all of 256 KiB" {
	local on
	on=$(dmesg | sed -n 's/.*mem auto-init:.*heap alloc:\(on\|off\).*/\1/p')
	probe stale
	if translates || [[ $on == on ]]; then
		json .verdict holds
		json '."stale-bytes"' 0
	else
		json .verdict deviation
		json '."stale-bytes"' 262144
		[[ $(pick .hint) == *init_on_alloc=1* ]]
	fi
	json '."init-on-alloc"' "$([[ $on == on ]] && echo true || echo false)"
}

@test "the masks of a channel are not tried" {
	local before
	before=$(masks_of "$chan")
	probe masks
	json .verdict not-applicable
	[[ $(masks_of "$chan") == "$before" ]]
}

@test "the file of a device has the number of its IOMMU group" {
	local group=/sys/class/dma/$chan/device/iommu_group

	requires_iommu
	group=$(basename "$(realpath "$group")")
	grep -qx "iommu-group: $group" "$debugfs/$chan/info"
}

# Who asked for its number, or for its devices, has given it back.
@test "an IOMMU group goes with its device" {
	local device group

	requires_iommu
	device=$(realpath "/sys/class/dma/$chan/device")
	group=$(realpath "$device/iommu_group")
	dmx 0 dev show "$chan"
	dmx 0 protect freed "$chan"
	release_channel "$chan"
	chan=
	echo 1 >"$device/remove"
	[[ ! -e $group ]] || group=left
	echo 1 >"$pci/rescan"
	[[ $group != left ]] || die "the group is left"
	within 10 test -e "$device/driver"
}

@test "a device that has a driver is not deleted" {
	requires_dev
	dmx 1 dev del "$dev"
	says "$dev has a driver, unbind it instead (EOPNOTSUPP"
	dmx 0 dev show "$dev"
}

@test "behind an IOMMU any mask is taken, memory ends at 13 bits, and the domain recovers" {
	requires_dev
	local before
	before=$(masks_of "$dev")
	probe masks "$dev"
	[[ $(masks_of "$dev") == "$before" ]] || die "masks were $before"
	if translates; then
		json .verdict deviation
		json '."smallest-mask"' 1
		# Of 12 bits there is the page at 0 alone, which is not given.
		json '."smallest-usable"' 13
		json .poisoned false
	else
		json .verdict holds
		json '."smallest-mask"' "$(pick '."smallest-usable"')"
		(($(pick '."smallest-mask"') <= 24))
	fi
	dmx 0 dev set "$dev" --mask 32
	dmx 0 -j buf new "$dev" --size 1M
	dmx 0 buf del "$(pick .id)"
	dmx 0 dev set "$dev" --mask 28
}

# What the hint of the probe says: a new domain, with nothing of the old one.
renew_domain() {
	local group=$pci/devices/$dev/iommu_group/type kind

	kind=$(<"$group")
	echo "$dev" >"$pci/drivers/dmaexer/unbind"
	echo identity >"$group"
	echo "$kind" >"$group"
	echo "$dev" >"$pci/drivers_probe"
	[[ $(<"$group") == "$kind" && -e $pci/drivers/dmaexer/$dev ]]
}

@test "a domain that refuses all at or below 32 bits is said to, and not made worse" {
	requires_dev
	requires_iommu
	dmx 0 dev set "$dev" --mask 12
	dmx 1 buf new "$dev" --size 4k
	says ENOMEM
	dmx 0 dev set "$dev" --mask 32
	dmx 1 buf new "$dev" --size 1M
	says ENOMEM
	probe masks "$dev"
	json .verdict deviation
	json .poisoned true
	evidence_has "met at the start"
	[[ $(masks_of "$dev") == '["0xffffffff","0xffffffff"]' ]]
	dmx 0 dev set "$dev" --mask 64
	dmx 0 -j buf new "$dev" --size 1M
	dmx 0 buf del "$(pick .id)"
	renew_domain
	probe masks "$dev"
	json .poisoned false
	json '."smallest-usable"' 13
}

@test "CPU addresses are aligned to pages alone where an IOMMU serves, DMA addresses to all" {
	probe alignment
	json '."dma-misaligned"' 0
	if translates; then
		json .verdict deviation
		(($(pick '."cpu-misaligned"') > 0))
	else
		json .verdict holds
		json '."cpu-misaligned"' 0
	fi
}

@test "what runs out is the addresses of an IOMMU domain, or memory that the mask reaches" {
	probe exhaust
	json .verdict holds
	if translates; then
		# 28 bits are 256 MiB, of which the first page is not given.
		json '."ran-out"' iova
		json .size 1048576
		json .bufs 255
	else
		[[ $(pick '."ran-out"') =~ ^(reach|blocks|memory)$ ]]
	fi
	# The failure that ends it is one that a domain remembers.
	dmx 0 -j buf new "$chan" --size 1M
	dmx 0 buf del "$(pick .id)"
}

# Lines of the kernel's log that say that the IOMMU stopped a write at $1.
faults_at() {
	dmesg | grep -c "DMAR: .*DMA Write.* fault addr $1 " || (($? == 1))
}

@test "protection is what stands before the device, with the address of the fault" {
	probe protection
	json .channel "$chan"
	if is_forced && ! translates; then
		json .verdict not-applicable
		json .within not-run
		return
	fi
	json .within landed
	if ! translates; then
		json .verdict not-applicable
		evidence_has unprotected
		json '[."past-end", .freed, ."read-only"] | join(" ")' \
			"landed landed landed"
		json '."fault-addr"' null
		return
	fi
	json '."past-end"' stopped
	json '."read-only"' stopped
	(($(faults_at "$(pick '."fault-addr"')") == 1))
	evidence_has "fault addr $(pick '."fault-addr"')"
	if [[ $type == DMA ]]; then
		json .verdict holds
		json .freed stopped
		json '."window-ns"' null
	fi
}

window_is_seen() {
	probe protection
	[[ $(pick .freed) == landed ]]
}

@test "a lazy domain has a window after memory is freed, which is measured" {
	[[ $type == DMA-FQ ]] || skip "the domain is not lazy"
	within 60 window_is_seen || die "no write landed after its memory was freed"
	json .verdict deviation
	evidence_has "ms after it was freed"
	# The flush queue's timer runs for 10 ms; this machine is emulated.
	(($(pick '."window-ns"') < 1000000000))
	[[ $(pick .hint) == *iommu.strict=1* ]]
}

@test "protection is not tested while the address space has buffers" {
	[[ -n $type ]] || skip "without an IOMMU buffers are not in the way"
	requires_iommu
	local id
	dmx 0 -j buf new "$chan" --size 4k
	id=$(pick .id)
	probe protection
	json .verdict not-applicable
	dmx 1 protect within "$chan"
	says EBUSY
	dmx 0 buf del "$id"
}

is_copying() {
	[[ $("$DMAEXER_CLI" -j dev show "$chan") == *'"xfer-length"'* ]]
}

@test "no buffer comes into the address space while protection is tested" {
	[[ -n $type ]] || skip "without an IOMMU buffers are not in the way"
	requires_iommu
	local test

	"$DMAEXER_CLI" protect freed "$chan" >/dev/null 3>&- &
	test=$!
	within 20 is_copying
	dmx 1 buf new "$chan" --size 4k
	says "protection of $chan is being tested (EBUSY"
	wait "$test"
	dmx 0 buf new "$chan" --size 4k
}

faulted() {
	(($(faults_at "$1") > 0))
}

# The kernel tells of ten faults in five seconds, also of those of other tests.
stopped_and_told() {
	dmx 0 -j protect past-end "$chan" &&
		json .outcome stopped &&
		within 1 faulted "$(pick .addr)"
}

@test "protect shows where it wrote and what came of it" {
	is_forced && ! translates && skip "every mapping is bounced"
	dmx 0 -j protect within "$chan"
	json .outcome landed
	json .case within
	json '."dev-name"' "$chan"
	if translates; then
		within 30 stopped_and_told
	else
		dmx 0 -j protect past-end "$chan"
		json .outcome landed
	fi
}

@test "CPU and device see what the other wrote" {
	probe visibility
	json .verdict holds
	json .corrupted 0
	json .channel "$chan"
	json '."cache-coherent"' true
}

@test "the scenarios of the doctor pass on a channel, and on a device of the bus" {
	requires_dev
	dmx 0 dev unbind "dma/$chan"
	dmx 0 run doctor-protection doctor-visibility
	run ! grep '# SKIP' <<<"$out"
	dmx 0 run --device "$dev" doctor-backend doctor-attributes doctor-stale \
		doctor-masks doctor-alignment doctor-largest doctor-exhaust
	run ! grep '# SKIP' <<<"$out"
	if translates; then
		dmx 0 run --device "$dev" doctor-iommu
		run ! grep '# SKIP' <<<"$out"
	fi
}

@test "a virtual device is not judged by a channel of another address space" {
	local virtual
	dmx 0 -j dev add
	virtual=$(pick .name)
	dmx 0 -j probe visibility "$virtual"
	dmx 0 dev del "$virtual"
	dmx 1 dev show "$virtual"
	dmx 0 dev show "$chan"
}
