#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

# Transfers by a DMA engine channel: QEMU's edu device's, or that of the test
# module rogue/, which also breaks its promises.

load common

readonly parameters=/sys/module/dmx_rogue_test/parameters

setup_file() {
	if edu_is_given; then
		insmod "$DMAEXER_EDU_KO" "dma_bits=${DMAEXER_EDU_DMA_BITS:-28}"
	elif [[ -n ${DMAEXER_ROGUE_KO-} ]]; then
		insmod "$DMAEXER_ROGUE_KO"
	fi
}

teardown_file() {
	local module

	for module in dmaexer_edu dmx_rogue_test; do
		[[ ! -d /sys/module/$module ]] || rmmod "$module"
	done
}

# Without a provider, the machine's own channels may all be in use.
bind_channel() {
	local why=$BATS_TEST_TMPDIR/why

	! "$DMAEXER_CLI" -j dev bind dma/any >"$BATS_TEST_TMPDIR/channel" \
		2>"$why" || return 0
	[[ -z ${DMAEXER_ROGUE_KO-} ]] || die "$(<"$why")"
	! edu_is_given || die "$(<"$why")"
	skip "no DMA engine channel is free"
}

setup() {
	requires root module
	dev=
	bind_channel
	dev=$(jq -r .name "$BATS_TEST_TMPDIR/channel")
	new --size 64k --pattern byte:0x11
	src=$id
	new --size 64k --pattern byte:0x22
	dst=$id
}

teardown() {
	[[ ! -d $parameters ]] || {
		echo nothing >"$parameters/breaks"
		echo 0 >"$parameters/step_ms"
	}
	[[ -z $dev ]] || release_channel "$dev"
}

# Each 2048 bytes take 200 ms.
slow() {
	[[ ! -d $parameters ]] || echo 200 >"$parameters/step_ms"
	[[ -d $parameters || -d /sys/module/dmaexer_edu ]] ||
		skip "the channel is too fast"
}

breaks() {
	[[ -d $parameters ]] || skip "needs the test module rogue"
	echo "$1" >"$parameters/breaks"
}

is_under_way() {
	[[ $("$DMAEXER_CLI" dev show "$dev") =~ xfer-done:\ [1-9] ]]
}

is_idle() {
	[[ $("$DMAEXER_CLI" dev show "$dev") != *xfer-owner* ]]
}

# A short one is right.
works() {
	[[ ! -d $parameters ]] || echo 0 >"$parameters/step_ms"
	dmx 0 xfer "$src" "$dst" 100
	field compared all
}

# What a terminal is shown while the transfer runs and at its end; its keys are
# what is written to the descriptor in keyboard. What runs in the background
# would be deaf to Ctrl-C.
on_terminal() {
	mkfifo "$BATS_TEST_TMPDIR/keys"
	env --default-signal=INT script -qefc "$*" "$BATS_TEST_TMPDIR/screen" \
		<"$BATS_TEST_TMPDIR/keys" >/dev/null 2>&1 3>&- &
	terminal=$!
	exec {keyboard}>"$BATS_TEST_TMPDIR/keys"
}

screen() {
	tr '\r' '\n' <"$BATS_TEST_TMPDIR/screen"
}

@test "xfer copies, and shows the same fields as text and as JSON" {
	local fields

	dmx 0 xfer "$src+4k" "$dst+8k" 2k
	field dev-name "$dev"
	field src "$src"
	field src-offset 4096
	field dst "$dst"
	field dst-offset 8192
	field length 2048
	field compared all
	field not-copied 0
	field corrupted 0
	field overrun 0
	lacks first-mismatch
	fields=$(cut -d: -f1 <<<"$out")
	dmx 0 -j xfer "$src+4k" "$dst+8k" 2k
	json 'keys_unsorted | .[]' "$fields"
	json .length 2048
	json '."time-ns" > 0' true
	dmx 0 buf check "$dst" byte:0x11 --offset 8k --length 2k
	dmx 0 buf check "$dst" byte:0x22 --length 8k
	dmx 0 buf check "$dst" byte:0x22 --offset 10k
}

@test "a place, a length and a timeout are taken as a whole or refused by name" {
	local bad

	for bad in 1+ +4k 1+4kx 1+k x 1+1+1 1- '' 4294967296; do
		dmx 2 xfer "$bad" "$dst"
		says SRC
		dmx 2 xfer "$src" "$bad"
		says DST
	done
	for bad in 4kx x 4T '' 18446744073709551616; do
		dmx 2 xfer "$src" "$dst" "$bad"
		says LENGTH
	done
	for bad in 1s x '' 4294967296; do
		dmx 2 xfer "$src" "$dst" --timeout "$bad"
		says --timeout
	done
	dmx 2 xfer "$src"
	says "DST is missing"
	dmx 2 xfer "$src" "$dst" 1 2
	says "one word too many"
	dmx 0 buf check "$dst" byte:0x22
}

@test "what is refused ends with 1 and one sentence that names the word at fault" {
	dmx 1 xfer "$src+64k" "$dst"
	silent
	says "xfer: offset 65536 is past size 65536 of buffer $src (EINVAL, SRC)"
	dmx 1 xfer "$src" "$dst+63k" 2k
	says "length 2048 is past the end, 1024 are left (EINVAL, LENGTH)"
	dmx 1 xfer "$src" "$src+1" 2
	says "the ranges overlap (EINVAL, DST)"
	dmx 1 xfer 0 "$dst"
	says "no buffer 0 (ENOENT, SRC)"
	dmx 1 xfer "$src" "$dst" --channel dma99chan9
	says "there is no device dma99chan9"
	dmx 1 xfer "$src" "$dst" --timeout 0
	says "--timeout"
	new --kind box --size 4k
	dmx 1 xfer "$src" "$id"
	says "buffer $id is a box, share it first (EINVAL, DST)"
	[[ $(wc -l <<<"$err") == 1 ]]
	dmx 0 buf check "$dst" byte:0x22
}

@test "a device that is no channel is refused as --channel" {
	local other

	other=$("$DMAEXER_CLI" -j dev add | jq -r .name)
	status=0
	err=$("$DMAEXER_CLI" xfer "$src" "$dst" --channel "$other" 2>&1) || status=$?
	"$DMAEXER_CLI" dev del "$other"
	((status == 1))
	says "$other is no DMA engine channel (EOPNOTSUPP, --channel)"
}

@test "a copy that is not right ends with 3, and says what and where" {
	breaks short
	dmx 3 xfer "$src" "$dst" 100
	field not-copied 16
	field first-mismatch 84
	field expected 0x11
	field actual 0x22
	says "buffer $dst is not what it should be: 16 bytes not copied, 0 corrupted, 0 overrun, the first at 84: expected 0x11, is 0x22"
	breaks long
	dmx 3 -j xfer "$src" "$dst+4k" 100
	json .overrun 16
	json '."first-mismatch"' 4196
	says "0 bytes not copied, 0 corrupted, 16 overrun"
	breaks wrong
	dmx 3 xfer "$src" "$dst" 100
	field corrupted 1
	breaks nothing
	works
}

@test "of bytes that nobody compared nothing is said" {
	breaks long
	new --kind handle --size 4k
	dmx 3 xfer "$id" "$dst" 100
	field compared around
	lacks not-copied
	lacks corrupted
	field overrun 16
	says "buffer $dst is not what it should be: 16 bytes overrun, the first at 100: expected 0x22, is 0xdd"
	[[ $err != *"copied"* && $err != *corrupted* ]]
	breaks nothing
	dmx 0 xfer "$id" "$dst" 100
	field overrun 0
}

@test "a transfer that takes too long is stopped, and the next one is right" {
	slow
	dmx 1 xfer "$src" "$dst" --timeout 100
	silent
	says "$dev was not done after 100 ms, and stopped (ETIMEDOUT)"
	is_idle
	dmx 0 buf check "$dst" byte:0x22 --offset 32k
	works
}

@test "xfer is a step of a scenario: names expand, and refusals are expected" {
	local scenario=$BATS_TEST_TMPDIR/it.dmx

	"$DMAEXER_CLI" dev unbind "$dev"
	printf '%s\n' 'dev = dev bind dma/any' 'a = buf new --size 4k' \
		'b = buf new --size 4k --pattern byte:1' \
		'xfer $a+0x10 $b+1k 1k' 'expect compared == all' \
		'expect src-offset == 16' 'fails EINVAL xfer $a+4k $b' \
		'expect at == SRC' 'repeat 3 xfer $a+$round $b+$round 1' >"$scenario"
	dmx 0 run "$scenario"
}

@test "a scenario expects a transfer to differ, or not" {
	local scenario=$BATS_TEST_TMPDIR/it.dmx

	breaks nothing
	"$DMAEXER_CLI" dev unbind "$dev"
	printf '%s\n' 'dev = dev bind dma/any' 'a = buf new --size 4k' \
		'b = buf new --size 4k --pattern byte:1' \
		'differs xfer $a $b 1k' >"$scenario"
	dmx 1 run "$scenario"
	has 'expected: a difference'
	breaks wrong
	dmx 0 run "$scenario"
}

@test "on a terminal it shows how far it is, on a line that is gone at the end" {
	local seen

	command -v script >/dev/null || skip "needs script"
	slow
	on_terminal "$DMAEXER_CLI" xfer "$src" "$dst" 12k
	wait "$terminal"
	exec {keyboard}>&-
	mapfile -t seen < <(screen |
		sed -nE "s/^.*$dev: ([0-9]+) of 12288 bytes, [0-9]+\.[0-9] s.*/\1/p")
	((${#seen[@]} >= 2)) || die "$(screen | cat -v)"
	((seen[-1] > seen[0]))
	# the line is erased, and then comes the result
	screen | grep -A 1 -m 1 -P '^\x1b\[Kdev-id: ' || die "$(screen | cat -v)"
	screen | grep -q '^compared: all'
}

# Two keep the channel taken, however long a third takes to begin.
keep_busy() {
	local busy=$BATS_TEST_TMPDIR/busy

	touch "$busy"
	for _ in 1 2; do
		while [[ -e $busy ]]; do
			"$DMAEXER_CLI" xfer "$src" "$dst" 16k
		done >/dev/null 2>&1 3>&- &
		runners+=($!)
	done
}

@test "on a terminal it does not say that it copies while another one does" {
	local runners=()

	command -v script >/dev/null || skip "needs script"
	slow
	keep_busy
	within 20 is_under_way
	on_terminal "$DMAEXER_CLI" xfer "$src+32k" "$dst+32k" 2k
	wait "$terminal"
	exec {keyboard}>&-
	rm "$BATS_TEST_TMPDIR/busy"
	wait "${runners[@]}"
	screen | grep -qP '^\x1b\[Kwaiting for the channel, or looking at memory, [0-9]+\.[0-9] s' ||
		die "$(screen | cat -v)"
	screen | grep -q '^compared: all'
}

@test "there is no progress in a pipe, nor with -j" {
	command -v script >/dev/null || skip "needs script"
	slow
	dmx 0 xfer "$src" "$dst" 6k
	[[ -z $err ]]
	on_terminal "$DMAEXER_CLI" -j xfer "$src" "$dst" 6k
	wait "$terminal"
	exec {keyboard}>&-
	run ! grep ' of 6144' <(screen)
	screen | grep -q '"compared": *"all"'
}

@test "Ctrl-C in the middle ends it, and the channel is free at once" {
	command -v script >/dev/null || skip "needs script"
	slow
	on_terminal "$DMAEXER_CLI" xfer "$src" "$dst"
	within 20 is_under_way
	printf '\x03' >&"$keyboard"
	wait "$terminal" || status=$?
	exec {keyboard}>&-
	((status == 130)) || die "status $status"
	is_idle
	dmx 0 buf check "$dst" byte:0x22 --offset 32k
	works
}

@test "kill -9 in the middle ends it, and the channel is free at once" {
	local runner

	slow
	"$DMAEXER_CLI" xfer "$src" "$dst" >/dev/null 2>&1 3>&- &
	runner=$!
	within 20 is_under_way
	is_killed "$runner"
	within 5 is_idle
	dmx 0 buf check "$dst" byte:0x22 --offset 32k
	works
}

@test "dev unbind in the middle ends it with a sentence" {
	local runner

	slow
	"$DMAEXER_CLI" xfer "$src" "$dst" 2>"$BATS_TEST_TMPDIR/why" 3>&- &
	runner=$!
	within 20 is_under_way
	dmx 0 dev unbind "$dev"
	status=0
	wait "$runner" || status=$?
	((status == 1))
	err=$(<"$BATS_TEST_TMPDIR/why")
	says "$dev is gone (ENODEV"
}

@test "rmmod in the middle ends it with a sentence" {
	local runner

	requires reload
	slow
	"$DMAEXER_CLI" xfer "$src" "$dst" 2>"$BATS_TEST_TMPDIR/why" 3>&- &
	runner=$!
	within 20 is_under_way
	rmmod dmaexer
	load_module
	status=0
	wait "$runner" || status=$?
	((status == 1))
	err=$(<"$BATS_TEST_TMPDIR/why")
	says "$dev is gone (ENODEV"
	dev=
}

@test "the scenarios that move data pass, and none is skipped here" {
	"$DMAEXER_CLI" dev unbind "$dev"
	dmx 0 run xfer witness witness-odd
	lacks '# SKIP'
	[[ $(grep -c '^ok ' <<<"$out") == 3 ]]
}
