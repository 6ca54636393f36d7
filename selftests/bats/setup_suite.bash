# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash

# The command is found next to the tests, in DMAEXER_CLI or in PATH; the module
# is loaded if it is not, and then goes with the suite.
setup_suite() {
	local built=$BATS_TEST_DIRNAME/../../cli/dmaexer

	[[ -n ${DMAEXER_CLI-} ]] || DMAEXER_CLI=$built
	[[ -x $DMAEXER_CLI ]] || DMAEXER_CLI=$(command -v dmaexer)
	export DMAEXER_CLI
	export DMAEXER_SUITE_LOADED=
	((EUID == 0)) || return 0
	[[ ! -d /sys/module/dmaexer ]] || return 0
	"$BATS_TEST_DIRNAME/../load"
	DMAEXER_SUITE_LOADED=1
}

teardown_suite() {
	[[ -z $DMAEXER_SUITE_LOADED ]] || rmmod dmaexer
}
