#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The files in debugfs and sysfs are those that docs/abi/ describes.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

need_root
abi=${DMAEXER_ABI-$here/../docs/abi}
[[ -d $abi ]] || skip_all "no description in $abi; DMAEXER_ABI names it"
need_module
holders=()

# Of the devices, one has no driver then.
cleanup() {
	local holder

	for holder in "${holders[@]}"; do
		kill -9 "$holder"
		wait "$holder" 2>/dev/null
	done
	((${#holders[@]} == 0)) || reload
}

described() {
	sed -n 's/^What:[[:space:]]*//p' "$abi"/* | sort
}

# What is there, as docs/abi/ spells it.
present() {
	find "$debugfs" -type f | sed -E \
		-e 's,/postmortem/[0-9]+/,/postmortem/<id>/,; t' \
		-e 's,/dmaexer/[^/]+/,/dmaexer/<device>/,' \
		-e 's,/buffers/[0-9]+/,/buffers/<id>/,'
	find "$platform"/devices/dmaexer.0/dmaexer/ -type f |
		sed 's,.*/,/sys/devices/.../<device>/dmaexer/,'
	find /sys/module/dmaexer/parameters -type f
}

# has FILE LINES
has() {
	(($(wc -l <"$1") == $2))
}

# holds LINES ARGUMENT...: somebody who has made so many buffers
holds() {
	local out

	out=$(mktemp)
	"$hold" "${@:2}" >"$out" &
	holders+=($!)
	within 10 has "$out" "$1" || die "the buffers were not made"
}

every_file_is_described() {
	reload devices=2
	holds 3 dmaexer.0 3 owned wait
	holds 1 dmaexer.1 1 owned keep
	echo dmaexer.1 >"$platform/drivers/dmaexer/unbind"
	diff <(described) <(present | sort -u) || die "docs/abi differs"
}

every_entry_is_whole() {
	local key

	for key in Date KernelVersion Contact Description Users; do
		(($(cat "$abi"/* | grep -c "^$key:") == $(described | wc -l))) ||
			die "an entry has no $key"
	done
}

run_tests \
	"every_file_is_described every file in debugfs and sysfs is described in docs/abi, and every description has a file" \
	"every_entry_is_whole every description has date, version, contact, text and users"
