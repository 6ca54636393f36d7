# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What tests of the command say.

bats_require_minimum_version 1.5.0

readonly debugfs=/sys/kernel/debug/dmaexer

die() {
	printf '%s\n' "$@" \
		"status: ${status-}" "the end of stdout: $(tail -n 20 <<<"${out-}")" \
		"stderr: ${err-}" >&2
	return 1
}

# dmx STATUS ARGUMENT...: the command must end with STATUS. Its output is then
# in out and err.
dmx() {
	local wanted=$1

	shift
	status=0
	out=$("$DMAEXER_CLI" "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == wanted)) || die "dmaexer $*: status $status, not $wanted"
}

# The result says so; the result does not; the reason says so.
has() {
	[[ $out == *"$1"* ]] || die "stdout does not have \"$1\""
}

lacks() {
	[[ $out != *"$1"* ]] || die "stdout has \"$1\""
}

says() {
	[[ $err == *"$1"* ]] || die "stderr does not say \"$1\""
}

silent() {
	[[ -z $out ]] || die "stdout is not empty"
}

# What a filter of a field alone, .name, finds in the result is then in found: jq
# takes as long to start as dmaexer for eight requests. It has the last word on all
# that looks in any way different.
scalar() {
	local name rest

	[[ $1 =~ ^\.\"?([a-z-]+)\"?$ && $out == \{* ]] || return
	name=\"${BASH_REMATCH[1]}\":
	found=null
	[[ $out == *$name* ]] || return 0
	# The fields of the result itself are indented by two.
	rest=${out#*$'\n  '"$name "}
	found=${rest%%$'\n'*}
	found=${found%,}
	[[ $rest != "$out" && $found != *[][{}\\]* ]] || return
	if [[ $found == \"*\" ]]; then
		found=${found:1:-1}
	fi
}

# pick FILTER: what it finds in the result, a line
pick() {
	local found

	if scalar "$1"; then
		printf '%s\n' "$found"
	else
		jq -r "$1" <<<"$out"
	fi
}

# json FILTER VALUE...: what each filter finds in the result is its value. One jq
# serves all that need it.
json() {
	local filters='' wanted='' found

	while (($#)); do
		if scalar "$1"; then
			[[ $found == "$2" ]] || die "$1 is" "$found" "not" "$2"
		else
			filters+="($1),"
			wanted+=$2$'\n'
		fi
		shift 2
	done
	[[ -n $filters ]] || return 0
	found=$(jq -r "${filters%,}" <<<"$out") || die "stdout is no JSON"
	[[ $found == "${wanted%$'\n'}" ]] ||
		die "${filters%,} is" "$found" "not" "${wanted%$'\n'}"
}

# The first value of that name in the result, a number or a plain word.
value() {
	[[ $out =~ \"$1\":\ *\"?([^\",[:space:]]+) ]] || die "no \"$1\""
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# A line "key: value" of the result.
field() {
	[[ $out =~ (^|$'\n')"$1: $2"($|$'\n') ]] || die "no field \"$1: $2\""
}

# Makes a device that the test has for itself: dev is its name, dev_id its number.
new_device() {
	dmx 0 -j dev add
	dev=$(value name)
	dev_id=$(value id)
}

del_device() {
	[[ -z ${dev-} || ! -e /sys/bus/platform/devices/$dev ]] ||
		"$DMAEXER_CLI" dev del "$dev"
	dev=
}

# What is kept of the test's buffers, once its device is gone.
drop_kept() {
	[[ -z ${dev_id-} ]] || dmx 0 postmortem del --all
}

# clear_fault KIND: where the test has not
clear_fault() {
	"$DMAEXER_CLI" fault set "$1" --nth 0 >/dev/null 2>&1 || true
}

# release_channel NAME: where the test has not.
release_channel() {
	! "$DMAEXER_CLI" dev show "$1" >/dev/null 2>&1 ||
		"$DMAEXER_CLI" dev unbind "dma/$1"
}

# is_killed PID: it was in the middle, and is gone.
is_killed() {
	local ended=0

	kill -9 "$1"
	wait "$1" || ended=$?
	((ended == 128 + 9)) || die "it ended with $ended before it was killed"
}

# new ARGUMENT...: makes a buffer, whose number is then in id.
new() {
	dmx 0 -j buf new "$dev" "$@"
	id=$(value id)
}

data_of() {
	printf '%s/%s/buffers/%s/data' "$debugfs" "$dev" "$1"
}

live() {
	cat "/sys/bus/platform/devices/$dev/dmaexer/$1"
}

# within SECONDS COMMAND...: until it succeeds, or the time is up.
within() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.05
	done
}

# There is an edu device, and its driver was named.
edu_is_given() {
	[[ -n ${DMAEXER_EDU_KO-} ]] &&
		grep -qs 0x11e8 /sys/bus/pci/devices/*/device
}

# Skips where nobody has a channel to give, which is no failure.
no_edu_channel() {
	! edu_is_given || die "the edu device has no DMA engine channel"
	skip "there is no DMA engine channel"
}

# Bats notes each command, to say where a test failed, which by emulation takes
# longer than the command. From here on it notes those of the test and of teardown,
# and none of what they call. Its own functions have to have the trap that they end.
trace_tests_alone() {
	set +T
	declare -ft teardown bats_teardown_trap bats_error_trap \
		bats_check_status_from_trap
} 2>/dev/null

# Skips where the machine cannot show what the test claims. All setups begin with
# it, and with what it does to bats.
requires() {
	local feature

	trace_tests_alone || true
	for feature; do
		case $feature in
		root) ((EUID == 0)) || skip "needs root" ;;
		module) [[ -d /sys/module/dmaexer ]] || skip "needs the module" ;;
		nobody) id nobody >/dev/null 2>&1 || skip "needs a user nobody" ;;
		reload)
			[[ -n ${DMAEXER_KO-} ]] || modinfo dmaexer >/dev/null 2>&1 ||
				skip "needs a module that can be loaded again"
			;;
		direct)
			[[ $("$DMAEXER_CLI" -j dev show "$dev" | jq -r .backend) == direct ]] ||
				skip "needs dma-direct"
			;;
		lockdown)
			[[ -n ${DMAEXER_TEST_LOCKDOWN-} ]] ||
				skip "locks the kernel down until the next boot; DMAEXER_TEST_LOCKDOWN=1 runs it"
			;;
		source) [[ -d ${KSRC-} ]] || skip "needs KSRC, the kernel's source" ;;
		broken)
			[[ -n ${DMAEXER_BROKEN_KO-} ]] ||
				skip "DMAEXER_BROKEN_KO does not name the test module"
			;;
		rogue)
			[[ -n ${DMAEXER_ROGUE_KO-} ]] ||
				skip "DMAEXER_ROGUE_KO does not name the test module"
			;;
		*) die "requires: unknown feature $feature" ;;
		esac
	done
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

load_module() {
	"$BATS_TEST_DIRNAME/../load" "$@"
}
