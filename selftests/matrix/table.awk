# SPDX-License-Identifier: GPL-2.0
#
# A table of results: a line for each check, a column for each platform. Input:
# lines of platform, check and result, separated by tabs; the parts of a
# platform's name, separated by blanks, stand one above the other. What is wider
# than a page goes on below.

BEGIN {
	FS = "\t"
	page = 100
}

!($1 in column) {
	column[$1] = ++columns
	platform[columns] = $1
	width[columns] = 4
	parts = split($1, part, " ")
	if (parts > header)
		header = parts
	for (i = 1; i <= parts; i++) {
		head[columns, i] = part[i]
		if (length(part[i]) > width[columns])
			width[columns] = length(part[i])
	}
}

!($2 in line) {
	line[$2] = ++lines
	check[lines] = $2
	if (length($2) > first)
		first = length($2)
}

# The worst of several.
{
	at = line[$2] SUBSEP column[$1]
	if (cell[at] != "FAIL")
		cell[at] = $3 == "fail" ? "FAIL" : $3
}

function print_block(from, to,    i, j, text) {
	print ""
	for (i = 1; i <= header; i++) {
		text = sprintf("%-*s", first, "")
		for (j = from; j <= to; j++)
			text = text sprintf("  %-*s", width[j], head[j, i])
		sub(/ +$/, "", text)
		print text
	}
	for (i = 1; i <= lines; i++) {
		text = sprintf("%-*s", first, check[i])
		for (j = from; j <= to; j++)
			text = text sprintf("  %-*s", width[j],
				(i, j) in cell ? cell[i, j] : "-")
		sub(/ +$/, "", text)
		print text
	}
}

END {
	from = 1
	used = first
	for (j = 1; j <= columns; j++) {
		used += width[j] + 2
		if (used > page && j > from) {
			print_block(from, j - 1)
			from = j
			used = first + width[j] + 2
		}
	}
	if (columns)
		print_block(from, columns)
}
