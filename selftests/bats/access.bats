#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031,SC2154
#
# The module that is there or not, the user who may or not, the output that
# takes what is written or not.

load common

teardown() {
	[[ -d /sys/module/dmaexer ]] || load_module
}

@test "version tells the versions of command and module" {
	requires module
	dmx 0 version
	field module "$(</sys/module/dmaexer/version)"
	[[ $out == *"command: "[0-9]* ]] || has "command: "
	dmx 0 -j version
	json .module "$(</sys/module/dmaexer/version)"
}

@test "who is not root is told so in one line, with EPERM" {
	requires root module nobody
	local verb
	for verb in "dev list" "buf list" "dev add" "buf del 1"; do
		status=0
		# shellcheck disable=SC2086
		out=$(as_nobody "$DMAEXER_CLI" $verb 2>"$BATS_TEST_TMPDIR/stderr") ||
			status=$?
		err=$(<"$BATS_TEST_TMPDIR/stderr")
		((status == 1)) || die "status of $verb"
		silent
		says EPERM
		(($(wc -l <<<"$err") == 1))
	done
}

@test "without the module it says how to load it, in one line" {
	requires root reload
	rmmod dmaexer
	# With the module installed, asking for the family would load it.
	dmx 1 dev list || skip "the kernel loads the module on demand"
	silent
	says "not loaded"
	says modprobe
	(($(wc -l <<<"$err") == 1))
	dmx 4 run masks
	has SKIP
	load_module
	dmx 0 dev list
}

@test "a result that cannot be written is an error" {
	requires root module
	status=0
	"$DMAEXER_CLI" dev list >/dev/full 2>"$BATS_TEST_TMPDIR/stderr" || status=$?
	err=$(<"$BATS_TEST_TMPDIR/stderr")
	((status == 1)) || die "status $status"
	says written
}
