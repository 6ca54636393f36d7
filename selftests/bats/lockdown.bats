#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154
#
# Kernel lockdown, which no one lifts before the next boot: each test finds it as
# the one before left it, and what comes after loads no module.

load common

setup() {
	requires root module lockdown
	securityfs=/sys/kernel/security
	file=$BATS_FILE_TMPDIR/file
	mountpoint -q "$securityfs" || mount -t securityfs none "$securityfs"
	[[ -e $file ]] || head -c 65536 /dev/urandom >"$file"
	new_device
}

teardown() {
	del_device
}

# raise MODE: or find it raised.
raise() {
	grep -qF "[$1]" "$securityfs/lockdown" || echo "$1" >"$securityfs/lockdown"
	grep -qF "[$1]" "$securityfs/lockdown"
}

# Refused in a line that names lockdown, and nothing printed.
refused() {
	dmx 1 "$@"
	silent
	[[ $err == "dmaexer: ${*:1:2}: "*"kernel lockdown"*"(EPERM)" ]] ||
		die "no such sentence"
	(($(wc -l <<<"$err") == 1))
}

# What debugfs refuses, and what it does not.
contents_under() {
	local mode="kernel lockdown ($1)"

	new --kind box --size 4096 --pattern byte:0x5a
	refused buf dump "$id"
	says "$mode"
	dmx 1 -j buf dump "$id"
	silent
	says "$mode"
	dmx 0 buf share "$id"
	dmx 0 -j buf dump "$id" --offset 4094
	json .data 5a5a
}

# What fits a request is no file, and of what does not nothing is left.
files_under() {
	local before

	before=$(live live_bufs)
	refused buf new "$dev" --from "$file"
	says "kernel lockdown ($1)"
	refused buf new "$dev" --kind box --from "$file"
	[[ $(live live_bufs) == "$before" ]]
	head -c 32768 "$file" >"$file.part"
	new --from "$file.part"
	cmp "$file.part" <("$DMAEXER_CLI" buf dump "$id" --raw)
}

requests_under() {
	new --kind box --size 4096 --pattern random:7
	dmx 0 buf check "$id" random:7
	dmx 0 buf fill "$id" byte:1
	dmx 0 buf write "$id" 0 0x5a --width 1
	dmx 0 buf read "$id" 0 --width 1
	field value 0x5a
	dmx 0 buf del "$id"
	dmx 0 dev set "$dev" --mask 40
	dmx 0 -j dev show "$dev"
	json '."coherent-mask"' 0xffffffffff
	dmx 0 run --quiet from-slice box-to-coherent masks zeroed
	has "# SKIP kernel lockdown ($1) refuses files in debugfs"
	has "pass:3 fail:0 xfail:0 xpass:0 skip:1"
}

@test "contents of a box are in debugfs without lockdown" {
	grep -qF "[none]" "$securityfs/lockdown" || skip "it is raised already"
	new --kind box --from "$file"
	cmp "$file" <("$DMAEXER_CLI" buf dump "$id" --raw)
	dmx 0 run --quiet from-slice
}

# without_rawio STATUS ARGUMENT...: by root who may do all but what /dev/mem asks
# for
without_rawio() {
	local command=$BATS_TEST_TMPDIR/command

	printf '#!/bin/sh\nexec setpriv --bounding-set=-sys_rawio "%s" "$@"\n' \
		"$DMAEXER_CLI" >"$command"
	chmod +x "$command"
	DMAEXER_CLI=$command dmx "$@"
}

# securityfs NAME=TEXT...: what it says, and nothing else
securityfs() {
	local entry

	mount -t tmpfs none "$securityfs"
	for entry; do
		printf '%s\n' "${entry#*=}" >"$securityfs/${entry%%=*}"
	done
	without_rawio 1 buf dump "$id"
	umount "$securityfs"
	silent
	[[ $err == *"(EPERM)" ]] || die "no EPERM"
}

# The contents are then those of a file that is EPERM for another reason.
@test "EPERM is put down to lockdown where that is, and not where it is not" {
	grep -qF "[none]" "$securityfs/lockdown" || skip "it is raised already"
	new --kind box --size 4096
	mount --bind /dev/mem "$(data_of "$id")"
	without_rawio 1 buf dump "$id"
	silent
	[[ $err == *'the file "data" of buffer '*" did not open: "*"(EPERM)" ]] ||
		die "no such sentence"
	securityfs lsm=capability
	[[ $err == *'the file "data" of buffer '* ]] || die "a guess"
	securityfs lsm=lockdown lockdown="none [integrity] confidentiality"
	says "kernel lockdown (integrity)"
	securityfs lsm=lockdown lockdown=none
	says "securityfs, which would tell, cannot be read"
	securityfs
	says "securityfs, which would tell, cannot be read"
	umount "$(data_of "$id")"
}

@test "under integrity, contents of a box are refused, those of a shared one not" {
	raise integrity
	contents_under integrity
}

@test "under integrity, contents that fit no request make no buffer" {
	raise integrity
	files_under integrity
}

@test "under integrity, requests are answered, and scenarios skip with the reason" {
	raise integrity
	requests_under integrity
}

@test "under confidentiality it is the same" {
	raise confidentiality
	contents_under confidentiality
	files_under confidentiality
	del_device
	new_device
	requests_under confidentiality
}

@test "where nobody tells how far it is locked down, the refusal says that" {
	raise confidentiality
	umount "$securityfs"
	new --kind box --size 4096
	refused buf dump "$id"
	says "securityfs"
}
