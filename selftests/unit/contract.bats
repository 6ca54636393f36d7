#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What scripts/contract has to notice: each is broken once, in a copy.

# The backticks are those of the page.
# shellcheck disable=SC2016

setup_file() {
	KSRC=${KSRC:-$("$BATS_TEST_DIRNAME/../vm/kernel" --source 6.12)}
	export KSRC
}

setup() {
	local top=$BATS_TEST_DIRNAME/../..

	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/cli"
	cp -r "$top"/{docs,driver,include,scripts,selftests} "$tree"
	cp -r "$top/cli/scenarios" "$tree/cli"
	page=$tree/docs/contract.md
}

# breaks FILE SCRIPT: sed changes something, or there is nothing to test.
breaks() {
	cp "$1" "$BATS_TEST_TMPDIR/before"
	sed -i "$2" "$1"
	! cmp -s "$1" "$BATS_TEST_TMPDIR/before"
}

# noticed SENTENCE: and no more than that
noticed() {
	run "$tree/scripts/contract" "$KSRC"
	echo "$output"
	[[ $status == 1 && $output == "docs/contract.md: $1" ]]
}

@test "a page that agrees is met with silence" {
	run "$tree/scripts/contract" "$KSRC"
	echo "$output"
	[[ $status == 0 && -z $output ]]
}

@test "a shipped scenario that is not named is noticed" {
	touch "$tree/cli/scenarios/new-one.dmx"
	noticed "the shipped scenario new-one.dmx is not named"
}

@test "a scenario that is gone is noticed" {
	rm "$tree/cli/scenarios/patterns.dmx"
	noticed "there is no scenario patterns.dmx"
}

@test "a check of the audit that is not named is noticed" {
	breaks "$tree/include/uapi/linux/dmaexer.h" \
		's/^	DMAEXER_CHECK_ATTRS,$/&\n	DMAEXER_CHECK_COLOUR,/'
	noticed "the check audit.colour is not named"
}

@test "a value of the interface that is not named is noticed" {
	breaks "$tree/include/uapi/linux/dmaexer.h" \
		's/^	DMAEXER_OUTCOME_LANDED,$/&\n	DMAEXER_OUTCOME_LOST_IT,/'
	noticed "lost-it, a value of outcome, is not named"
}

@test "a deviation that the module knows and the page does not is noticed" {
	breaks "$tree/driver/audit.c" 's/CMA aligns to/CMA rounds to/'
	noticed "the known deviation 'CMA rounds to CONFIG_CMA_ALIGNMENT pages at most' is not told"
}

@test "a deviation of the module without a reference is noticed" {
	breaks "$tree/driver/audit.c" 's/at most, kernel.*c"/at most"/'
	noticed "the deviation 'CMA aligns to CONFIG_CMA_ALIGNMENT pages at most' has no reference"
}

@test "a promise without a row, or a row without a promise, is noticed" {
	breaks "$page" '/^| addr-width |/d'
	noticed "addr-width has no row in its place"
	cp "$BATS_TEST_TMPDIR/before" "$page"
	breaks "$page" 's/^| addr-width |.*/&\n| warm | - | - | - | - | - | - |/'
	run "$tree/scripts/contract" "$KSRC"
	[[ $output == *"warm has no section in its place"* ]]
}

@test "a promise that nobody makes or that nothing looks at is noticed" {
	breaks "$page" '/^### no-overlap/,/^### /s/^- Says: /- /'
	noticed "no-overlap: who says so?"
	cp "$BATS_TEST_TMPDIR/before" "$page"
	breaks "$page" '/^### map-limit/,/^### /s/^- Seen by: /- /'
	noticed "map-limit: seen by what?"
}

@test "a word for a backend that is none is noticed" {
	breaks "$page" 's/^| addr-width | holds/| addr-width | hopes/'
	noticed "addr-width: 'hopes' is no word for a backend"
}

@test "a deviation of the summary that nothing explains is noticed" {
	breaks "$page" 's/^| addr-width | holds/| addr-width | deviates/'
	noticed "addr-width: deviates, but no reference says where"
}

@test "a deviation that the summary does not have is noticed" {
	breaks "$page" 's/^\(| required-mask .*\)deviates | deviates/\1holds | holds/'
	noticed "required-mask: no backend of the summary deviates"
}

@test "a scenario of the summary that the promise does not name is noticed" {
	breaks "$page" 's/^\(| addr-width .*\)`patterns.dmx`/\1`masks.dmx`/'
	noticed "addr-width: its scenarios are not those of the summary"
}

@test "a file that the kernel does not have is noticed" {
	breaks "$page" 's#drivers/of/device.c:of_dma_configure_id()#drivers/of/dma.c#'
	noticed "the kernel has no drivers/of/dma.c"
}

@test "a function that its file does not have is noticed" {
	breaks "$page" 's/:of_dma_configure_id()/:of_dma_setup()/'
	noticed "drivers/of/device.c has no function of_dma_setup()"
}

@test "a word that its file does not have is noticed" {
	breaks "$page" 's/:IO_TLB_SEGSIZE/:IO_TLB_SETSIZE/'
	noticed "include/linux/swiotlb.h has no IO_TLB_SETSIZE"
}

@test "a function that no file has is noticed" {
	breaks "$page" 's/`dma_addressing_limited()`/`dma_addressing_bound()`/'
	noticed "nowhere in the kernel is dma_addressing_bound()"
}

@test "words that a document does not say are noticed" {
	breaks "$page" 's/("Handling Errors")/("Handling Success")/'
	noticed "Documentation/core-api/dma-api-howto.rst does not say \"Handling Success\""
}

@test "a file of ours that is gone is noticed" {
	breaks "$page" 's#selftests/vm/pool.dtso#selftests/vm/ponds.dtso#'
	noticed "there is no selftests/vm/ponds.dtso"
}
