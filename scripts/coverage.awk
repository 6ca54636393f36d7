# SPDX-License-Identifier: GPL-2.0
#
# For scripts/coverage: the table and the verdict, from the page and from lines
# of "SOURCE LINE COUNT"; or, with alone, only what the page has and the sources
# have not.

BEGIN {
	FS = "\t"
	quote = "`[^`]*`"
}

# unquote(CELL): the text of its first quotation, or nothing
function unquote(cell)
{
	if (!match(cell, quote))
		return ""
	return substr(cell, RSTART + 1, RLENGTH - 2)
}

# explain(ROW): note its lines, each with what it is known by
function explain(row,	cell, place, text)
{
	gsub(/\\\|/, "\001", row)
	split(row, cell, "|")
	place = unquote(cell[2]) SUBSEP unquote(cell[3]) SUBSEP
	while (match(cell[4], quote)) {
		text = unquote(cell[4])
		cell[4] = substr(cell[4], RSTART + RLENGTH)
		gsub("\001", "|", text)
		explained[place text]++
	}
}

# read(FILE): its lines, and the function that each is in
function read(file,	line, name, n)
{
	while ((getline line < (objects file)) > 0) {
		if (line ~ /^[A-Za-z_].*\(/ && line !~ /;$/) {
			name = line
			sub(/\(.*/, "", name)
			sub(/.*[ *]/, "", name)
		}
		sub(/^[ \t]+/, "", line)
		known[file, ++n] = file SUBSEP name SUBSEP line
		there[file, name, line]
	}
	close(objects file)
	seen[file]
}

# look_for(FILE): what of it did not run
function look_for(file,	n)
{
	for (n = 1; n <= last[file]; n++) {
		if (!((file, n) in ran) || ran[file, n])
			continue
		if (explained[known[file, n]] > 0) {
			explained[known[file, n]]--
			excused++
			continue
		}
		split(known[file, n], part, SUBSEP)
		missed[++misses] = sprintf("%s:%d: %s(): %s", file, n, part[2],
					   part[3])
	}
}

# look_up(): print what is explained and is not there; how many that are
function look_up(	place, part, gone)
{
	for (place in explained) {
		split(place, part, SUBSEP)
		if (!(part[1] in seen))
			read(part[1])
		if (place in there)
			continue
		printf "%s%s: %s(): %s\n", alone ? "" : "# ", part[1], part[2],
		       part[3]
		gone++
	}
	return gone + 0
}

function percent(part, whole)
{
	return whole ? 100 * part / whole : 0
}

function result(right, claim)
{
	printf "%sok %d - %s\n", right ? "" : "not ", ++results, claim
	bad += !right
}

function row(name, part, whole)
{
	printf "# %-24s %5d of %5d lines  %5.1f %%\n", name, part, whole,
	       percent(part, whole)
}

FILENAME == ARGV[1] && /^\| `[^`]*\.[ch]` \|/ {
	explain($0)
}

FILENAME == ARGV[1] {
	next
}

# Headers of the kernel are none of ours.
index($1, objects) == 1 && $1 !~ /\/\.\.\// {
	file = substr($1, length(objects) + 1)
	if (!(file in last))
		files[++count] = file
	if (!((file, $2) in ran))
		total[file]++
	if (!ran[file, $2] && $3 > 0) {
		done[file]++
		ran[file, $2] = 1
	}
	ran[file, $2] += 0
	last[file] = $2
}

END {
	if (alone)
		exit look_up() > 0
	print "TAP version 13"
	print "1..3"
	for (i = 1; i <= count; i++) {
		file = files[i]
		read(file)
		look_for(file)
		row(file, done[file], total[file])
		lines += total[file]
		good += done[file]
	}
	row("together", good, lines)
	result(100 * good >= least * lines && lines, \
	       "at least " least " % of the lines have run")
	for (i = 1; i <= misses; i++)
		print "# " missed[i]
	result(!misses, "each other line is explained, " excused + 0 " are")
	result(!look_up(), "what is explained is there")
	exit bad > 0
}
