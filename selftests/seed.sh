#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loads the test module of driver/dma/, which prints KTAP to the kernel log.

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

need_root
[[ -n ${DMAEXER_SEED_KO-} ]] ||
	skip_all "DMAEXER_SEED_KO does not name the test module"

dmesg --clear
insmod "$DMAEXER_SEED_KO"
status=$?
dmesg -t | sed -n 's/^dmx_seed_test: //; /^KTAP/,$p'
((status == 0)) || exit 1
rmmod dmx_seed_test
