#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The life of the module: parameters, binding, and leaving with all in use.
#
#   DMAEXER_LOAD_ROUNDS   how often it comes and goes; default is 20

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

# What tests leave behind goes with the module.
cleanup() {
	local child

	for child in $(jobs -p); do
		kill -9 "$child" 2>/dev/null
		wait "$child" 2>/dev/null
	done
	[[ ! -d /sys/module/dmx_rival_test ]] || rmmod dmx_rival_test
	[[ ! -e $fail_function ]] || echo >"$fail_function/inject"
}

fail_function=/sys/kernel/debug/fail_function
driver=$platform/drivers/dmaexer

nothing_is_left() {
	! is_loaded || die "the module is loaded"
	[[ ! -e $debugfs ]] || die "$debugfs is left"
	[[ ! -e $driver ]] || die "$driver is left"
	[[ -z $(find "$platform/devices/" -name 'dmaexer.*') ]] ||
		die "devices are left"
	log_is_silent
}

# hold_in_background ARGUMENT...: returns when it has its COUNT buffers.
hold_in_background() {
	out=$(mktemp)
	"$hold" "$@" >"$out" &
	holder=$!
	within 10 has_lines "$out" "$2" || die "hold made no $2 buffers"
}

has_lines() {
	(($(wc -l <"$1") >= $2))
}

one_device_by_default() {
	reload
	[[ $(devices) == dmaexer.0 ]] || die "devices: $(devices)"
	[[ -d $debugfs/dmaexer.0 ]] || die "no debugfs directory"
	[[ $(value dmaexer.0 live_bufs) == 0 ]] || die "buffers from nowhere"
}

as_many_devices_as_asked() {
	local count

	for count in 0 3 64; do
		reload "devices=$count"
		(($(devices | wc -l) == count)) || die "devices: $(devices)"
		[[ $(</sys/module/dmaexer/parameters/devices) == "$count" ]] ||
			die "the parameter is not shown"
	done
}

bad_parameters_are_refused() {
	local bad

	! is_loaded || unload
	for bad in devices=65 devices=4294967295 devices=4294967296 devices=-1 \
		devices=x devices= quota_bufs=x quota_bytes=-1; do
		load "$bad" 2>/dev/null && die "$bad is taken"
		! is_loaded || die "loaded with $bad"
		[[ ! -e $debugfs ]] || die "$bad leaves $debugfs"
	done
}

too_many_devices_is_einval() {
	local said

	! is_loaded || unload
	said=$(load devices=65 2>&1) && die "it is loaded"
	[[ $said == *Invalid* ]] || die "$said"
}

# What cannot be had now can be had later, so nothing is left of the first try.
a_name_that_is_taken_is_no_harm() {
	local what

	[[ -n ${DMAEXER_RIVAL_KO-} ]] || skip "there is no module to take a name"
	! is_loaded || unload
	for what in family platform pci; do
		insmod "$DMAEXER_RIVAL_KO" "takes=$what" || die "no rival: $what"
		load 2>/dev/null && die "$what: it is loaded"
		rmmod dmx_rival_test
		[[ ! -e $driver && ! -e $debugfs ]] || die "$what: something is left"
		[[ $(lsmod | grep -c '^dmaexer ') == 0 ]] || die "$what: it stays"
	done
	load || die "it does not load afterwards"
	[[ $(devices) == dmaexer.0 ]] || die "devices: $(devices)"
}

# fail_nth NTH: that point of all that are passed from now on
fail_nth() {
	local knobs=$fail_function

	echo dmx_fault >"$knobs/inject" || die "no dmx_fault"
	printf '%#x' -12 >"$knobs/dmx_fault/retval"
	echo N >"$knobs/task-filter"
	echo 0 >"$knobs/verbose"
	echo 100 >"$knobs/probability"
	echo "$1" >"$knobs/interval"
	echo 1 >"$knobs/times"
}

# The points are passed while the devices are made.
a_device_that_cannot_be_made_is_no_harm() {
	local nth refused=0

	[[ -e $fail_function ]] ||
		skip "the kernel makes no function fail"
	mark_log
	for nth in {1..20}; do
		unload
		insmod "${DMAEXER_KO%/*}/dmaexer_core.ko" || die "no core"
		fail_nth "$nth"
		if ! load devices=2 2>/dev/null; then
			refused=$((refused + 1))
			nothing_is_left
		fi
		echo >"$fail_function/inject"
	done
	((refused >= 6)) || die "only $refused points fail"
}

quotas_are_parameters() {
	reload quota_bufs=2 quota_bytes=1048576
	[[ $(value dmaexer.0 quota_bufs) == 2 ]] || die "quota_bufs"
	[[ $(value dmaexer.0 quota_bytes) == 1048576 ]] || die "quota_bytes"
	"$hold" dmaexer.0 2 >/dev/null || die "two are refused"
	"$hold" dmaexer.0 1 >/dev/null 2>&1 && die "a third one is allowed"
	[[ $(value dmaexer.0 live_bufs) == 2 ]] || die "live_bufs"
}

unload_with_unowned_buffers() {
	mark_log
	reload devices=3
	"$hold" dmaexer.0 30 >/dev/null || die "hold"
	"$hold" dmaexer.2 30 >/dev/null || die "hold"
	[[ $(value dmaexer.2 live_bufs) == 30 ]] || die "live_bufs"
	unload || die "rmmod is refused"
	nothing_is_left
}

unload_with_a_live_owner() {
	mark_log
	reload
	hold_in_background dmaexer.0 30 owned wait
	[[ $(value dmaexer.0 live_bufs) == 30 ]] || die "live_bufs"
	unload || die "rmmod is refused"
	nothing_is_left
	kill -9 "$holder"
	wait "$holder" 2>/dev/null
	load || die "it does not load again"
	[[ $(value dmaexer.0 live_bufs) == 0 ]] || die "live_bufs"
}

unload_right_after_kill() {
	local round

	mark_log
	for round in 1 2 3 4 5; do
		reload
		hold_in_background dmaexer.0 30 owned wait
		kill -9 "$holder"
		unload || die "round $round: rmmod is refused"
		nothing_is_left
	done
}

unload_under_load() {
	local round

	mark_log
	for round in 1 2 3 4 5; do
		reload devices=2
		"$hold" dmaexer.0 0 owned churn >/dev/null 2>&1 &
		"$hold" dmaexer.1 0 - churn >/dev/null 2>&1 &
		within 60 is_busy dmaexer.0 || die "no load on dmaexer.0"
		within 60 is_busy dmaexer.1 || die "no load on dmaexer.1"
		within 10 unload || die "round $round: rmmod is refused"
		nothing_is_left
		wait
	done
}

is_busy() {
	(($(value "$1" total_bufs) > 50))
}

unbind_takes_the_buffers_of_one_device() {
	local id other

	mark_log
	reload devices=2
	"$hold" dmaexer.0 30 >/dev/null || die "hold"
	id=$("$hold" dmaexer.0 1)
	other=$("$hold" dmaexer.1 1)
	exec 3<"$debugfs/dmaexer.0/buffers/$id/data"
	exec 4<"$debugfs/dmaexer.1/buffers/$other/data"
	timeout 10 bash -c "echo dmaexer.0 >$driver/unbind" || die "unbind"
	head -c 1 <&3 >/dev/null 2>&1 && die "freed memory is readable"
	head -c 1 <&4 >/dev/null || die "a buffer of another device went"
	[[ ! -e $debugfs/dmaexer.0 ]] || die "$debugfs/dmaexer.0 is left"
	[[ ! -e $platform/devices/dmaexer.0/dmaexer ]] || die "sysfs is left"
	[[ $(value dmaexer.1 live_bufs) == 1 ]] || die "live_bufs of dmaexer.1"
	exec 3<&- 4<&-
	echo dmaexer.0 >"$driver/bind" || die "bind"
	[[ $(value dmaexer.0 live_bufs) == 0 ]] || die "live_bufs after bind"
	[[ $(value dmaexer.0 total_bufs) == 0 ]] || die "total_bufs after bind"
	"$hold" dmaexer.0 3 >/dev/null || die "no buffer after bind"
	log_is_silent
}

unbind_under_load() {
	local round

	mark_log
	reload
	for round in 1 2 3 4 5 6 7 8 9 10; do
		"$hold" dmaexer.0 0 owned churn >/dev/null 2>&1 &
		"$hold" dmaexer.0 0 - churn >/dev/null 2>&1 &
		within 60 is_busy dmaexer.0 || die "no load"
		timeout 10 bash -c "echo dmaexer.0 >$driver/unbind" ||
			die "round $round: unbind"
		[[ ! -e $debugfs/dmaexer.0 ]] || die "debugfs is left"
		echo dmaexer.0 >"$driver/bind" || die "bind"
		cleanup
		within 5 is_idle dmaexer.0 || die "buffers are left"
	done
	log_is_silent
}

is_idle() {
	[[ $(value "$1" live_bufs) == [01] ]]
}

# What is named is there to be tested: to skip would be to say nothing.
named_has_to_load() {
	local program said status

	! is_loaded || unload
	for program in "$here/abi.sh" "${OUTPUT:-$here}/test_dev"; do
		status=0
		said=$(DMAEXER_KO=/dev/null "$program" 2>/dev/null) || status=$?
		((status == 1)) || die "$program ends with $status"
		[[ $said == *"not ok 1 "* ]] || die "$program says $said"
		[[ $said == *"/dev/null"* ]] || die "$program does not say what"
		! is_loaded || die "$program loads something"
	done
	reload
}

many_times() {
	local round

	mark_log
	! is_loaded || unload
	for ((round = 1; round <= ${DMAEXER_LOAD_ROUNDS:-20}; round++)); do
		load "devices=$((round % 4))" || die "round $round: load"
		((round % 4 == 0)) || "$hold" dmaexer.0 5 >/dev/null ||
			die "round $round: hold"
		unload || die "round $round: unload"
	done
	nothing_is_left
}

need_root
need_module
[[ -x $hold ]] || skip_all "$hold is not built"
run_tests \
	"one_device_by_default it makes one device by default" \
	"as_many_devices_as_asked it makes 0, 3, 64 devices where that is asked" \
	"bad_parameters_are_refused it does not load with a bad parameter" \
	"too_many_devices_is_einval too many devices are EINVAL" \
	"a_name_that_is_taken_is_no_harm where a name is taken it does not load, and leaves nothing" \
	"a_device_that_cannot_be_made_is_no_harm where a device cannot be made it does not load, and leaves nothing" \
	"quotas_are_parameters quotas are parameters" \
	"unload_with_unowned_buffers rmmod takes unowned buffers and leaves nothing" \
	"unload_with_a_live_owner rmmod takes owned buffers from a live owner" \
	"unload_right_after_kill rmmod works right after a kill -9 of an owner" \
	"unload_under_load rmmod works while buffers come and go" \
	"unbind_takes_the_buffers_of_one_device unbind takes the buffers of one device alone" \
	"unbind_under_load unbind and bind work while buffers come and go" \
	"named_has_to_load tests fail where the module that is named does not load" \
	"many_times it loads and unloads many times"
