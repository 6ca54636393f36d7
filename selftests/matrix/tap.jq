# SPDX-License-Identifier: GPL-2.0
#
# The results of a program that prints TAP, as those of a row that is no
# platform. Input: its output; string: row; number: status, its exit status, which
# is 1 where a test failed.

def lines_after($all; $at):
	[$all[$at + 1:] | label $out | .[]
		| if startswith("#") then . else break $out end];

[inputs] as $all
| [range($all | length) as $at
	| $all[$at]
	| capture("^(?<bad>not )?ok [0-9]+ (?<name>.*?)( # skip *(?<reason>.*))?$")
	| if .bad then
		{kind: "test", name, result: "fail",
		 reason: (lines_after($all; $at) | map(ltrimstr("# ")) | join("\n"))}
	  elif .reason then {kind: "test", name, result: "skip", reason}
	  else {kind: "test", name, result: "pass"} end] as $tests
| ($all | map(capture("^1\\.\\.(?<plan>[0-9]+)$").plan | tonumber)[0] // 0) as $plan
| {
	name: $row, devices: [],
	results: ([{kind: "run", name: "runs all its tests"}
		+ if $plan > 0 and ($tests | length) == $plan
			and $status == (if any($tests[]; .result == "fail")
				then 1 else 0 end) then
			{result: "pass"}
		  else
			{result: "fail", reason: ("exit status \($status)\n"
				+ ($all[-20:] | join("\n")))}
		  end] + $tests)
}
