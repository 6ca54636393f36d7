# SPDX-License-Identifier: GPL-2.0
#
# What came of one row of the matrix. Input: the lines that guest.sh said;
# strings: row, release, reason (why the row has failed as a whole, or empty),
# and devices, facts, tests, scenarios and once as in guest.sh. What was to be
# said and was not has failed.

def words: split("[ \n]+"; null) | map(select(. != ""));

def verdict($kind; $name; $good; $reason):
	{$kind, $name, result: (if $good then "pass" else "fail" end)}
	+ if $good then {} else {$reason} end;

def boot:
	verdict("run"; "boots, and the kernel does not complain";
		$reason == ""; $reason | rtrimstr("\n"));

def fact($said):
	(index("=")) as $at
	| .[:$at] as $name
	| .[$at + 1:] as $want
	| ([$said[] | select(.fact == $name) | .got] | last) as $got
	| verdict("fact"; "\($name) is \($want)"; $got == $want;
		"it is \($got // "not known")")
	+ {$want, $got, lacks: ($got == null)};

# A row names what has to run there, so a test that skips itself has failed.
def test($said):
	. as $name
	| ([$said[] | select(.test == $name)] | last) as $test
	| verdict("test"; $name; $test.status == 0;
		$test.output // "it was not run")
	+ {lacks: ($test == null)};

# A scenario, as "dmaexer run" has it, is a result; so is its absence.
def scenario($device; $run; $name):
	([$run.run.scenarios[]? | select(.name == $name)] | last) as $found
	| {kind: "scenario", $device, $name}
	+ if $found == null or $run.run.interrupted then
		{result: "fail", reason: "no result", lacks: true}
	  else
		$found | {result, reason, steps}
		| with_entries(select(.value != null))
		| if .reason and .result == "skip" then
			.reason |= (split($run.name) | join("the device"))
		  else . end
	  end;

# An exit status that the results do not explain: it died, or was refused.
def ends($device; $run):
	([$run.run.scenarios[]?.result] | if any(. == "fail") then 1
		elif any(. == "pass") then 0 else 4 end) as $want
	| verdict("fact"; "dmaexer run ends with what it found";
		$run.status == $want;
		if $run == null then "no result" else
		"exit status \($run.status), where \($want) is what was found" end)
	+ {$device, lacks: ($run == null)};

def platform($said; $names):
	. as $device
	| ([$said[] | select(.device == $device)] | last) as $run
	| ends($device; $run),
	  ($names | words | sort[] | scenario($device; $run; .));

[inputs | fromjson? | objects] as $said
| {
	name: $row, $release, devices: ($devices | words),
	results: (
		[boot]
		+ ("release=\($release) \($facts)" | words | map(fact($said)))
		+ ($tests | words | map(test($said)))
		+ [$devices | words | .[0] | platform($said; "\($scenarios) \($once)")]
		+ [$devices | words | .[1:][] | platform($said; $scenarios)]
	)
}
