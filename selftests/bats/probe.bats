#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154
#
# Verdicts on a virtual device, and on one whose platform breaks its promises.
# platform.bats has those that need a device behind an IOMMU, or a channel.

load common

setup() {
	requires root module
}

teardown() {
	[[ ! -d /sys/module/dmx_broken_test ]] || rmmod dmx_broken_test
	del_device
}

state() {
	"$DMAEXER_CLI" -j buf list
	"$DMAEXER_CLI" -j dev list | grep -E \
		'"(devices|name|dma-mask|coherent-mask|max-seg-size|live-bytes)":'
}

masks() {
	cat /sys/bus/platform/devices/"$dev"/dmaexer/{dma_mask,coherent_dma_mask}
}

as_before() {
	[[ $(state) == "$before" ]]
}

# verdict NAME VERDICT [STATUS]: what the probe says of the device.
verdict() {
	dmx "${3:-0}" -j probe "$1" "$dev"
	json .verdict "$2"
	json .name "$1"
	json '."dev-name"' "$dev"
}

# breaks WHAT: a device of a platform that breaks it.
breaks() {
	new_device
	insmod "$DMAEXER_BROKEN_KO" "device=$dev" "breaks=$1"
}

requires_broken() {
	[[ -n ${DMAEXER_BROKEN_KO-} ]] || skip "needs the test module that breaks promises"
}

@test "doctor has a line for each probe, with evidence, and leaves all as it was" {
	new_device
	before=$(state)
	dmx 0 -j doctor "$dev"
	json '[.verdicts[].name] | join(" ")' \
		"backend attributes stale masks alignment largest exhaust protection visibility"
	json '[.verdicts[] | select(.evidence == "" or ."dev-name" != "'"$dev"'")] | length' 0
	json '[.verdicts[].verdict] - ["holds", "deviation", "not-applicable"] | length' 0
	as_before
}

@test "doctor without a device makes one, which is gone afterwards" {
	requires reload
	rmmod dmaexer
	load_module devices=0
	before=$(state)
	dmx 0 -j doctor
	json '[.verdicts[]."dev-name"] | unique | length' 1
	as_before
	rmmod dmaexer
	load_module
}

@test "the table of doctor fits 80 columns, and breaks no word" {
	new_device
	COLUMNS=80 dmx 0 doctor "$dev"
	has "$dev"
	has NAME
	run ! grep -E '.{81}' <<<"$out"
	run ! grep -F '\x' <<<"$out"
	grep -wq deviation <<<"$out"
	grep -wq honoured <<<"$out"
}

@test "probe has the fields of doctor, in text and in JSON" {
	local verdict misaligned

	new_device
	dmx 0 -j probe alignment "$dev"
	verdict=$(value verdict) misaligned=$(value dma-misaligned)
	# what comes from CMA is aligned less where it is large
	grep -q "^CmaTotal: *[1-9]" /proc/meminfo ||
		[[ $verdict:$misaligned == holds:0 ]]
	dmx 0 probe alignment "$dev"
	field name alignment
	field dev-name "$dev"
	field verdict "$verdict"
	field dma-misaligned "$misaligned"
	dmx 2 probe nosuch "$dev"
	says "one of"
	dmx 1 probe masks nosuch
	says nosuch
}

@test "masks go from 64 down to what dma_set_mask takes, and are put back" {
	new_device
	local bits smallest=0
	dmx 0 dev set "$dev" --mask 37
	before=$(state)
	dmx 0 -j probe masks "$dev"
	local said
	said=$(pick '."smallest-mask"')
	as_before
	for ((bits = 64; bits > 0; bits--)); do
		"$DMAEXER_CLI" dev set "$dev" --mask "$bits" >/dev/null 2>&1 || break
		smallest=$bits
	done
	[[ $said == "$smallest" ]] || die "smallest-mask is $said, not $smallest"
}

# stopped_in_sweep: "probe masks" stands still with other masks than they were,
# and is in prober.
stopped_in_sweep() {
	local mask=/sys/bus/platform/devices/$dev/dmaexer/coherent_dma_mask found
	local try

	found=$(<"$mask")
	for try in {1..50}; do
		"$DMAEXER_CLI" probe masks "$dev" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
		prober=$!
		while [[ $(<"$mask") == "$found" ]] && kill -0 "$prober"; do :; done \
			2>/dev/null
		kill -STOP "$prober" 2>/dev/null || continue
		within 10 is_stopped
		[[ $(<"$mask") == "$found" ]] || return 0
		kill -KILL "$prober"
	done
	die "no probe was caught in its sweep"
}

is_stopped() {
	grep -q '^State:.T' "/proc/$prober/status"
}

@test "kill -9 in the sweep of masks leaves them as they were" {
	new_device
	dmx 0 dev set "$dev" --mask 37
	before=$(state)
	stopped_in_sweep
	dmx 1 dev set "$dev" --mask 36
	says limits-owner
	says EBUSY
	is_killed "$prober"
	as_before
	dmx 0 dev set "$dev" --mask 36
}

@test "masks are put back where somebody else makes a buffer meanwhile" {
	new_device
	local status=0 found
	dmx 0 dev set "$dev" --mask 37
	found=$(masks)
	stopped_in_sweep
	new --size 4k
	kill -CONT "$prober"
	wait "$prober" || status=$?
	((status == 1)) || die "status $status: $(<"$BATS_TEST_TMPDIR/out")"
	grep -Eq 'somebody else allocates|has live buffers' "$BATS_TEST_TMPDIR/out"
	[[ $(masks) == "$found" ]] || die "masks are $(masks)"
	dmx 0 buf del "$id"
}

@test "masks are put back on SIGINT, SIGTERM and SIGHUP" {
	new_device
	local signal status
	dmx 0 dev set "$dev" --mask 37
	before=$(state)
	for signal in INT TERM HUP; do
		stopped_in_sweep
		kill "-$signal" "$prober"
		kill -CONT "$prober"
		status=0
		wait "$prober" || status=$?
		((status == 1)) || die "$signal: status $status"
		grep -q 'stopped by a signal' "$BATS_TEST_TMPDIR/out"
		as_before
	done
}

@test "masks are not tried under live buffers, nor changed" {
	new_device
	new --size 4k
	before=$(state)
	verdict masks not-applicable
	[[ $out == *"1 buffers"* ]]
	as_before
}

@test "the largest allocation can be had, and what is said to be refused cannot" {
	new_device
	dmx 0 -j probe largest "$dev"
	json .verdict holds
	local largest
	largest=$(pick .largest)
	new --size "$largest"
	dmx 0 buf del "$id"
	# Without CMA the page allocator's largest block is the end, 4 MiB here.
	if [[ $(uname -m) == x86_64 ]] && ! grep -q "CmaTotal.*[1-9]" /proc/meminfo; then
		((largest == 4 << 20)) || die "largest is $largest"
		dmx 1 buf new "$dev" --size $((largest + 1))
		says ENOMEM
	fi
}

@test "exhaust takes what memory there is, and gives all of it back" {
	new_device
	before=$(state)
	local total
	dmx 0 -j probe exhaust "$dev"
	json .verdict holds
	as_before
	total=$(awk '/^MemTotal/ { print $2 * 1024 }' /proc/meminfo)
	# At least the quota of the device, which is half of memory, but for
	# what a machine that is in use has in its hands.
	(($(pick .bytes) > total / 4)) || die "only $(pick .bytes)"
	[[ $(pick '."ran-out"') =~ ^(memory|blocks|reach|cma)$ ]] ||
		die "ran out: $(pick '."ran-out"')"
	(($(pick .bytes) == $(jq '.bufs * .size' <<<"$out")))
}

@test "exhaust under a quota says so where memory has more" {
	new_device
	local quota=/sys/bus/platform/devices/$dev/dmaexer/quota_bytes
	echo $((8 << 20)) >"$quota"
	dmx 0 -j probe exhaust "$dev"
	local bufs
	bufs=$(pick .bufs)
	((bufs == 8)) || ((bufs == 7)) || die "$bufs buffers of 1M under a quota of 8M"
	[[ $(<"$quota") == $((8 << 20)) ]] || die "the quota was changed"
	# Of a page, nobody could tell that it is back by what memory there is.
	echo 4096 >"$quota"
	verdict exhaust holds
	json .bytes 4096
}

quota() {
	echo "$2" >"/sys/bus/platform/devices/$dev/dmaexer/quota_$1"
}

@test "what only the quota refuses is no fault of the platform" {
	new_device
	quota bytes 65536
	verdict backend holds
	verdict attributes deviation
	json '."attrs-refused" | index("no-warn") == null' true
	verdict stale not-applicable
	quota bytes 4096
	verdict attributes not-applicable
	json '."attrs-refused"' null
	quota bytes 0
	verdict backend not-applicable
	verdict alignment not-applicable
	verdict largest not-applicable
	verdict exhaust not-applicable
	[[ $(pick .evidence) == *quota* ]]
}

@test "a probe without a verdict does not keep doctor from the others" {
	new_device
	quota bytes 0
	before=$(state)
	dmx 1 -j doctor "$dev"
	says "1 without a verdict, masks: "
	says "(ENOSPC)"
	json '[.verdicts[].name] | join(" ")' \
		"backend attributes stale alignment largest exhaust protection visibility"
	as_before
}

@test "init_on_alloc in the verdict on stale memory is what the kernel says it is" {
	new_device
	dmx 0 -j probe stale "$dev"
	local on
	on=$(dmesg | sed -n 's/.*mem auto-init:.*heap alloc:\(on\|off\).*/\1/p')
	[[ -n $on ]] || skip "the kernel's log has no mem auto-init"
	json '."init-on-alloc"' "$([[ $on == on ]] && echo true || echo false)"
	case $(pick '."stale-bytes"') in
	0) json .verdict holds ;;
	262144) json .verdict deviation ;;
	*) die "stale-bytes is neither none nor all" ;;
	esac
	[[ $on != on ]] || json '."stale-bytes"' 0
}

@test "an address outside of its mask is a violation: exit status 3, with the address" {
	requires_broken
	breaks mask
	verdict masks violated 3
	[[ $err == *"masks is violated"* ]]
	[[ $(pick .evidence) == *"has an address up to 0x"* ]]
}

@test "an unaligned address is a violation, and doctor names it" {
	requires_broken
	breaks alignment
	verdict alignment violated 3
	dmx 3 -j doctor "$dev"
	json '[.verdicts[] | select(.verdict == "violated").name] | index("alignment") != null' true
	says alignment
}

@test "memory that is not zeroed is a violation" {
	requires_broken
	breaks contents
	verdict stale violated 3
	[[ $(pick .evidence) == *"2 of 262144 bytes of a coherent buffer are stale"* ]]
}

@test "a platform that keeps its promises is not accused" {
	requires_broken
	breaks nothing
	dmx 0 -j doctor "$dev"
	json '[.verdicts[] | select(.verdict == "violated")] | length' 0
	json '.verdicts[0].backend' ops
}

@test "a violated verdict fails the step of a scenario, with the evidence" {
	requires_broken
	breaks alignment
	printf '%s\n' "dev = dev show $dev" 'probe alignment $dev' \
		>"$BATS_TEST_TMPDIR/it.dmx"
	dmx 1 run "$BATS_TEST_TMPDIR/it.dmx"
	has 'not ok'
	has 'alignment is violated'
}

probing() {
	(($("$DMAEXER_CLI" -j buf list "$dev" | grep -c '"id":') > 20))
}

@test "SIGINT in the middle of a probe leaves nothing, and masks as they were" {
	new_device
	local runner status=0
	dmx 0 dev set "$dev" --mask 37
	before=$(state)
	"$DMAEXER_CLI" probe exhaust "$dev" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	runner=$!
	within 20 probing
	kill -INT "$runner"
	wait "$runner" || status=$?
	((status == 1)) || skip "it was done first"
	grep -q 'stopped by a signal' "$BATS_TEST_TMPDIR/out"
	as_before
}

@test "kill -9 in the middle of a probe leaves no buffer and no device" {
	new_device
	before=$(state)
	"$DMAEXER_CLI" probe exhaust "$dev" >/dev/null 2>&1 3>&- &
	local runner=$!
	within 20 probing
	is_killed "$runner"
	within 10 as_before
}

@test "protect wants a channel, and says where to get one" {
	new_device
	dmx 1 protect within "$dev"
	says "is no DMA engine channel"
	says EOPNOTSUPP
	dmx 2 protect sideways "$dev"
	says past-end
	dmx 1 protect within nosuch
	says nosuch
}
