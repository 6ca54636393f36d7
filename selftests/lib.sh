# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# For shell tests: a test is a function, its claim a sentence. In a test, "die"
# fails it and "skip" skips it, both with the reason; what it made, "cleanup"
# takes away, also when it fails.

readonly KSFT_SKIP=4
readonly debugfs=/sys/kernel/debug/dmaexer
readonly platform=/sys/bus/platform
here=$(dirname "$(realpath "$0")")
readonly here
readonly hold=${OUTPUT:-$here}/hold

die() {
	echo "$*"
	exit 1
}

skip() {
	echo "SKIP $*"
	exit "$KSFT_SKIP"
}

# Skips the program as a whole.
skip_all() {
	echo "TAP version 13"
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

# Fails it: what the environment names has to be of use.
fail_all() {
	echo "TAP version 13"
	echo "1..1"
	echo "# $*"
	echo "not ok 1 what the environment names can be used"
	exit 1
}

need_root() {
	((EUID == 0)) || skip_all "needs root"
}

is_loaded() {
	[[ -d /sys/module/dmaexer ]]
}

# load [PARAMETER=VALUE]...
load() {
	"$(dirname "${BASH_SOURCE[0]}")/load" "$@"
}

need_module() {
	local why

	is_loaded && return
	why=$(load 2>&1) && return
	[[ -z ${DMAEXER_KO-} ]] || fail_all "$why"
	skip_all "there is no module: $why"
}

# What files hold, another module has, which goes when none is open.
unload() {
	! is_loaded || rmmod dmaexer || return
	[[ ! -d /sys/module/dmaexer_core ]] || rmmod dmaexer_core
}

reload() {
	! is_loaded || unload || die "cannot unload"
	load "$@" || die "cannot load with '$*'"
}

# within SECONDS COMMAND...: until it succeeds, or the time is up.
within() {
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.02
	done
}

devices() {
	find "$platform/drivers/dmaexer/" -maxdepth 1 -name 'dmaexer.*' \
		-printf '%f\n' 2>/dev/null | sort
}

value() {
	cat "$platform/devices/$1/dmaexer/$2"
}

# Warnings and worse of the kernel, without those that are no news.
log() {
	dmesg -l emerg,alert,crit,err,warn | grep -vE \
		'out-of-tree module|module verification failed|netlink: |perf: interrupt took|hrtimer: interrupt took|clocksource'
}

mark_log() {
	log_mark=$(log | wc -l)
}

log_is_silent() {
	local news

	news=$(log | tail -n "+$((log_mark + 1))")
	[[ -z $news ]] || die "the kernel says: $news"
}

# run_tests "FUNCTION CLAIM"...: KTAP on standard output; the exit status is
# that of a kselftest.
run_tests() {
	local entry name claim number=0 failed=0 skipped=0 output status

	echo "TAP version 13"
	echo "1..$#"
	for entry; do
		number=$((number + 1))
		name=${entry%% *}
		claim=${entry#* }
		output=$(trap cleanup EXIT; "$name" 2>&1)
		status=$?
		[[ -z $output ]] || printf '# %s\n' "${output//$'\n'/$'\n'# }"
		case $status in
		0) echo "ok $number $claim" ;;
		"$KSFT_SKIP")
			skipped=$((skipped + 1))
			echo "ok $number $claim # SKIP ${output##*SKIP }"
			;;
		*)
			failed=$((failed + 1))
			echo "not ok $number $claim"
			;;
		esac
	done
	echo "# Totals: pass:$((number - failed - skipped)) fail:$failed xfail:0 xpass:0 skip:$skipped error:0"
	((failed == 0)) || exit 1
	((skipped < number)) || exit "$KSFT_SKIP"
	exit 0
}
