#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016  # the backticks are those of the page
#
# What scripts/coverage makes of counters: those of a program that runs on "machines"
# with a directory each.

setup() {
	objects=$BATS_TEST_TMPDIR/objects
	page=$BATS_TEST_TMPDIR/page
	mkdir "$objects"
	program >"$objects/pick.c"
	touch "$page"
	build
}

# A hundred lines run always; of the others it depends on the argument.
program() {
	cat <<'C'
#include <stdlib.h>

static int pick(int n)
{
	if (n == 1)
		return 10;
	if (n == 2 || n == 3)
		return 20;
	n++;
	return 30;
}

int main(int argc, char **argv)
{
	int n = atoi(argv[argc - 1]);

C
	yes '	n--, n++;' | head -n 100
	printf '\treturn !pick(n);\n}\n'
}

build() {
	gcc --coverage -o "$BATS_TEST_TMPDIR/pick" "$objects/pick.c" \
		-dumpbase '' -dumpdir "$objects/"
}

# machine NAME ARGUMENT...: one on which the program runs with each
machine() {
	local argument

	for argument in "${@:2}"; do
		GCOV_PREFIX=$BATS_TEST_TMPDIR/$1 "$BATS_TEST_TMPDIR/pick" "$argument"
	done
}

# coverage MACHINE...: what it prints is then in output
coverage() {
	run "$BATS_TEST_DIRNAME/../coverage" --page "$page" "$objects" \
		"${@/#/$BATS_TEST_TMPDIR/}"
	echo "$output"
}

# ends STATUS LINE...: and it printed each of these
ends() {
	local line

	[[ $status == "$1" ]]
	for line in "${@:2}"; do
		grep -qxF -e "$line" <<<"$output" || {
			echo "no line: $line"
			return 1
		}
	done
}

@test "a line that ran on one of the machines has run" {
	machine a 1
	machine b 2
	machine c 4
	coverage a b c
	ends 0 '# pick.c                     110 of   110 lines  100.0 %' \
		'# together                   110 of   110 lines  100.0 %' \
		'ok 1 - at least 95 % of the lines have run' \
		'ok 2 - each other line is explained, 0 are'
}

@test "a line that did not run is named, and fails where it is not explained" {
	machine a 1 2
	coverage a
	ends 1 '# pick.c                     108 of   110 lines   98.2 %' \
		'# pick.c:9: pick(): n++;' '# pick.c:10: pick(): return 30;' \
		'not ok 2 - each other line is explained, 0 are'
}

@test "lines that are explained pass, also when they have moved" {
	sed -i '1i /* a line more */' "$objects/pick.c"
	build
	machine a 1
	echo '| `pick.c` | `pick` | `if (n == 2 \|\| n == 3)` `return 20;` | a |
| `pick.c` | `pick` | `n++;` | b |
| `pick.c` | `pick` | `return 30;` | c |' >"$page"
	coverage a
	ends 0 'ok 2 - each other line is explained, 4 are' \
		'ok 3 - what is explained is there'
}

@test "an explanation is for one function, and for one line" {
	sed -i 's/return 20;/return 30;/' "$objects/pick.c"
	build
	machine a 1
	echo '| `pick.c` | `pick` | `if (n == 2 \|\| n == 3)` `return 30;` | a |
| `pick.c` | `main` | `n++;` | b |' >"$page"
	coverage a
	ends 1 '# pick.c:9: pick(): n++;' '# pick.c:10: pick(): return 30;' \
		'not ok 2 - each other line is explained, 2 are' \
		'not ok 3 - what is explained is there' \
		'# pick.c: main(): n++;'
}

@test "without a run, what is explained and is not there is all that is said" {
	echo '| `pick.c` | `pick` | `return 30;` `return 40;` | a |
| `gone.c` | `pick` | `return 30;` | b |' >"$page"
	run "$BATS_TEST_DIRNAME/../coverage" --page "$page" --explained "$objects"
	ends 1 'pick.c: pick(): return 40;' 'gone.c: pick(): return 30;'
	((${#lines[@]} == 2))
	echo '| `pick.c` | `pick` | `return 30;` | a |' >"$page"
	run "$BATS_TEST_DIRNAME/../coverage" --page "$page" --explained "$objects"
	[[ $status == 0 && -z $output ]]
}

@test "too few lines fail, also where each is explained" {
	sed -i '/n--, n++;/d' "$objects/pick.c"
	build
	machine a 1
	echo '| `pick.c` | `pick` | `if (n == 2 \|\| n == 3)` `return 20;` | a |
| `pick.c` | `pick` | `n++;` `return 30;` | b |' >"$page"
	coverage a
	ends 1 'not ok 1 - at least 95 % of the lines have run' \
		'ok 2 - each other line is explained, 4 are'
}

@test "an object that no machine had counts with all its lines" {
	machine a 1 2 4
	printf 'int unused(int n)\n{\n\treturn n;\n}\n' >"$objects/other.c"
	gcc --coverage -c -o "$objects/other.o" "$objects/other.c"
	coverage a
	ends 1 '# other.c                      0 of     2 lines    0.0 %' \
		'# other.c:3: unused(): return n;'
}

@test "counters of another compilation are refused" {
	machine a 1
	sed -i '1i static int more(void) { return 1; }\nint (*const at)(void) = more;' \
		"$objects/pick.c"
	build
	coverage a
	ends 1 'coverage: the counters are of no use'
}

@test "a machine without counters is refused" {
	mkdir "$BATS_TEST_TMPDIR/a"
	coverage a
	ends 1 "coverage: $BATS_TEST_TMPDIR/a has no counters"
}
