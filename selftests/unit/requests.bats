#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# The table of right requests has each request, with all of its attributes: what is
# not in it is neither spoiled nor fuzzed.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	table=$top/selftests/requests.c
	work=$BATS_TEST_TMPDIR
}

# Both print lines of a command and an attribute.
of_the_policies() {
	awk '/^\/\* DMAEXER_CMD_.* - (do|dump) \*\// { cmd = $2 }
	/^\/\* Ops table/ { exit }
	match($0, /\[DMAEXER_A_[A-Z_]*\] = /) {
		print cmd, substr($0, RSTART + 1, RLENGTH - 5)
	}' "$top/driver/netlink_gen.c" | sort -u
}

of_the_table() {
	awk 'match($0, /DMAEXER_CMD_[A-Z_]*/) {
		cmd = substr($0, RSTART, RLENGTH)
	}
	match($0, /\{ [A-Z]+\([A-Z_]+\)/) {
		attr = substr($0, RSTART + 2, RLENGTH - 3)
		sub(/\(/, "_", attr)
		print cmd, "DMAEXER_A_" attr
	}' "$1" | sort -u
}

@test "the table of requests has each attribute of each request, and no other" {
	of_the_policies >"$work/policies"
	[ -s "$work/policies" ]
	of_the_table "$table" >"$work/table"
	diff -u "$work/policies" "$work/table"
}

@test "an attribute that the table lacks is noticed" {
	of_the_policies >"$work/policies"
	sed '/FAULT(TIMES)/d' "$table" >"$work/requests.c"
	of_the_table "$work/requests.c" >"$work/table"
	run diff "$work/policies" "$work/table"
	[ "$status" -eq 1 ]
	[[ $output == *"DMAEXER_CMD_FAULT_SET DMAEXER_A_FAULT_TIMES"* ]]
}
