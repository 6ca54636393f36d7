#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the audit says of a platform that breaks its promises: the test module
# serves a device with DMA operations that do.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

cli=${DMAEXER_CLI:-$here/../cli/dmaexer}
parameter=/sys/module/dmx_broken_test/parameters/breaks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cleanup() {
	[[ -z ${monitor-} ]] || kill "$monitor" 2>/dev/null
	[[ -z ${dev-} ]] || "$cli" dev del "$dev"
	[[ ! -d /sys/module/dmx_broken_test ]] || rmmod dmx_broken_test
	[[ -z ${detector-} ]] || unhush
}

# The kernel's own detector, where there is one, takes one of two buffers at one
# address for the other when it is freed: it counts that, and shows nothing until
# the test is over.
hush() {
	[[ -e /sys/kernel/debug/dma-api ]] || return 0
	detector=/sys/kernel/debug/dma-api
	shows=$(<"$detector/all_errors")
	shown=$(<"$detector/num_errors")
	echo 0 >"$detector/num_errors"
	echo 0 >"$detector/all_errors" || die "the detector is not hushed"
	errors=$(<"$detector/error_count")
}

unhush() {
	echo "$shown" >"$detector/num_errors"
	echo "$shows" >"$detector/all_errors"
}

is_mistaken() {
	local more

	[[ -n ${detector-} ]] || return 0
	more=$(($(<"$detector/error_count") - errors))
	((more == 1)) || die "the DMA API's detector counts $more errors"
}

# platform WHAT: a device of a platform that breaks it.
platform() {
	dev=$("$cli" dev add | sed -n 's/^name: //p')
	insmod "$DMAEXER_BROKEN_KO" "device=$dev" "breaks=$1" || die "insmod"
}

# new [ARGUMENT]...: the reply is in made.
new() {
	new_of --size 16k "$@"
}

new_of() {
	made=$("$cli" -j buf new "$dev" "$@") || die "buf new $*"
	id=$(sed -n 's/^ *"id": \([0-9]*\),*$/\1/p' <<<"$made")
}

answer() {
	local found

	found=$(jq -r "$1" <<<"$made")
	[[ $found == "$2" ]] || die "$1 is $found, not $2: $made"
}

verdicts() {
	jq -r '[.audit[] | .check + "=" + .verdict] | join(" ")' <<<"$made"
}

listen() {
	"$cli" -v -j monitor >"$work/events" 2>"$work/monitor" &
	monitor=$!
	within 20 grep -q listening "$work/monitor" || die "no monitor"
}

# Waits for the event that follows, so that none can still be on its way.
heard() {
	"$cli" buf del "$id"
	within 20 grep -q '"buf-del"' "$work/events" || die "no buf-del"
	jq -rs "[.[] | .event] | join(\" \")" "$work/events"
}

# is_violated CHECK [WORDS...]: that check and no other, by every witness.
is_violated() {
	local others

	others=$(verdicts | tr ' ' '\n' | grep violated)
	[[ $others == "$1=violated" ]] || die "violated: $others"
	[[ $(value "$dev" violations) == 1 ]] || die "not counted"
	grep -q "^audit.$1: violated (.*$2.*)" "$debugfs/$dev/buffers/$id/info" ||
		die "$(<"$debugfs/$dev/buffers/$id/info")"
	[[ $(heard) == "buf-new violation buf-del" ]] || die "$(<"$work/events")"
	jq -es "[.[] | select(.event == \"violation\")] |
		length == 1 and .[0].id == $id and
		([.[0].audit[] | select(.verdict == \"violated\") | .check]
			== [\"$1\"])" "$work/events" >/dev/null ||
		die "$(<"$work/events")"
}

# No two are alike, so that none is taken for another.
facts_are_those_of_the_platform() {
	local facts seg

	platform nothing
	facts=$(grep -E '^(required|max-map|opt|merge)' "$debugfs/$dev/info")
	[[ $facts == "required-mask: 0x7fffffff
max-mapping-size: 1048576
opt-mapping-size: 65536
merge-boundary: 0x3fff" ]] || die "$facts"
	# this one is not asked of a platform
	seg=$(sed -n 's/^seg-boundary: //p' "$debugfs/$dev/info")
	(($((seg)) != 0x3fff)) || die "seg-boundary: $seg"
	facts=$("$cli" -j dev show "$dev" | jq -c '[."required-mask",
		."max-mapping-size", ."opt-mapping-size", ."seg-boundary",
		."merge-boundary"]')
	[[ $facts == "[\"0x7fffffff\",1048576,65536,\"$seg\",\"0x3fff\"]" ]] ||
		die "$facts"
}

nothing_is_said_where_nothing_is_wrong() {
	platform nothing
	answer_backend=$("$cli" -j dev show "$dev" | jq -r .backend)
	[[ $answer_backend == ops ]] || die "backend is $answer_backend"
	listen
	new
	[[ $(verdicts) != *violated* ]] || die "$(verdicts)"
	[[ $(value "$dev" violations) == 0 ]] || die "counted"
	[[ $(heard) == "buf-new buf-del" ]] || die "$(<"$work/events")"
}

an_address_outside_the_mask_is_a_violation() {
	platform mask
	listen
	new
	is_violated mask "outside coherent mask"
}

an_address_of_another_buffer_is_a_violation() {
	hush
	platform overlap
	new --label first
	answer '[.audit[] | select(.verdict == "violated")] | length' 0
	listen
	new --label second
	is_violated overlap "a live buffer"
	is_mistaken
}

an_unaligned_address_is_a_violation() {
	platform alignment
	listen
	new
	is_violated alignment "not aligned"
}

memory_that_is_not_zeroed_is_a_violation() {
	platform contents
	listen
	new
	answer '."stale-bytes"' 2
	is_violated contents "not zeroed"
}

# A page from where it should be: what is aligned to two pages is not.
an_object_of_a_pool_that_is_not_aligned_is_a_violation() {
	platform alignment
	listen
	new_of --kind pool --elem-size 8k --count 3 --align 8k
	is_violated alignment "an object of the pool is not aligned"
}

an_object_of_a_pool_across_a_boundary_is_a_violation() {
	platform alignment
	listen
	new_of --kind pool --elem-size 8k --count 3 --boundary 8k
	is_violated alignment "an object of the pool crosses a boundary"
}

an_object_of_a_pool_outside_the_mask_is_a_violation() {
	platform mask
	listen
	new_of --kind pool --elem-size 64 --count 3
	is_violated mask "outside coherent mask"
}

managed_memory_that_is_not_zeroed_is_a_violation() {
	platform contents
	listen
	new --kind managed
	answer '."stale-bytes"' 2
	is_violated contents "not zeroed"
}

# Those of the platform are left to it, or it could not be told where they lead.
an_address_that_leads_elsewhere_is_a_violation() {
	[[ $(uname -m) == x86_64 ]] || skip "the test module lies on x86 only"
	platform backing
	listen
	new
	is_violated backing "different memory"
}

# What CPU and device have in turns is taken by other calls.
memory_in_turns_that_leads_elsewhere_is_a_violation() {
	[[ $(uname -m) == x86_64 ]] || skip "the test module lies on x86 only"
	hush
	platform backing
	listen
	new --kind dma-pages
	is_violated backing "different memory"
}

# Then it is not the memory of the CPU, either.
an_address_amidst_a_page_is_a_violation() {
	local info

	[[ $(uname -m) == x86_64 ]] || skip "the test module lies on x86 only"
	hush
	platform part
	new --kind noncoherent
	info=$(grep '^audit.*: violated' "$debugfs/$dev/buffers/$id/info")
	[[ $info == "audit.alignment: violated (the address is not that of a page)
audit.backing: violated (CPU and device reach different memory)" ]] ||
		die "$info"
	[[ $(value "$dev" violations) == 2 ]] || die "not counted"
	"$cli" buf del "$id"
}

memory_in_several_segments_is_a_violation() {
	[[ $(uname -m) == x86_64 ]] || skip "the test module lies on x86 only"
	platform segments
	listen
	new --kind noncontiguous
	is_violated backing "several segments"
}

# A mask of no bits is one that a platform may take.
an_address_of_no_bits_is_refused() {
	platform no-address
	"$cli" dev set "$dev" --coherent-mask 0 >/dev/null || die "dev set"
	"$cli" buf new "$dev" --size 4k 2>"$work/said" && die "buf new"
	grep -q "no address fits a coherent mask of 0 bits (ENOMEM" "$work/said" ||
		die "$(<"$work/said")"
}

# A violation is evidence: the buffer is there and works.
a_buffer_in_violation_can_be_used() {
	platform mask
	new
	"$cli" buf fill "$id" random:7 || die "fill"
	"$cli" buf check "$id" random:7 >"$work/said" || die "check"
	"$cli" buf del "$id" || die "del"
	[[ $(value "$dev" live_bufs) == 0 ]] || die "live"
}

# Who asks for it and gets it is told; who gets it unasked is told what it is.
caching_is_what_the_page_tables_say() {
	local caching seen='[.caching,
		(."attrs-honoured", ."attrs-ignored" | "[\(join(" "))]"),
		(.audit[] | select(.check == "attrs").verdict)] | join(" ")'

	[[ $(uname -m) == x86_64 ]] || skip "the test module sets it on x86 only"
	platform nothing
	for caching in write-combining uncached nothing; do
		echo "$caching" >"$parameter"
		new --attrs write-combine
		case $caching in
		write-combining)
			answer "$seen" "$caching [write-combine] [] holds"
			;;
		*)
			caching=${caching/nothing/write-back}
			answer "$seen" "$caching [] [write-combine] deviation"
			;;
		esac
		grep -qx "caching: $caching" \
			"$debugfs/$dev/buffers/$id/info" || die "info"
		"$cli" buf del "$id"
	done
}

need_root
need_module
[[ -x $cli ]] || skip_all "DMAEXER_CLI does not name the command"
[[ -n ${DMAEXER_BROKEN_KO-} ]] ||
	skip_all "DMAEXER_BROKEN_KO does not name the test module"

run_tests \
	"facts_are_those_of_the_platform facts are those of the platform, in the reply and in the file" \
	"nothing_is_said_where_nothing_is_wrong a platform that keeps its promises is not accused" \
	"an_address_outside_the_mask_is_a_violation an address outside the mask is reported by reply, file, counter and event" \
	"an_address_of_another_buffer_is_a_violation an address that another buffer has is reported likewise" \
	"an_unaligned_address_is_a_violation an unaligned address is reported likewise" \
	"memory_that_is_not_zeroed_is_a_violation memory that is not zeroed is reported likewise, by the number of bytes" \
	"an_object_of_a_pool_that_is_not_aligned_is_a_violation an object of a pool that is not aligned is reported likewise" \
	"an_object_of_a_pool_across_a_boundary_is_a_violation an object of a pool across a boundary is reported likewise" \
	"an_object_of_a_pool_outside_the_mask_is_a_violation an object of a pool outside the mask is reported likewise" \
	"managed_memory_that_is_not_zeroed_is_a_violation managed memory that is not zeroed is reported likewise" \
	"an_address_that_leads_elsewhere_is_a_violation memory that CPU and device do not share is reported likewise" \
	"memory_in_turns_that_leads_elsewhere_is_a_violation memory in turns that CPU and device do not share is reported likewise" \
	"an_address_amidst_a_page_is_a_violation an address of memory in turns that is not that of a page is reported by the file" \
	"memory_in_several_segments_is_a_violation noncontiguous memory in several segments is reported likewise" \
	"an_address_of_no_bits_is_refused where no address fits the mask there is no buffer" \
	"a_buffer_in_violation_can_be_used a buffer in violation can be used and freed" \
	"caching_is_what_the_page_tables_say caching is what the page tables say, and decides about write-combine"
