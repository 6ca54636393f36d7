#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# syzkaller's descriptions agree with the policies that the kernel's generator
# made of the same spec; and what differs is noticed.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	copy=$BATS_TEST_TMPDIR/dmaexer.txt
	cp "$top/selftests/syzkaller/dmaexer.txt" "$copy"
}

compare() {
	/usr/bin/python3 "$top/selftests/syzkaller/compare" "$copy" \
		"$top/driver/netlink_gen.c" "$top/include/uapi/linux/dmaexer.h"
}

# differs WORDS SED-EXPRESSION: with the descriptions so changed, it says WORDS
differs() {
	sed -i "$2" "$copy"
	if cmp -s "$copy" "$top/selftests/syzkaller/dmaexer.txt"; then
		return 1
	fi
	run compare
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

@test "syzkaller's descriptions have each operation and attribute of the family" {
	run compare
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "an operation that is not described is named" {
	differs "DMAEXER_CMD_BUF_SHARE is in one" '/DMAEXER_CMD_BUF_SHARE(fd/d'
}

@test "an attribute that is not described is named" {
	differs "DMAEXER_A_BUF_GFP is in one" '/DMAEXER_A_BUF_GFP/d'
}

@test "an attribute of another width is named" {
	differs "DMAEXER_A_BUF_COUNT is int32" '/BUF_COUNT/s/int64/int32/'
}

@test "a range that ends elsewhere is named" {
	differs "DMAEXER_A_XFER_TIMEOUT_MS is int32" '/TIMEOUT_MS/s/\[1:/[0:/'
}

@test "an enum with a value less is named" {
	differs "DMAEXER_A_BUF_KIND is flags" 's/, DMAEXER_KIND_HANDLE//'
}

@test "a string of another length is named" {
	differs "DMAEXER_A_BUF_LABEL is string" '/^dmaexer_buf_label/s/xx"/x"/g'
}

@test "a constant that the header lacks is named" {
	differs "DMAEXER_GFP_NEVER is not in" 's/DMAEXER_GFP_NOWAIT/DMAEXER_GFP_NEVER/'
}
