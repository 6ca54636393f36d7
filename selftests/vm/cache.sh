# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What selftests/vm/kernel and selftests/vm/sysroot have in common: Debian's
# packages of any architecture, unpacked in the user's cache. Nothing is
# installed and no root is needed.
#
# Who sources this sets kind and name, and defines
#
#   resolve        sets entry to the directory of what the archive has now
#   make_entry DIR fills it
#   is_wanted DIR  whether an entry has all that is wanted today
#   entries        prints the directories of this and of superseded ones
#
# and kind is debug where that takes so long that nobody else is to wait for it.

export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dmaexer

readonly fresh_minutes=1440	# how long an answer of the archive is believed
readonly fetch_seconds=900	# for one run of apt
readonly lock_seconds=1800	# for somebody else's download to end

note() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
}

fail() {
	note "$1"
	exit "${2:-1}"
}

# apt with the machine's own sources, keys and proxies, but a state of its own
# for each architecture, which an ordinary user may write. The file is read
# after the machine's configuration, so that it can drop hooks meant for the
# system's lists.
apt_setup() {
	local state=$cache/apt/$1

	mkdir -p "$state/lists/partial" "$state/archives/partial"
	: >"$state/status"
	cat >"$state/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
#clear APT::Architectures;
APT::Architecture "$1";
APT::Architectures:: "$1";
APT::Sandbox::User "";
Dir::State "$state";
Dir::State::lists "lists";
Dir::State::status "$state/status";
Dir::State::extended_states "$state/extended_states";
Dir::Cache "$state";
Dir::Cache::archives "archives";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
CONF
}

# apt_get ARCH ARGUMENT...
apt_get() {
	timeout "$fetch_seconds" apt-get -c "$cache/apt/$1/apt.conf" -qq "${@:2}"
}

apt_cache() {
	apt-cache -c "$cache/apt/$1/apt.conf" "${@:2}" 2>/dev/null
}

# True if FILE, or the link of that name itself, is younger than a day.
is_fresh() {
	[[ -n $(find "$1" -maxdepth 0 -mmin "-$fresh_minutes" 2>/dev/null) ]]
}

# apt_ready ARCH: a source of the machine that fails is none of our business
# as long as the packages are found: so a failed update is only worth a note.
apt_ready() {
	local stamp=$cache/apt/$1/updated

	apt_setup "$1"
	! is_fresh "$stamp" || return 0
	if apt_get "$1" update >&2; then
		touch "$stamp"
	else
		note "the package lists of $1 could not be updated"
	fi
}

# depends ARCH PACKAGE
depends() {
	apt_cache "$1" depends "$2" | sed -n 's/^[ |]*Depends: //p'
}

# candidate ARCH PACKAGE
candidate() {
	apt_cache "$1" show --no-all-versions "$2" | sed -n 's/^Version: //p'
}

list_files() {
	(cd "$1" && find . -type f ! -path './.complete*' ! -path './.manifest' \
		-printf '%s %p\n' | sort)
}

# The checksums cover one file and the list of files; the list covers the
# rest by name and size, which finds whatever an interrupted rm leaves.
seal() {
	list_files "$1" >"$1/.manifest"
	(cd "$1" && sha256sum "$2" .manifest >.complete.new &&
		mv .complete.new .complete)
}

# What was added since, such as Python's caches, does no harm.
is_whole() {
	[[ -f $1/.complete ]] && is_wanted "$1" &&
		(cd "$1" && sha256sum --status -c .complete 2>/dev/null) &&
		[[ -z $(list_files "$1" | comm -13 - "$1/.manifest") ]]
}

# fetch DIR ARCH PACKAGE...
fetch() {
	mkdir -p "$1"
	note "fetching ${*:3}"
	(cd "$1" && apt_get "$2" download "${@:3}" >&2)
}

# unpack FROM TO: a directory's packages. A link to a directory in TO stays
# one, though a package has a directory there.
unpack() {
	local deb

	mkdir -p "$2"
	for deb in "$1"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$2" --keep-directory-symlink || return 1
	done
	rm -rf "$1"
}

# Entries other than KEEP go, unless a run holds one's lock.
prune() {
	local keep=$1 old

	entries | while read -r old; do
		[[ -d $old && ! -L $old && $old != "$keep" ]] || continue
		case $old in
		*.new) rm -rf "$old" ;;
		*) if [[ ! -e $old/.complete ]] ||
			flock -n "$old/.complete" true; then
			rm -rf "$old"
		fi ;;
		esac
	done
}

# Everything is done beside the entry's final name, which therefore only ever
# names a whole one.
build_entry() {
	rm -rf "$entry" "$entry.new"
	mkdir -p "$entry.new"
	make_entry "$entry.new" || return 1
	mv -T "$entry.new" "$entry"
}

# The archive may have replaced the package since the lists were fetched.
obtain() {
	local try

	entry=''
	for try in 1 2; do
		resolve || return 1
		if is_whole "$entry" || build_entry; then
			ln -sfn "${entry##*/}" "$current"
			prune "$entry"
			return 0
		fi
		((try == 2)) || rm -f "$cache"/apt/*/updated
	done
	return 1
}

print_current() {
	(cd -P "$current" && pwd)
}

# shared COMMAND...: with the lock that who downloads has, also where it is not
# held all the time: apt's state is everybody's.
shared() {
	if [[ $lock == "$cache/lock" ]]; then
		"$@"
	else
		(flock -w "$lock_seconds" 8 && "$@") 8>"$cache/lock"
	fi
}

# Prints the directory of what kind and name say, making it if need be.
provide() {
	current=$cache/$kind-$name
	mkdir -p "$cache"
	if is_fresh "$current" && is_whole "$current"; then
		print_current
		return
	fi
	lock=$cache/lock
	[[ $kind != debug ]] || lock+=-debug
	exec 9>"$lock"
	flock -w "$lock_seconds" 9 || fail "$lock is held for too long"
	if ! obtain; then
		is_whole "$current" || fail "no $kind $name from the archive, \
and none in $cache"
		note "no answer from the archive: the cached $name serves"
	fi
	print_current
}
