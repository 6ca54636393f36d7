#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The driver of QEMU's edu device, judged by the kernel's dmatest. A step of the
# device takes 100 ms; a copy takes two for each 2048 bytes.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

readonly bits=${DMAEXER_EDU_DMA_BITS:-28}
readonly pci=/sys/bus/pci
readonly driver=$pci/drivers/dmaexer_edu
readonly parameters=/sys/module/dmaexer_edu/parameters

# A dmatest that is stopped in the middle of a copy frees the memory while the
# device still uses it; without a device, there is no copy.
cleanup() {
	[[ ! -e $driver/$device ]] || echo "$device" >"$driver/unbind"
	[[ ! -d /sys/module/dmatest ]] || rmmod dmatest
	[[ ! -d $driver ]] || rmmod dmaexer_edu
	watch_left_behind Y
}

# watch_left_behind Y|N: whether an instrumented kernel reports it
watch_left_behind() {
	local report=/sys/module/dmx_detect_test/parameters/left_behind

	[[ ! -e $report ]] || echo "$1" >"$report"
}

# The first edu device's address.
find_device() {
	local dir

	for dir in "$pci"/devices/*; do
		[[ $(<"$dir/vendor") != 0x1234 || $(<"$dir/device") != 0x11e8 ]] || {
			basename "$dir"
			return
		}
	done
	return 1
}

is_translated() {
	[[ $(cat "$pci/devices/$device/iommu_group/type" 2>/dev/null) == DMA* ]]
}

# Where nothing translates, what the device cannot address cannot be mapped.
reaches_memory() {
	local last

	last=$(sed -n 's/^[0-9a-f]*-\([0-9a-f]*\) : System RAM/\1/p' /proc/iomem |
		tail -n 1)
	((16#$last >> bits == 0))
}

channels() {
	find "$pci/devices/$device/dma" -mindepth 1 -maxdepth 1 -printf '%f\n' \
		2>/dev/null
}

# load_edu [PARAMETER=VALUE]...
load_edu() {
	insmod "$DMAEXER_EDU_KO" "dma_bits=$bits" "$@" || die "cannot load"
	channel=$(channels)
	[[ -n $channel ]] || die "no channel"
	said_lines=$(dmesg | wc -l)
	mark_log
}

# What the kernel said since load_edu.
said() {
	dmesg -t | tail -n "+$((said_lines + 1))"
}

# start_dmatest PARAMETER=VALUE...: uses the channel until it is unloaded.
start_dmatest() {
	insmod "$DMATEST_KO" "device=$device" timeout=20000 "$@" run=1 ||
		die "dmatest does not load"
}

# summaries TESTS FAILURES: of the threads of dmatest that are done
summaries() {
	said | grep -c "^dmatest: .*: summary $1 tests, $2 failures"
}

# has_ended THREADS
has_ended() {
	(($(summaries '[0-9]*' '[0-9]*') >= ended + $1))
}

# judged TESTS FAILURES PARAMETER=VALUE...: lets a thread of dmatest make so
# many copies, or several threads so many each, and states how many of them it
# finds fault with.
judged() {
	local tests=$1 failures=$2 threads=${threads-1} ended good

	shift 2
	ended=$(summaries '[0-9]*' '[0-9]*')
	good=$(summaries "$tests" "$failures")
	start_dmatest "iterations=$tests" "threads_per_chan=$threads" "$@"
	within 60 has_ended "$threads" || die "$*: it does not end: $(said)"
	rmmod dmatest || die "dmatest does not unload"
	(($(summaries "$tests" "$failures") == good + threads)) ||
		die "$*: $(said | tail -n 20)"
}

interrupts() {
	awk '/dmaexer_edu/ {
		for (i = 2; $i ~ /^[0-9]+$/; i++)
			sum += $i
	}
	END { print sum + 0 }' /proc/interrupts
}

# interrupts_since BEFORE COUNT
interrupts_since() {
	(($(interrupts) >= $1 + $2))
}

# counter NAME, of those in the summary of dmaengine
counter() {
	sed -nE "s/^ $channel +\|.* ([0-9]+) $1.*/\1/p" \
		/sys/kernel/debug/dmaengine/summary
}

unbind() {
	timeout 30 bash -c "echo $device >$driver/unbind" || die "unbind"
	[[ -z $(channels) ]] || die "a channel is left"
}

bind() {
	echo "$device" >"$driver/bind" || die "bind"
	channel=$(channels)
	[[ -n $channel ]] || die "no channel after bind"
}

it_is_a_dma_controller() {
	load_edu
	[[ $channel =~ ^dma[0-9]+chan0$ ]] || die "channel: $channel"
	[[ $(realpath "/sys/class/dma/$channel/device") == \
		$(realpath "$pci/devices/$device") ]] || die "another device's"
	[[ $(<"/sys/class/dma/$channel/in_use") == 0 ]] || die "in use"
	[[ $(counter timeouts) == 0 ]] || die "timeouts from nowhere"
	rmmod dmaexer_edu || die "rmmod is refused"
	[[ ! -e /sys/class/dma/$channel ]] || die "$channel is left"
	log_is_silent
}

bad_widths_bind_nothing() {
	local bad

	for bad in 0 65 4294967295; do
		insmod "$DMAEXER_EDU_KO" "dma_bits=$bad" || die "$bad: insmod"
		[[ -z $(channels) ]] || die "dma_bits=$bad is taken"
		rmmod dmaexer_edu || die "rmmod is refused"
	done
}

each_step_interrupts() {
	local before

	load_edu
	before=$(interrupts)
	judged 3 0 test_buf_size=4096 norandom=1
	interrupts_since "$before" 12 || die "$before, then $(interrupts)"
	# A line that nobody quiets interrupts a million times; it may be shared.
	! interrupts_since "$before" 1000 || die "$(interrupts) interrupts"
	[[ $(counter 'missed interrupts') == 0 ]] || die "some are missing"
	log_is_silent
}

sizes_around_a_step() {
	local size

	load_edu
	for size in 1 2047 2048 4097; do
		judged 1 0 "test_buf_size=$size" norandom=1
	done
	log_is_silent
}

any_offset_and_length() {
	load_edu
	judged 3 0 test_buf_size=4096
	judged 2 0 test_buf_size=4096 alignment=0
	judged 2 0 test_buf_size=4096 alignment=6
	judged 1 0 test_buf_size=4096 transfer_size=3001
	log_is_silent
}

polling_sees_the_end() {
	load_edu
	judged 3 0 test_buf_size=4096 polled=1
	log_is_silent
}

copies_queue() {
	load_edu
	threads=2 judged 2 0 test_buf_size=4096
	log_is_silent
}

# Polling gives up after 5 s, terminates, and unmaps at once.
terminate_waits_for_the_step() {
	load_edu
	judged 1 1 test_buf_size=262144 norandom=1 polled=1
	said | grep -q 'dma_sync_wait: timeout' || die "it was in time: $(said)"
	! said | grep -i fault || die "memory was accessed"
	judged 2 0 test_buf_size=4096
	[[ $(counter timeouts) == 0 ]] || die "timeouts"
}

a_step_that_does_not_end() {
	load_edu step_timeout_ms=20
	judged 3 3 test_buf_size=4096 norandom=1
	(($(said | grep -c 'completion error status') == 3)) || die "$(said)"
	(($(counter timeouts) > 0)) || die "none is counted"
	! said | grep -i fault || die "memory was accessed"
	echo 2000 >"$parameters/step_timeout_ms"
	judged 2 0 test_buf_size=4096
	[[ $(counter 'missed interrupts') == 0 ]] || die "missed interrupts"
}

in_use_is_not_unloaded() {
	local ended=0

	load_edu
	start_dmatest test_buf_size=4096 iterations=3
	[[ $(<"/sys/class/dma/$channel/in_use") == 1 ]] || die "not in use"
	! rmmod dmaexer_edu 2>/dev/null || die "rmmod is not refused"
	within 30 has_ended 1 || die "it does not go on: $(said)"
	(($(summaries 3 0) == 1)) || die "$(said)"
	! rmmod dmaexer_edu 2>/dev/null || die "rmmod is not refused any more"
	rmmod dmatest
	rmmod dmaexer_edu || die "rmmod is refused afterwards"
	log_is_silent
}

# The client finds out, keeps the old channel and what it mapped, and leaves later.
unbind_in_the_middle() {
	local round before

	load_edu
	watch_left_behind N
	for round in 1 2 3; do
		start_dmatest test_buf_size=16384 norandom=1
		before=$(interrupts)
		within 10 interrupts_since "$before" 3 || die "nothing runs"
		unbind
		within 10 eval 'said | grep -q "prep error"' ||
			die "round $round: $(said)"
		[[ $(</sys/module/dmaexer_edu/refcnt) == 1 ]] || die "refcnt"
		bind
		rmmod dmatest || die "round $round: dmatest does not unload"
		judged 1 0 test_buf_size=4096
		[[ $(</sys/module/dmaexer_edu/refcnt) == 0 ]] || die "refcnt"
	done
	watch_left_behind Y
	unbind
	rmmod dmaexer_edu || die "rmmod is refused"
	log_is_silent
}

need_root
device=$(find_device) || skip_all "there is no edu device"
for ko in DMAEXER_EDU_KO DMATEST_KO; do
	[[ -n ${!ko-} ]] || skip_all "$ko does not name a module"
done
is_translated || reaches_memory ||
	skip_all "there is memory beyond $bits bits, and no IOMMU"
run_tests \
	"it_is_a_dma_controller it is a DMA controller with one channel, and goes without a trace" \
	"bad_widths_bind_nothing it binds nothing with a width that is none" \
	"each_step_interrupts each step ends in an interrupt, which is quieted, and the copies are right" \
	"sizes_around_a_step sizes around that of a step are right" \
	"any_offset_and_length any offset, length and alignment are right" \
	"polling_sees_the_end a client that polls sees the end" \
	"copies_queue copies of several clients queue" \
	"terminate_waits_for_the_step terminating waits for the step, and the next copy is right" \
	"a_step_that_does_not_end a step that does not end fails, and the next copy is right" \
	"in_use_is_not_unloaded rmmod is refused while a client has the channel" \
	"unbind_in_the_middle unbind in the middle of copies does no harm, and bind makes a new channel"
