# SPDX-License-Identifier: GPL-2.0
#
# What a reader has to know beside the table. Input: the rows, as matrix.json
# has them. Skips by their reasons; failures with what was said.

def where($row): if .device then "\($row) \(.device)" else $row end;

def skips:
	[.rows[] | .name as $row | .results[] | select(.result == "skip")
		| {name, reason, where: where($row)}]
	| group_by([.name, .reason])[]
	| "skip \(.[0].name): \(.[0].reason) # SKIP on \(map(.where) | join(", "))";

def ktap:
	"  1..\(.steps | length)",
	(.steps | to_entries[]
		| .value as $step
		| (if $step.line then " line \($step.line):" else "" end) as $line
		| (if $step.reason and $step.result == "fail" then
			($step.reason | split("\n")[] | "  # \(.)") else empty end),
		  "  \(if $step.result == "fail" then "not ok" else "ok" end)"
		  + " \(.key + 1)\($line) \($step.text | gsub("#"; "_"))"
		  + if $step.result == "skip" then " # SKIP \($step.reason // "")"
		    else "" end);

# A row that has ended too soon says so once, not for each result that lacks.
def failures:
	.rows[] | .name as $row
	| (.results[0].result == "fail") as $ended
	| .results[] | select(.result == "fail" and ($ended and .lacks | not))
	| (if .steps then ktap
	   else (.reason | split("\n")[] | "  # \(.)") end),
	  "not ok \(where($row)): \(.name)";

[skips], [failures] | if length > 0 then "", .[] else empty end
