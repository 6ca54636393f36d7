#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2030,SC2034,SC2031,SC2154

load common

setup() {
	requires root module
	scenario=$BATS_TEST_TMPDIR/it.dmx
	before=$(state)
}

# Devices and buffers, as JSON.
state() {
	"$DMAEXER_CLI" -j buf list
	"$DMAEXER_CLI" -j dev list | grep -E '"(devices|name)":'
}

as_before() {
	[[ $(state) == "$before" ]]
}

# All shipped scenarios, run once for all tests of this file.
run_all() {
	local all=$BATS_FILE_TMPDIR/all

	[[ -e $all.status ]] || {
		"$DMAEXER_CLI" run >"$all" 2>"$all.err" && echo 0 >"$all.status" ||
			echo $? >"$all.status"
	}
	status=$(<"$all.status") out=$(<"$all") err=$(<"$all.err")
}

@test "every shipped scenario passes or says why it is skipped, and leaves nothing" {
	run_all
	((status == 0)) ||
		die "status $status" "$(grep -B 4 '^ *not ok' <<<"$out")"
	run ! grep '^not ok' <<<"$out"
	run ! grep '# SKIP *$' <<<"$out"
	as_before
}

@test "run without a name runs all that are listed" {
	run_all
	local listed
	listed=$("$DMAEXER_CLI" -j run --list | jq -r '.scenarios[].name')
	(($(wc -l <<<"$listed") > 5))
	[[ $(sed -nE 's/^(not )?ok [0-9]+ ([^ ]*).*/\2/p' <<<"$out") == "$listed" ]]
}

@test "the kernel's own parser of KTAP agrees with what run prints" {
	requires source
	run_all
	local judge=$BATS_TEST_TMPDIR/judge
	# It ends with 1 where a scenario failed, which is another claim.
	PATH=/usr/bin:$PATH python3 "$KSRC/tools/testing/kunit/kunit.py" parse <<<"$out" >"$judge" ||
		((status == 1))
	grep -q 'Testing complete' "$judge"
	run ! grep -E 'ERROR|crashed: [1-9]|errors: [1-9]' "$judge"
}

@test "run -j has the steps and totals of what run prints" {
	dmx 0 -j run box-to-coherent masks
	json '.scenarios | length' 2 \
		.totals.pass 2 \
		.totals.fail 0 \
		'[.scenarios[].steps[].result] | unique | join(" ")' pass
}

@test "a step that fails fails the scenario, says which line, and ends with 1" {
	printf '%s\n' 'needs root' 'dev = dev add' 'buf = buf new --size 4k' \
		'expect size == 5k' 'buf fill $buf zero' >"$scenario"
	dmx 1 run "$scenario"
	has 'not ok 1 '
	has 'line 4'
	as_before
}

@test "a command that fails or succeeds against what is said fails the scenario" {
	printf '%s\n' 'dev = dev add' 'fails EINVAL buf new --size 4k' >"$scenario"
	dmx 1 run "$scenario"
	has 'not ok'
	printf '%s\n' 'dev = dev add' 'buf new --size 0' >"$scenario"
	dmx 1 run "$scenario"
	has 'not ok'
	printf '%s\n' 'dev = dev add' 'fails ENOMEM buf new --size 0' >"$scenario"
	dmx 1 run "$scenario"
	has 'not ok'
	printf '%s\n' 'dev = dev add' 'fails EINVAL buf new --size 0' >"$scenario"
	dmx 0 run "$scenario"
	as_before
}

@test "a check that finds a difference fails the scenario" {
	printf '%s\n' 'dev = dev add' 'buf = buf new --size 4k' \
		'buf check $buf random:1' >"$scenario"
	dmx 1 run "$scenario"
	has 'not ok'
	as_before
}

@test "a scenario that does not parse ends with 2 and runs nothing" {
	printf '%s\n' 'dev = dev add' 'frob' >"$scenario"
	dmx 2 run masks "$scenario"
	silent
	says frob
	says 2
	printf '%s\n' 'dev = dev add' 'buf new --size 4kx' >"$scenario"
	dmx 2 run "$scenario"
	says 4kx
	printf '%s\n' 'dev = dev add' 'buf show $nobody' >"$scenario"
	dmx 2 run "$scenario"
	says nobody
	dmx 2 run nosuchscenario || dmx 1 run nosuchscenario
	says nosuchscenario
	as_before
}

@test "what a scenario needs and the machine lacks skips it, with the reason" {
	printf '%s\n' 'needs iommu' 'dev = dev add' 'buf new --size 0' >"$scenario"
	status=0
	out=$("$DMAEXER_CLI" run "$scenario" 2>&1) || status=$?
	((status != 1)) || skip "there is an IOMMU"
	((status == 4)) || die "status $status"
	has 'SKIP'
	printf '%s\n' 'dev = dev add' 'needs no-pool' 'needs no-iommu' 'needs pool' >"$scenario"
	dmx 4 run "$scenario"
	has 'SKIP the device has no pool of its own'
	printf '%s\n' 'needs frobnication' >"$scenario"
	dmx 1 run "$scenario"
	has frobnication
}

running() {
	(($("$DMAEXER_CLI" -j buf list | grep -c '"id":') > 20))
}

@test "masks that a scenario sets on a device that is not its own go back" {
	new_device
	dmx 0 -j dev show "$dev"
	local found
	found=$(jq -c '[."dma-mask", ."coherent-mask", ."max-seg-size"]' <<<"$out")
	printf '%s\n' "dev set $dev --mask 33 --seg-size 8k" \
		'expect dma-mask == 0x1ffffffff' 'expect limits-owner present' \
		'expect dma-addr == 1' >"$scenario"
	dmx 1 run "$scenario"
	has "line 4: expect dma-addr"
	run ! grep -E 'not ok.*line [123]:' <<<"$out"
	dmx 0 -j dev show "$dev"
	json '[."dma-mask", ."coherent-mask", ."max-seg-size"] | @json' "$found"
	json '."limits-owner"' null
	del_device
}

@test "kill -9 in the middle leaves nothing, and rmmod works right after" {
	requires reload
	local runner
	"$DMAEXER_CLI" run many-buffers >/dev/null 2>&1 3>&- &
	runner=$!
	within 20 running
	is_killed "$runner"
	within 10 as_before
	"$DMAEXER_CLI" run many-buffers >/dev/null 2>&1 3>&- &
	runner=$!
	within 20 running
	kill -9 "$runner"
	rmmod dmaexer
	load_module
	dmx 0 -j buf list
	json '.buffers | length' 0
}

@test "SIGINT in the middle says so, and leaves nothing" {
	local runner status=0
	"$DMAEXER_CLI" run many-buffers >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	runner=$!
	within 20 running
	kill -INT "$runner"
	wait "$runner" || status=$?
	((status != 0)) || skip "it was done first"
	within 10 as_before
}
