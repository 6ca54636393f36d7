#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154

load common

setup() {
	requires root module
	new_device
	log=$BATS_TEST_TMPDIR/log
	monitor=
}

teardown() {
	[[ -z $monitor ]] || kill "$monitor" 2>/dev/null || true
	clear_fault keep
	del_device
	drop_kept
}

# watch [-j] [ARGUMENT...]: starts a monitor, and returns when it listens.
watch() {
	"$DMAEXER_CLI" -v "$@" >"$log" 2>"$log.err" 3>&- &
	monitor=$!
	within 20 grep -q listening "$log.err"
}

logged() {
	grep -q "$1" "$log"
}

@test "monitor tells what is kept, what is lost and what is dropped" {
	new --size 4k --keep
	local kept=$id
	new --kind box --size 4k --keep
	watch monitor --count 6
	dmx 0 fault set keep
	dmx 0 dev del "$dev"
	dmx 0 fault set keep --nth 0
	dmx 0 postmortem del "$kept"
	wait "$monitor"
	[[ $(cut -d' ' -f1 "$log" | tr '\n' ' ') == "buf-del postmortem-new buf-del postmortem-new dev-del postmortem-del " ]]
	logged "postmortem-new.* id=$kept .*lost=.*memory was short"
	logged "postmortem-new.* id=$id .*kind=box"
	logged "postmortem-del.* id=$kept "
}

@test "monitor prints a line for each event, with its object" {
	watch monitor --count 5
	new --kind box --size 4k --label mine
	local box=$id
	dmx 0 buf share "$box"
	dmx 0 buf del "$box"
	dmx 0 -j dev add
	local other
	other=$(pick .name)
	dmx 0 dev del "$other"
	wait "$monitor"
	(($(wc -l <"$log") == 5))
	[[ $(cut -d' ' -f1 "$log" | tr '\n' ' ') == "buf-new buf-share buf-del dev-add dev-del " ]]
	logged "buf-new.* id=$box .*kind=box"
	logged "buf-share.* id=$box .*kind=coherent"
	logged "dev-del.*name=$other"
}

@test "monitor tells what rmmod takes, and ends with a sentence" {
	local status=0

	requires reload
	watch monitor
	new --size 4k
	rmmod dmaexer
	wait "$monitor" || status=$?
	monitor=
	load_module
	((status == 1)) || die "exit status $status"
	logged "buf-del.* id=$id "
	logged "dev-del.*name=$dev"
	[[ $(tail -n 1 "$log.err") == "dmaexer: monitor: the module was unloaded (ENODEV)" ]]
	dev=
}

@test "monitor shows no address of a box" {
	watch monitor --count 2
	new --kind box --size 4k
	dmx 0 buf del "$id"
	wait "$monitor"
	run ! grep 'dma-addr=0x' "$log"
}

@test "monitor -j prints an object a line" {
	watch -j monitor --count 2
	new --size 4k
	dmx 0 buf del "$id"
	wait "$monitor"
	[[ $(jq -r .event "$log" | tr '\n' ' ') == "buf-new buf-del " ]]
	[[ $(jq -r .id "$log" | sort -u) == "$id" ]]
}

@test "monitor writes each line at once, also to a file" {
	watch monitor
	new --size 4k
	within 10 logged "buf-new.* id=$id "
	kill -INT "$monitor"
	wait "$monitor"
}

@test "monitor ends with 0 on SIGTERM and when its time is up" {
	watch monitor
	kill -TERM "$monitor"
	wait "$monitor"
	dmx 0 monitor --timeout 1
	silent
}

@test "monitor is told of buffers that go with their owner" {
	printf 'needs root\ndev = dev add\nbuf = buf new --size 4k\n' \
		>"$BATS_TEST_TMPDIR/one.dmx"
	watch monitor --count 4
	dmx 0 run "$BATS_TEST_TMPDIR/one.dmx"
	wait "$monitor"
	[[ $(cut -d' ' -f1 "$log" | tr '\n' ' ') == "dev-add buf-new buf-del dev-del " ]]
}
