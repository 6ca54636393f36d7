#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What scripts/matrix makes of what a platform said; no platform is booted.

bats_require_minimum_version 1.5.0

setup() {
	here=$BATS_TEST_DIRNAME
	matrix=$here/../../scripts/matrix
	said=$BATS_TEST_TMPDIR/said
	results=$BATS_TEST_TMPDIR/results
	: >"$said"
}

# says FACT GOT
says() {
	printf '{"fact":"%s","got":"%s"}\n' "$1" "$2" >>"$said"
}

# runs DEVICE RESULT...: of the scenarios a, b, and so on
runs() {
	local device=$1 name=a list='' status=${status-0}

	shift
	[[ " $* " != *" fail "* ]] || status=1
	for result; do
		list+=",{\"name\":\"$name\",\"result\":\"$result\",\"reason\":\"$device-0 is $result\",
			\"steps\":[{\"line\":7,\"text\":\"dev list # x\",
			\"result\":\"$result\",\"reason\":\"expected: 1\\nactual: 2\"}]}"
		name=$(tr a-c b-d <<<"$name")
	done
	tr -d '\n\t' <<<"{\"device\":\"$device\",\"name\":\"$device-0\",\"status\":$status,\"run\":{
		\"scenarios\":[${list#,}],\"interrupted\":false}}" >>"$said"
	echo >>"$said"
}

# judged [REASON]: the row, with a fact about pages, two devices and scenarios
judged() {
	jq -nR --arg row x-1-y --arg reason "${1-}" --arg release 6 \
		--arg devices "one two" --arg facts page=4096 --arg tests "${tests-}" \
		--arg scenarios "a b" --arg once c \
		-f "$here/judge.jq" <"$said" >"$results"
}

# count RESULT N
count() {
	local found

	found=$(jq --arg result "$1" \
		'[.results[] | select(.result == $result)] | length' "$results")
	[[ $found == "$2" ]] || {
		echo "$found, not $2, have $1:"
		jq -c '.results[]' "$results"
		return 1
	}
}

report() {
	jq -s '{rows: .}' "$results" | jq -r -f "$here/report.jq"
}

good() {
	says release 6
	says page 4096
	runs one pass pass pass
	runs two pass pass
}

@test "a platform that says all it has to, and only good, passes" {
	good
	judged
	count pass 10
	count fail 0
	[[ -z $(report) ]]
}

@test "a row that has ended too soon has failed, with all that it did not say" {
	judged "it died"
	count pass 0
	count fail 10
	[[ $(report) == $'\n  # it died\nnot ok x-1-y: boots, and the kernel does not complain' ]]
}

@test "a platform that is another one fails, and says what it is" {
	says release 7
	says page 16384
	runs one pass pass pass
	runs two pass pass
	judged
	count fail 2
	[[ $(report) == *$'# it is 7\nnot ok x-1-y: release is 6'* ]]
	[[ $(report) == *$'# it is 16384\nnot ok x-1-y: page is 4096'* ]]
}

@test "a scenario, a device or a line that lacks has failed" {
	says release 6
	says page 4096
	runs one pass pass
	printf '{"device":"two","status":0,"run":{"scen' >>"$said"
	judged
	count pass 6
	count fail 4
	[[ $(report) == *"not ok x-1-y one: c"* ]]
	[[ $(report) == *"not ok x-1-y two: a"* ]]
}

@test "a run that was interrupted has no result" {
	good
	sed -i 's/"interrupted":false/"interrupted":true/' "$said"
	judged
	count fail 5
}

@test "a run that ends with another status than its results has failed" {
	local bad

	for bad in 1 2 4 134; do
		: >"$said"
		says release 6
		says page 4096
		status=$bad runs one pass pass pass
		runs two pass pass
		judged
		count fail 1
		[[ $(report) == *"exit status $bad, where 0 "*$'\nnot ok x-1-y one: dmaexer run ends'* ]]
	done
	: >"$said"
	says release 6
	says page 4096
	status=4 runs one skip skip skip
	runs two pass fail
	judged
	count fail 1
}

@test "a scenario that fails shows its steps, one that is skipped its reason" {
	says release 6
	says page 4096
	runs one pass fail pass
	runs two skip pass
	judged
	count fail 1
	count skip 1
	[[ $(report) == *$'  1..1\n  # expected: 1\n  # actual: 2\n  not ok 1 line 7: dev list _ x\nnot ok x-1-y one: b'* ]]
	[[ $(report) == *"skip a: the device is skip # SKIP on x-1-y two"* ]]
}

@test "a test of a row that fails, is skipped as a whole or lacks has failed" {
	local end

	for end in 0 1 4 124 none; do
		: >"$said"
		good
		[[ $end == none ]] || printf '%s\n' \
			"{\"test\":\"x.sh\",\"status\":$end,\"output\":\"it says\"}" >>"$said"
		tests=x.sh judged
		count fail "$([[ $end == 0 ]]; echo $?)"
		[[ $end == 0 || $(report) == *$'\nnot ok x-1-y: x.sh' ]]
	done
	[[ $(report) == *"it was not run"* ]]
}

# tap STATUS: what a program says that ends so, with its output as input
tap() {
	jq -nR -f "$here/tap.jq" --arg row arch --argjson status "$1" >"$results"
}

@test "the tests of the runner are results, and one that lacks is one" {
	printf '1..3\nok 1 a b\nnot ok 2 c\n# why\n# so\nok 3 d # skip no root\n' |
		tap 1
	count pass 2
	count fail 1
	count skip 1
	[[ $(report) == *$'  # why\n  # so\nnot ok arch: c'* ]]
	printf '1..3\nok 1 a b\n' | tap 0
	count fail 1
	tap 0 </dev/null
	count fail 1
}

@test "the tests of the runner have failed where its exit status says so" {
	local bad

	for bad in 1 127; do
		printf '1..1\nok 1 a\n' | tap "$bad"
		count fail 1
		[[ $(report) == *"# exit status $bad"* ]]
	done
	printf '1..1\nnot ok 1 a\n' | tap 0
	count fail 2
	printf '1..1\nok 1 a\n' | tap 0
	count fail 0
}

# matrix_says COMMAND: with the functions of scripts/matrix, on rows of this test
matrix_says() {
	run bash -c '. "$1"; results=$2; releases[6.12]=6; scenarios=a once="" omitted=""
		rows=(amd64-6.12-none amd64-6.12-lazy); eval "$3"' \
		matrix "$matrix" "$BATS_TEST_TMPDIR" "$1"
}

@test "a row that says a lot before it dies has failed, with the end of its log" {
	local row=$BATS_TEST_TMPDIR/amd64-6.12-none

	says release 6
	head -c 400000 /dev/zero | tr '\0' x >"$row.log"
	printf '\nthe end\n' >>"$row.log"
	cp "$said" "$row.said"
	matrix_says 'judge amd64-6.12-none 125; rows=(amd64-6.12-none); collect && report'
	((status == 1))
	[[ $output == *$'\n  # it did not boot, or died\n'*$'\n  # the end'*$'\nnot ok amd64-6.12-none: boots'* ]]
	((${#output} < 40000))
	[[ $output == *$'\n1 passed, 12 failed, 0 skipped' ]]
}

@test "a row whose result lacks, is empty or is cut has failed, in the table too" {
	local row text

	row=$BATS_TEST_TMPDIR/amd64-6.12-none
	good
	judged
	for text in none '' '{"name":' '{"name": "x", "devices": [], "results": []}'; do
		cp "$results" "$BATS_TEST_TMPDIR/amd64-6.12-lazy.json"
		printf '%s' "$text" >"$row.json"
		[[ $text != none ]] || rm "$row.json"
		matrix_says 'collect && report'
		((status == 1))
		[[ $output == *"not ok amd64-6.12-none: has a result"* ]]
		[[ $output == *$'\n(platform)'*FAIL* ]]
		[[ $output == *$'passed, 1 failed, 0 skipped' ]]
	done
}

@test "where nothing passed and nothing failed, something is wrong" {
	local result

	for result in skip pass; do
		printf '{"name": "x", "devices": [], "results": [
			{"kind": "test", "name": "y", "result": "%s", "reason": "z"}]}' \
			"$result" >"$BATS_TEST_TMPDIR/arch.json"
		matrix_says 'rows=(arch); collect && report'
		[[ $result == skip && $status == 1 || $result == pass && $status == 0 ]]
	done
}

# guest COMMAND: with the functions of guest.sh, and a command dmaexer that fails
guest() {
	DMAEXER_CLI=false run bash -c '. "$1"; eval "$2"' \
		"$here/matrix.bats" "$here/guest.sh" "$1"
}

@test "a device that is not there ends the row, and is in no group" {
	local device

	for device in virtual channel exer-nowhere; do
		guest "make_device $device; echo goes on"
		((status == 1))
		[[ $output == *"guest.sh: there is no $device" ]]
	done
	guest 'node[one]=/nowhere; group_of one'
	((status == 1))
	[[ $output == "guest.sh: one is gone" ]]
	guest 'node[one]=/; group_of one'
	[[ $output == none ]]
}

@test "a table has the worst of a cell, and is not wider than a page" {
	local i

	for ((i = 10; i < 40; i++)); do
		printf 'amd 6.%s one\ta\tpass\n' "$i"
		printf 'amd 6.%s one\tb\tpass\namd 6.%s one\tb\tfail\n' "$i" "$i"
		printf 'amd 6.%s one\tb\tpass\n' "$i"
	done | awk -f "$here/table.awk" >"$results"
	(($(wc -L <"$results") <= 100))
	[[ $(grep -o pass "$results" | wc -l) == 30 ]]
	[[ $(grep '^a' "$results" | grep -o pass | wc -l) == 30 ]]
	[[ $(grep '^b' "$results" | grep -o FAIL | wc -l) == 30 ]]
}

@test "every row has a kernel, devices and facts, and some belong to make check" {
	local row

	for row in $("$matrix" --list | grep -v '^arch$'); do
		for key in kernel devices facts; do
			awk -v row="$row" -v key="$key" '
				/^[^#\t ]/ { name = $1 }
				/^[\t ]/ && name == row && $1 == key { found = 1 }
				END { exit !found }' "$here/rows" || {
				echo "$row has no $key"
				return 1
			}
		done
	done
	# shellcheck source=/dev/null
	. "$matrix"
	(($(rows_with check | wc -l) == 6))
	[[ -z $(rows_with check | sort | uniq -d) ]]
}

@test "make check runs the scenarios on devices that the row has, or on all" {
	local row=arm64-6.12-smmu

	# shellcheck source=/dev/null
	. "$matrix"
	[[ $(devices_of "$row") == "$(value "$row" devices)" ]]
	# shellcheck disable=SC2034 # for devices_of
	checking=1
	[[ $(devices_of "$row") != "$(value "$row" devices)" ]]
	[[ -z $(comm -23 <(value "$row" check | tr -s ' ' '\n' | sort) \
		<(value "$row" devices | tr -s ' ' '\n' | sort)) ]]
	[[ $(devices_of amd64-6.12-none) == "channel pci" ]]
}

@test "some row runs tests, and each test that a row names is there" {
	local -a programs
	local program

	mapfile -t programs < <(
		sed -n 's/^	tests  *//p' "$here/rows" | tr ' ' '\n')
	((${#programs[@]}))
	for program in "${programs[@]}"; do
		[[ -x $here/../$program ]]
	done
}

@test "rows, scenarios and options that are not there are refused by name" {
	local word

	for word in --frobnicate "nowhere" "--leave-out nothing" "--jobs 0" --jobs; do
		# shellcheck disable=SC2086 # an option and its argument
		run -2 "$matrix" $word
		# shellcheck disable=SC2154 # bats sets it
		[[ $output == *"${word##* }"* ]] || {
			echo "$word: $output"
			return 1
		}
	done
}
