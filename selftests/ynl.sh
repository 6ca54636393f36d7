#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A second client that shares no code with the command: the kernel's own
# tools/net/ynl/cli.py, which knows nothing of dmaexer but its spec. KSRC is the
# directory of the kernel's source.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

spec=${DMAEXER_SPEC:-$here/../docs/netlink/specs/dmaexer.yaml}
cli=${DMAEXER_CLI:-$here/../cli/dmaexer}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cleanup() {
	[[ -z ${dev-} ]] || "$cli" dev del "$dev" 2>/dev/null
}

# ynl ARGUMENT...: the answer is in said, its exit status is the client's.
ynl() {
	said=$(python3 "$KSRC/tools/net/ynl/cli.py" --spec "$spec" \
		--schema "$KSRC/Documentation/netlink/genetlink-legacy.yaml" \
		--output-json "$@" 2>&1)
}

answer() {
	local found

	found=$(jq -r "$1" <<<"$said") || die "no JSON: $said"
	[[ $found == "$2" ]] || die "$1 is $found, not $2"
}

new_device() {
	dev=$("$cli" -j dev add | jq -r .name)
	dev_id=$("$cli" -j dev show "$dev" | jq .id)
}

it_allocates_and_the_command_sees_it() {
	local shown ids

	new_device
	ynl --multi buf-new "{\"dev-id\": $dev_id, \"count\": 16, \"elem-size\": 8,
		\"kind\": \"box\", \"label\": \"from ynl\", \"pattern\": \"counter\",
		\"pattern-arg\": 5}" \
		--multi buf-new "{\"dev-id\": $dev_id, \"count\": 4096,
		\"kind\": \"handle\", \"attrs\": 64}" || die "$said"
	ids=$(jq -r '.[].id' <<<"$said")
	shown=$("$cli" -j buf list "$dev")
	[[ $(jq -r '.buffers[].id' <<<"$shown") == "$ids" ]] || die "$shown"
	[[ $(jq -r '.buffers[0] | .kind + .label' <<<"$shown") == "boxfrom ynl" ]] ||
		die "$shown"
	[[ $(jq -r '.buffers[1].attrs | join(",")' <<<"$shown") == \
		no-kernel-mapping,force-contiguous ]] || die "$shown"
	"$cli" buf check "${ids%%$'\n'*}" counter:5 || die "contents"
}

the_command_allocates_and_it_sees_it() {
	local made key

	new_device
	made=$("$cli" -j buf new "$dev" --size 12k --label "from dmaexer" \
		--attrs no-warn --gfp nowait)
	ynl --dump buf-get || die "$said"
	said=$(jq ".[] | select(.[\"dev-id\"] == $dev_id)" <<<"$said")
	for key in id kind label elem-size count size gfp mapping; do
		answer ".[\"$key\"]" "$(jq -r ".[\"$key\"]" <<<"$made")"
	done
	[[ $(($(jq -r '."dma-addr"' <<<"$said"))) == \
		$(($(jq -r '."dma-addr"' <<<"$made"))) ]] || die "dma-addr: $said"
	answer '.audit | length' "$(jq '.audit | length' <<<"$made")"
	answer '[.audit[] | .check + .verdict] | join(" ")' \
		"$(jq -r '[.audit[] | .check + .verdict] | join(" ")' <<<"$made")"
}

devices_look_the_same() {
	local shown key

	new_device
	shown=$("$cli" -j dev show "$dev")
	ynl --do dev-get --json "{\"id\": $dev_id}" || die "$said"
	for key in id name bus backend domain max-mapping-size max-seg-size \
		bus-offset numa-node quota-bytes quota-bufs live-bytes total-bufs; do
		answer ".[\"$key\"]" "$(jq -r ".[\"$key\"]" <<<"$shown")"
	done
}

refusals_carry_the_sentence() {
	local told

	new_device
	told=$("$cli" buf new "$dev" --size 64 --attrs 0x80000000 2>&1)
	ynl --do buf-new --json \
		"{\"dev-id\": $dev_id, \"count\": 64, \"attrs\": 2147483648}" &&
		die "it is taken: $said"
	[[ $said == *0x80000000* ]] || die "$said"
	[[ $told == *0x80000000* ]] || die "$told"
	[[ $said == *"bad-attr"*attrs* ]] || die "no attribute at fault: $said"
	ynl --do buf-read --json '{"id": 2147483647, "index": 0, "width": 1}' &&
		die "it is taken: $said"
	[[ $said == *2147483647* ]] || die "$said"
	ynl --do dev-set --json "{\"id\": $dev_id, \"dma-mask-bits\": 65}" &&
		die "it is taken: $said"
	[[ $said == *65* ]] || die "$said"
}

need_root
can_load || skip_all "cannot load the module"
[[ -d ${KSRC-} ]] || skip_all "needs KSRC, the directory of the kernel's source"
[[ -r $spec ]] || skip_all "needs the spec, $spec"
[[ -x $cli ]] || cli=$(command -v dmaexer) || skip_all "needs the command dmaexer"
python3 -c 'import yaml, jsonschema' 2>/dev/null ||
	skip_all "needs python3 with yaml and jsonschema"
run_tests \
	"it_allocates_and_the_command_sees_it what cli.py allocates the command sees" \
	"the_command_allocates_and_it_sees_it what the command allocates cli.py sees" \
	"devices_look_the_same a device looks the same to both" \
	"refusals_carry_the_sentence a refusal reaches cli.py with its sentence"
