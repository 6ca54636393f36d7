#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2016  # expanded in the guest
#
# What scripts/need does on the machine of a newcomer: one in QEMU, with this
# one's files, where a package is missing that an archive of two packages has.

setup_file() {
	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	export top repo=$BATS_FILE_TMPDIR/repo
	mkdir "$repo"
	(cd "$repo" && apt-get -qq -o APT::Sandbox::User= download xxd sudo)
	index >"$repo/Packages"
}

# The index of an archive, as dpkg-scanpackages makes it.
index() {
	local deb

	for deb in "$repo"/*.deb; do
		dpkg-deb -f "$deb"
		printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" \
			"$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -c1-64)"
	done
}

# newcomer COMMANDS: what a user without rights sees, where xxd is missing.
newcomer() {
	"$top/selftests/vm/run" --timeout 600 --env repo --env top -- \
		bash -ec '
		rm -rf /etc/apt/sources.list* /var/lib/apt/lists/* \
			/etc/apt/apt.conf.d/* /usr/bin/mandb
		echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/guest
		echo "deb [trusted=yes] file:$repo ./" >/etc/apt/sources.list
		dpkg --remove --force-depends xxd >/dev/null
		useradd --create-home newcomer
		as_newcomer() {
			runuser -u newcomer -- "$@" </dev/null
		}
		need=$top/scripts/need'"$1" >"$BATS_TEST_TMPDIR/out" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/out"
		return 1
	}
}

says() {
	grep -qF -e "$1" "$BATS_TEST_TMPDIR/out" || {
		printf 'no "%s" in:\n' "$1"
		cat "$BATS_TEST_TMPDIR/out"
		return 1
	}
}

@test "without root and sudo it names the command to run, and changes nothing" {
	newcomer '
		dpkg --purge --force-depends sudo >/dev/null 2>&1
		status=0
		as_newcomer "$need" check || status=$?
		((status == 1))
		! command -v xxd'
	says "need: run as root: apt-get install --no-install-recommends xxd"
}

# Nothing but apt-get may be run as root: anything else would ask for a password.
@test "through sudo it installs what is missing, by apt-get alone, once" {
	newcomer '
		dpkg --install "$repo"/sudo_*.deb >/dev/null
		echo "newcomer ALL = NOPASSWD: /usr/bin/env" \
			"DEBIAN_FRONTEND=noninteractive timeout [0-9]* apt-get *" \
			>/etc/sudoers.d/newcomer
		as_newcomer "$need" check
		as_newcomer xxd -v
		echo second >&2
		[[ -z $(as_newcomer "$need" check 2>&1) ]]'
	says "need: installing xxd"
}
