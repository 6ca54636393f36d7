#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The ten devices of vm/exerciser.dtso, which differ in coherence, IOMMU, memory
# of their own and bus address: what the device tree says is what is shown, and
# what allocations do.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

readonly cli=${DMAEXER_CLI:-$here/../cli/dmaexer}
readonly tree=/sys/firmware/devicetree/base
readonly nodes='exer-a-nc exer-b-co exer-c-smmu-nc exer-d-smmu-co exer-e-pool
exer-f-cma exer-bus:exer-g-off exer-bus:exer-h-off-co
exer-cobus:exer-i-inh-co exer-cobus:exer-j-nonco'

cleanup() {
	local id

	for id in $("$cli" buf list 2>/dev/null | sed -n '2,$s/^ *\([0-9]*\) .*/\1/p'); do
		"$cli" buf del "$id"
	done
}

# field NAME, of what is in shown
field() {
	sed -n "s/^$1: //p" <<<"$shown"
}

# is NAME VALUE
is() {
	[[ $(field "$1") == "$2" ]] ||
		die "$1 is $(field "$1"), not $2, of: $shown"
}

# shows ARGUMENT...: what the command prints is then in shown.
shows() {
	shown=$("$cli" "$@") || die "dmaexer $*"
}

# node NAME BACKEND DOMAIN COHERENT POOL OFFSET FIRST LAST: the addresses of its
# memory lie between the last two.
node() {
	local address size

	shows dev show "$1"
	is backend "$2"
	is domain "$3"
	is cache-coherent "$4"
	is pool "$5"
	is bus-offset "$6"
	for size in 4k 8k 64k; do
		shows buf new "$1" --size "$size" --pattern random:7
		address=$(field dma-addr)
		((address >= $7 && address + $(field size) - 1 <= $8)) ||
			die "$1: $address is not from $7 to $8"
		is audit.mask holds
		is audit.backing holds
		# A device that does not look into the caches is seen past them.
		if [[ $4 == yes ]]; then
			is caching write-back
		else
			is caching write-combining
		fi
		"$cli" buf check "$(field id)" random:7 >/dev/null ||
			die "$1: its contents changed"
	done
}

# Without an IOMMU an address is that of the memory, which begins at 1 GiB.
readonly ram='0x40000000 0x7fffffff'
# Addresses of an IOMMU are given from the top of 32 bits down.
readonly iova='0x80000000 0xffffffff'

each_is_bound_by_itself() {
	local name

	reload devices=0
	for name in $nodes; do
		[[ -e $platform/drivers/dmaexer/$name ]] || die "$name is not"
		shows dev show "$name"
		is virtual no
		is bus platform
	done
	(($("$cli" dev list | wc -l) == 11)) || die "there are others"
}

# shellcheck disable=SC2086 # ranges are two words
direct_not_coherent() {
	node exer-a-nc direct none no none 0 $ram
	node exer-cobus:exer-j-nonco direct none no none 0 $ram
}

# shellcheck disable=SC2086
direct_coherent() {
	node exer-b-co direct none yes none 0 $ram
	node exer-cobus:exer-i-inh-co direct none yes none 0 $ram
}

# shellcheck disable=SC2086
translated() {
	local group

	node exer-c-smmu-nc iommu dma no none 0 $iova
	shows dev show exer-c-smmu-nc
	group=$(field iommu-group)
	node exer-d-smmu-co iommu dma yes none 0 $iova
	shows dev show exer-d-smmu-co
	[[ -n $group && $(field iommu-group) != "$group" ]] ||
		die "both are in group $group"
}

own_pool() {
	node exer-e-pool direct none no coherent 0 0x50000000 0x500fffff
	! "$cli" buf new exer-e-pool --size 2M 2>/dev/null ||
		die "there is more than the pool of 1M"
}

# word ADDRESS: what is there, of eight bytes
word() {
	busybox devmem "$1" 64
}

# there_is VALUE OFFSET...: at each, in a page that begins at address
there_is() {
	local at

	for at in "${@:2}"; do
		[[ $(word $((address + at))) == "$1" ]] ||
			die "there is $(word $((address + at))) at $at"
	done
}

# pool_has KIND SIZE PATTERN: a buffer, which the device shares, at address
pool_has() {
	shows buf new exer-e-pool --kind "$1" --size "$2" --pattern "$3"
	[[ $1 != box ]] || shows buf share "$(field id)"
	address=$(field dma-addr)
}

# What is not asked for is mapped as well, up to the end of the page.
no_old_bytes() {
	local address kind page

	for kind in box coherent; do
		pool_has "$kind" 4k byte:0xa5
		page=$address
		there_is 0xA5A5A5A5A5A5A5A5 0 104 2048 4088
		"$cli" buf del "$(field id)" || die "del"
		pool_has "$kind" 97 byte:0x5a
		[[ $address == "$page" ]] || die "it is at $address, not $page"
		there_is 0x000000000000005A 96
		there_is 0x0000000000000000 104 2048 4088
		"$cli" buf del "$(field id)" || die "del"
	done
}

own_cma() {
	node exer-f-cma direct none no cma 0 0x51000000 0x513fffff
}

# The bus has 512 MiB of memory at 2 GiB, which the CPU has at 1 GiB.
moved() {
	local offset=$((0x40000000 - 0x80000000))

	node exer-bus:exer-g-off direct none no none "$offset" \
		0x80000000 0x9fffffff
	node exer-bus:exer-h-off-co direct none yes none "$offset" \
		0x80000000 0x9fffffff
}

given_back_and_taken() {
	local name

	for name in exer-d-smmu-co exer-e-pool; do
		"$cli" dev unbind "platform/$name" || die "unbind"
		[[ ! -e $platform/devices/$name/driver ]] || die "it has a driver"
		"$cli" dev bind "platform/$name" >/dev/null || die "bind"
		"$cli" dev unbind "$name" || die "unbind again"
		[[ $(<"$platform/devices/$name/driver_override") == '(null)' ]] ||
			die "an override is left"
		echo "$name" >"$platform/drivers/dmaexer/bind"
	done
	own_pool
}

# A platform device with all of PCI below it, and this machine's files.
in_use_below() {
	local dir said

	for dir in "$platform"/devices/*.pcie; do
		[[ -e $dir/driver ]] || skip "there is no PCI host bridge"
		! said=$("$cli" dev bind "platform/${dir##*/}" 2>&1) ||
			die "it is taken"
		[[ $said == *"in use: its 9p file system "*EBUSY* ]] || die "$said"
		[[ -e $dir/driver ]] || die "it has no driver"
		[[ $(<"$dir/driver_override") == '(null)' ]] || die "an override"
	done
}

need_root
[[ -d $tree/exer-a-nc ]] || skip_all "the device tree has no exerciser"
need_module
[[ -x $cli ]] || skip_all "there is no command dmaexer"
run_tests \
	"each_is_bound_by_itself each of the ten nodes is bound by its compatible" \
	"direct_not_coherent without dma-coherent, or with dma-noncoherent on a coherent bus, memory is seen past the caches" \
	"direct_coherent dma-coherent counts, also that of the bus" \
	"translated behind the SMMU each has a group and addresses of its own" \
	"own_pool memory-region without map is all there is to allocate from" \
	"no_old_bytes a pool shows nobody what was in the rest of a page" \
	"own_cma memory-region that is reusable is where it allocates" \
	"moved dma-ranges of the bus move addresses by 1 GiB" \
	"given_back_and_taken a node can be unbound and bound, and has its pool again" \
	"in_use_below a host bridge is in use by what is behind it, and is refused"
