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
# The distribution's has the modules that scripts/need installs; another one that
# comes first in PATH may not, and takes long to start.
python=/usr/bin/python3
[[ -x $python ]] || python=python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cleanup() {
	[[ -z ${dev-} ]] || "$cli" dev del "$dev" 2>/dev/null
}

# ynl ARGUMENT...: the answer is in said, its exit status is the client's. That
# the spec follows its schema is seen when code is generated from it.
ynl() {
	said=$("$python" "$KSRC/tools/net/ynl/cli.py" --spec "$spec" --no-schema \
		--output-json "$@" 2>&1)
}

# same FILTER DOCUMENT: the filter finds the same in the answer and there.
same() {
	local found wanted

	found=$(jq -c "$1" <<<"$said") || die "no JSON: $said"
	wanted=$(jq -c "$1" <<<"$2") || die "no JSON: $2"
	[[ $found == "$wanted" ]] || die "$found, not $wanted"
}

# fields NAME...: a filter for these of an object
fields() {
	local list

	printf -v list '."%s",' "$@"
	echo "[${list%,}]"
}

new_device() {
	local made

	made=$("$cli" -j dev add)
	read -r dev dev_id < <(jq -r '"\(.name) \(.id)"' <<<"$made")
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
	[[ $(jq -r '.buffers[].id, (.buffers[0] | .kind, .label),
		(.buffers[1].attrs | join(","))' <<<"$shown") == "$ids
box
from ynl
no-kernel-mapping,force-contiguous" ]] || die "$shown"
	"$cli" buf check "${ids%%$'\n'*}" counter:5 || die "contents"
}

the_command_allocates_and_it_sees_it() {
	local made

	new_device
	made=$("$cli" -j buf new "$dev" --size 12k --label "from dmaexer" \
		--attrs no-warn --gfp nowait)
	ynl --dump buf-get || die "$said"
	said=$(jq ".[] | select(.[\"dev-id\"] == $dev_id)" <<<"$said")
	same "$(fields id kind label elem-size count size gfp mapping) +
		[.audit[] | .check, .verdict]" "$made"
	[[ $(($(jq -r '."dma-addr"' <<<"$said"))) == \
		$(($(jq -r '."dma-addr"' <<<"$made"))) ]] || die "dma-addr: $said"
}

devices_look_the_same() {
	local shown

	new_device
	shown=$("$cli" -j dev show "$dev")
	ynl --do dev-get --json "{\"id\": $dev_id}" || die "$said"
	same "$(fields id name bus backend domain max-mapping-size max-seg-size \
		bus-offset numa-node quota-bytes quota-bufs live-bytes \
		total-bufs)" "$shown"
}

kept_contents_look_the_same() {
	local made id shown

	new_device
	made=$("$cli" -j buf new "$dev" --size 5k --label "from dmaexer" --keep)
	id=$(jq .id <<<"$made")
	ynl --do buf-new --json "{\"dev-id\": $dev_id, \"count\": 64,
		\"keep\": true, \"pattern\": \"counter\"}" || die "$said"
	"$cli" dev del "$dev" || die "dev del"
	dev=
	shown=$("$cli" -j postmortem show "$id")
	ynl --do postmortem-get --json "{\"id\": $id}" || die "$said"
	same "$(fields id dev-id dev-name kind label elem-size count size gfp \
		lost) + [.audit[] | .check, .verdict]" "$shown"
	ynl --dump postmortem-get || die "$said"
	said=$(jq "map(select(.[\"dev-id\"] == $dev_id))" <<<"$said")
	[[ $(jq 'map(.id == '"$id"') | join(" ")' <<<"$said") == '"true false"' ]] ||
		die "$said"
	ynl --multi postmortem-del "{\"id\": $id}" \
		--multi postmortem-del "{\"id\": $(jq .[1].id <<<"$said")}" ||
		die "$said"
	[[ $("$cli" -j postmortem list | jq '.postmortems | length') == 0 ]] ||
		die "they are still there"
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
need_module
[[ -d ${KSRC-} ]] || skip_all "needs KSRC, the directory of the kernel's source"
[[ -r $spec ]] || skip_all "needs the spec, $spec"
[[ -x $cli ]] || cli=$(command -v dmaexer) || skip_all "needs the command dmaexer"
"$python" -c 'import yaml' 2>/dev/null || skip_all "needs python3 with yaml"
run_tests \
	"it_allocates_and_the_command_sees_it what cli.py allocates the command sees" \
	"the_command_allocates_and_it_sees_it what the command allocates cli.py sees" \
	"devices_look_the_same a device looks the same to both" \
	"kept_contents_look_the_same what is kept of a buffer looks the same to both" \
	"refusals_carry_the_sentence a refusal reaches cli.py with its sentence"
