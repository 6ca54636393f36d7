# SPDX-License-Identifier: GPL-2.0
#
# The vocabulary of vm.bats, whose setup sets out and err.
# shellcheck disable=SC2154

# vm STATUS ARGUMENT... runs the runner and states its exit status. What it
# writes goes to $out and $err. Its temporary files are the test's, so that
# the test can tell them from those of others.
vm() {
	local want=$1 status=0

	shift
	TMPDIR=$BATS_TEST_TMPDIR "$BATS_TEST_DIRNAME/run" "$@" \
		>"$out" 2>"$err" || status=$?
	status_is "$want" "$status"
}

status_is() {
	if [[ $2 != "$1" ]]; then
		printf 'exit status %s instead of %s\n' "$2" "$1"
		tail -n 60 "$out" "$err"
		return 1
	fi
}

# says FILE TEXT
says() {
	if ! grep -qF -e "$2" "$1"; then
		printf 'no "%s" in:\n' "$2"
		cat "$1"
		return 1
	fi
}

says_not() {
	if grep -F -e "$2" "$1"; then
		return 1
	fi
}

# The processes that have the test's directory on their command line.
own_processes() {
	local file program

	{ grep -lF -e "$BATS_TEST_TMPDIR" /proc/[0-9]*/cmdline 2>/dev/null || true; } |
		while read -r file; do
			IFS= read -r -d '' program 2>/dev/null <"$file" || continue
			case ${program##*/} in
			qemu* | setpriv | tail) printf '%s %s\n' "$file" "$program" ;;
			esac
		done
}

# eventually COMMAND... waits up to ten seconds for it to be true.
eventually() {
	local tries

	for ((tries = 0; tries < 100; tries++)); do
		! "$@" || return 0
		sleep 0.1
	done
	printf 'never true: %s\n' "$*"
	return 1
}

running() {
	[[ -n $(compgen -G "$BATS_TEST_TMPDIR/dmaexer-vm.*/work/config") &&
		-n $(own_processes) ]]
}

no_processes() {
	[[ -z $(own_processes) ]]
}

nothing_left() {
	if ! no_processes; then
		own_processes
		return 1
	fi
	[[ -z $(compgen -G "$BATS_TEST_TMPDIR/dmaexer-vm.*") ]]
}

# without_network COMMAND...: root needs no user namespace for that, and may have none
without_network() {
	if ((EUID)); then
		unshare --map-current-user --net "$@"
	else
		unshare --net "$@"
	fi
}

# requires FEATURE skips where the machine or the user lacks it.
requires() {
	case $1 in
	root) ((EUID == 0)) || skip "needs root" ;;
	mounts) unshare --mount true 2>/dev/null ||
		skip "needs to mount in a namespace of its own" ;;
	no-network) without_network true 2>/dev/null ||
		skip "needs a network namespace of its own" ;;
	*) printf 'unknown feature %s\n' "$1"; return 1 ;;
	esac
}

# private_cache NAME [--source]: a copy of a part of the user's cache, to be
# damaged at will
private_cache() {
	local mine=${XDG_CACHE_HOME:-$HOME/.cache}/dmaexer kind=kernel

	[[ ${2-} != --source ]] || kind=source
	[[ $1 != *-debug ]] || kind=debug
	"$BATS_TEST_DIRNAME/kernel" "$@" >/dev/null
	set -- "${1%-debug}"
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache.$BATS_TEST_NUMBER
	mkdir -p "$XDG_CACHE_HOME/dmaexer"
	cp -a "$mine/$kind-$1" "$(realpath "$mine/$kind-$1")" "$mine/apt" \
		"$XDG_CACHE_HOME/dmaexer"
}
