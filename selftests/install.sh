#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "make install" and then "modprobe dmaexer": what a user does. It needs the
# project's top directory and the running kernel's headers, and writes to this
# machine, so it runs only where it is told to, as in a virtual machine. What is
# in /lib/modules, it neither sees nor changes.

# Tests are called by name.
# shellcheck disable=SC2317

# shellcheck source=lib.sh
. "$(dirname "$(realpath "$0")")/lib.sh"

top=$here/..

cleanup() {
	:
}

# depmod reads all modules there are, which takes minutes by emulation: in the
# mount namespace of this program, there are none but those that it installs.
hide_modules() {
	local modules headers

	modules=/lib/modules/$(uname -r)
	headers=$(realpath "$modules/build")
	cp "$modules"/modules.{order,builtin,builtin.modinfo} "$work" &&
		ln -s "$headers" "$work/build" &&
		mount --bind "$work" "$modules"
}

make_install() {
	make -C "$top" install || die "make install"
}

modprobe_loads() {
	! is_loaded || unload
	modprobe dmaexer || die "modprobe"
	[[ $(devices) == dmaexer.0 ]] || die "devices: $(devices)"
	modinfo dmaexer | grep -q "^filename:.*/$(uname -r)/" ||
		die "it is not of this kernel"
}

modprobe_takes_parameters() {
	modprobe -r dmaexer || die "modprobe -r"
	modprobe dmaexer devices=3 || die "modprobe"
	(($(devices | wc -l) == 3)) || die "devices: $(devices)"
}

the_command_is_in_path() {
	local command

	command=$(command -v dmaexer) || die "no dmaexer in $PATH"
	[[ $("$command" dev list) == *dmaexer.0* ]] || die "dev list"
	"$command" run --list | grep -q masks || die "no scenarios installed"
	"$command" run zeroed || die "a shipped scenario fails"
	# what comes next finds the module as it is by default
	modprobe -r dmaexer
}

need_root
[[ -n ${DMAEXER_TEST_INSTALL-} ]] ||
	skip_all "installs on this machine; DMAEXER_TEST_INSTALL=1 runs it"
[[ -e $top/Makefile ]] || skip_all "needs the project's Makefile"
[[ -d /lib/modules/$(uname -r)/build ]] || skip_all "needs the kernel's headers"
[[ -n ${DMAEXER_TEST_NAMESPACE-} ]] ||
	DMAEXER_TEST_NAMESPACE=1 exec unshare --mount "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hide_modules || skip_all "cannot hide the modules that are there"
run_tests \
	"make_install make install succeeds" \
	"modprobe_loads modprobe loads the module of this kernel" \
	"modprobe_takes_parameters modprobe takes parameters" \
	"the_command_is_in_path the command and its scenarios are found"
