#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

# Each step refused, each step the last: a device is never lost.

load common
load bind

setup() {
	requires root module
	covered=()
	take rng
	bind=$pci/drivers/dmaexer/bind
	unbind=$pci/drivers/dmaexer/unbind
	override=$pci/devices/$addr/driver_override
	record=$records/pci-$addr
}

teardown() {
	if [[ -n ${helper-} ]]; then
		kill -9 "$helper" 2>/dev/null || true
		wait "$helper" || true
	fi
	[[ ! -d ${record-} ]] || rmdir "$record"
	clean_up
}

# read_only FILE: it cannot be written to, by root neither.
read_only() {
	in_place_of "$1" "$1"
	mount -o remount,bind,ro "$1"
}

# refuses FILE SENTENCE VERB
refuses() {
	read_only "$1"
	dmx 1 dev "$3" "pci/$addr"
	uncover
	silent
	says "$2 (EROFS"
}

@test "a step of dev bind that is refused is named, and those before are undone" {
	refuses "$override" "driver_override of $addr cannot be set" bind
	unchanged
	refuses "$pci/drivers/$former/unbind" \
		"$former does not let go of $addr" bind
	unchanged
	refuses "$bind" "dmaexer does not take $addr" bind
	unchanged
	[[ -e /dev/hwrng ]]
	dmx 0 dev bind "pci/$addr"
	is_bound
}

@test "what cannot be undone is said too, and dev unbind does it later" {
	read_only "$bind"
	read_only "$pci/drivers/$former/bind"
	dmx 1 dev bind "pci/$addr"
	uncover
	says "dmaexer does not take $addr; then $former, which had $addr, does not take it back (EROFS) (EROFS, WHAT)"
	has_driver ''
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "what was cannot be remembered: nothing is changed" {
	mkdir -p "$records"
	mount -t tmpfs -o ro tmpfs "$records"
	covered+=("$records")
	dmx 1 dev bind "pci/$addr"
	says "$records cannot be locked (EROFS"
	unchanged
	mount -o remount,rw,size=4k "$records"
	head -c 4k /dev/zero >"$records/full"
	dmx 1 dev bind "pci/$addr"
	says "what $addr was cannot be remembered in $records (ENOSPC"
	unchanged
	[[ $(ls "$records") == full$'\n'lock ]]
}

# unread ERRNO VERB: the record cannot be read
unread() {
	local earlier
	earlier=$(state_of "$addr")
	dmx 1 dev "$2" "pci/$addr"
	silent
	says "what $addr was cannot be read in $records ($1"
	[[ $(state_of "$addr") == "$earlier" ]] || die "$(state_of "$addr")"
}

@test "a record that cannot be read is not taken for none: nothing is changed" {
	mkdir -p "$records"
	ln -s "$record" "$record"
	unread ELOOP bind
	rm "$record"
	dmx 0 dev bind "pci/$addr"
	mv "$record" "$BATS_TEST_TMPDIR/record"
	ln -s "$record" "$record"
	unread ELOOP unbind
	rm "$record"
	mkdir "$record"
	unread EISDIR unbind
	is_bound
	rmdir "$record"
	mv "$BATS_TEST_TMPDIR/record" "$record"
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "a step of dev unbind that is refused is named, and the next one goes on" {
	dmx 0 dev bind "pci/$addr"
	refuses "$override" "driver_override of $addr cannot be put back to \"\"" unbind
	is_bound
	refuses "$unbind" "dmaexer does not let go of $addr" unbind
	is_bound
	[[ $(override_of "$addr") == '(null)' ]]
	refuses "$pci/drivers/$former/bind" \
		"$former, which had $addr, does not take it back" unbind
	has_driver ''
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

# held_at FILE VERB: the command waits where it opens the file.
held_at() {
	rm -f "$BATS_TEST_TMPDIR/fifo"
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	in_place_of "$1" "$BATS_TEST_TMPDIR/fifo"
	"$DMAEXER_CLI" dev "$2" "pci/$addr" >/dev/null \
		2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
	helper=$!
	within 20 waits_in "$helper" wait_for_partner
}

# goes_on: the file takes what is written to it, and does nothing. How the
# command ends is then in status and err, what it wrote in said.
goes_on() {
	said=$(timeout 20 cat "$BATS_TEST_TMPDIR/fifo")
	status=0
	wait "$helper" || status=$?
	helper=
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	uncover
}

# killed_at FILE VERB: the command dies where it opens the file.
killed_at() {
	held_at "$@"
	is_killed "$helper"
	helper=
	uncover
}

# waits_in PID FUNCTION
waits_in() {
	grep -q "$2\|fifo_open" "/proc/$1/wchan" "/proc/$1/stack" 2>/dev/null
}

# bind_killed STEP: after which of the steps of dev bind it was killed
bind_killed() {
	case $1 in
	remember) killed_at "$pci/drivers/$former/unbind" bind; echo >"$override" ;;
	override) killed_at "$pci/drivers/$former/unbind" bind ;;
	unbind) killed_at "$bind" bind ;;
	esac
	[[ $(state_of "$addr") != "$before" ]] || die "nothing was done"
}

@test "killed in the middle of dev bind, dev unbind puts everything back" {
	local step
	for step in remember override unbind; do
		bind_killed "$step"
		dmx 0 dev unbind "pci/$addr"
		unchanged
	done
}

@test "killed in the middle of dev bind, dev bind goes on, and nothing is forgotten" {
	local step
	for step in remember override unbind; do
		bind_killed "$step"
		dmx 0 dev bind "pci/$addr"
		is_bound
		dmx 0 dev unbind "pci/$addr"
		unchanged
	done
}

@test "killed in the middle of dev unbind, both go on" {
	local file verb
	for file in "$unbind" "$override" "$pci/drivers/$former/bind"; do
		for verb in unbind bind; do
			dmx 0 dev bind "pci/$addr"
			killed_at "$file" unbind
			if [[ $verb == unbind || $(driver_of "$addr") != dmaexer ]]; then
				dmx 0 dev "$verb" "pci/$addr"
			fi
			[[ $verb == unbind ]] || dmx 0 dev unbind "pci/$addr"
			unchanged
		done
	done
}

@test "what another driver takes meanwhile is not said to be back" {
	dmx 0 dev bind "pci/$addr"
	held_at "$pci/drivers/$former/bind" unbind
	[[ $(override_of "$addr") == '(null)' ]]
	has_driver ''
	echo dmaexer >"$override"
	echo "$addr" >"$bind"
	goes_on
	((status == 1)) || die "status $status"
	says "dmaexer has taken $addr meanwhile, which $former had (EBUSY, DEV)"
	is_bound
	[[ -e $record ]]
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "a rescan in the middle of dev unbind gives it to its driver, not to dmaexer" {
	dmx 0 dev bind "pci/$addr"
	held_at "$pci/drivers/$former/bind" unbind
	echo "$addr" >"$pci/drivers_probe"
	has_driver "$former"
	goes_on
	((status == 0)) || die "status $status"
	unchanged
}

@test "a signal waits until the device is here or there" {
	held_at "$pci/drivers/$former/unbind" bind
	kill "$helper"
	# One that has ended is there until it is waited for, as a zombie.
	grep -q '^State:.[SD]' "/proc/$helper/status"
	# The driver never hears of it, so it is refused and put back.
	goes_on
	((status == 128 + 15)) || die "status $status"
	[[ $said == "$addr" ]]
	unchanged
}

@test "of several that bind at once one does, the others are EBUSY" {
	local i pids=() good=0
	for i in 1 2 3 4; do
		"$DMAEXER_CLI" dev bind "pci/$addr" >/dev/null \
			2>"$BATS_TEST_TMPDIR/err$i" 3>&- &
		pids+=($!)
	done
	for i in 1 2 3 4; do
		if wait "${pids[i - 1]}"; then
			good=$((good + 1))
		else
			grep -q 'bound to dmaexer already (EBUSY' \
				"$BATS_TEST_TMPDIR/err$i"
		fi
	done
	((good == 1)) || die "$good did"
	dmx 0 dev unbind "pci/$addr"
	unchanged
}

@test "without the module, dev unbind restores what it took" {
	requires reload
	dmx 0 dev bind "pci/$addr"
	rmmod dmaexer
	has_driver ''
	dmx 1 dev unbind "$addr"
	says "not loaded"
	dmx 0 dev unbind "pci/$addr"
	unchanged
	load_module
	has_driver "$former"
}

@test "a module that is loaded again has the device again" {
	requires reload
	dmx 0 dev bind "pci/$addr"
	rmmod dmaexer
	load_module
	is_bound
	dmx 0 dev show "$addr"
	dmx 0 dev unbind "$addr"
	unchanged
}

@test "what was bound by hand is unbound, and its override left alone" {
	echo dmaexer >"$override"
	echo "$addr" >"$pci/drivers/$former/unbind"
	echo "$addr" >"$bind"
	dmx 0 dev unbind "pci/$addr"
	has_driver ''
	[[ $(<"$override") == dmaexer ]]
}

@test "a record of another boot, or of another device, is not believed" {
	mkdir -p "$records"
	printf '%s\n' "boot: $(</proc/sys/kernel/random/uuid)" \
		"inode: $(stat -Lc %i "$pci/devices/$addr")" \
		'driver: nobody' 'override: nobody' >"$record"
	dmx 1 dev unbind "pci/$addr"
	says "is not bound to dmaexer, but to $former"
	echo dmaexer >"$override"
	dmx 0 dev bind "pci/$addr"
	echo >"$override"
	dmx 0 dev unbind "pci/$addr"
	[[ $(driver_of "$addr") == "$former" ]]
	echo 'no record at all' >"$record"
	dmx 1 dev unbind "pci/$addr"
	says "is not bound to dmaexer"
	rm "$record"
	unchanged
}

@test "a device that goes while it is bound is forgotten when it comes again" {
	dmx 0 dev bind "pci/$addr"
	new=$(jq -r .id <<<"$("$DMAEXER_CLI" -j dev show "$addr")")
	echo 1 >"$pci/devices/$addr/remove"
	dmx 1 dev show "$new"
	says ENOENT
	dmx 1 dev unbind "pci/$addr"
	says "no device $addr on bus pci"
	echo 1 >"$pci/rescan"
	within 10 test -e "$pci/devices/$addr/driver"
	dmx 1 dev unbind "pci/$addr"
	says "is not bound to dmaexer, but to $former"
	rm -f "$record"
	unchanged
}
