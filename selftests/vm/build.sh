# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# A part of selftests/vm/kernel, whose variables these functions use: builds a
# kernel from Debian's source with the options of debug.config. This file and
# that are the recipe; a kernel made by another recipe is made again.

recipe() {
	cat "$here/debug.config" "$here/build.sh" | sha256sum | cut -c1-16
}

need_tools() {
	local tool

	for tool in gcc make bc bison flex; do
		command -v "$tool" >/dev/null ||
			fail "a build needs $tool; scripts/need debug installs it"
	done
}

# All of it is twice as much. By kind of file, not by directory: each Kconfig is
# read, whatever the architecture and the driver.
unpack_tree() {
	local package=$1

	source_archive "$work" "$package" |
		tar -x -C "$work" \
			--exclude="$package/arch/[!x]*/*.[chS]" \
			--exclude="$package/arch/[!x]*/*.dts*" \
			--exclude="$package/drivers/gpu/drm/amd/*.[ch]" \
			--exclude="$package/sound/*.c" \
			--exclude="$package/tools/perf/*" \
			--exclude="$package/tools/testing/*.[ch]" &&
		mv "$work/$package" "$work/source" &&
		rm -rf "$work/debs"
}

# kbuild ARGUMENT...: the same recipe gives the same bytes.
kbuild() {
	KBUILD_BUILD_TIMESTAMP=1970-01-01 KBUILD_BUILD_USER=dmaexer \
		KBUILD_BUILD_HOST=dmaexer \
		make -s -C "$work/source" O="$work/objects" "$@"
}

# The lines of debug.config that a configuration contradicts. What is not set
# need not be mentioned.
dropped_options() {
	awk '
	NR == FNR { has[$0]; if (/^CONFIG_/) set[substr($0, 1, index($0, "=") - 1)] }
	NR == FNR { next }
	/^CONFIG_/ && !($0 in has)
	/^# CONFIG_.* is not set$/ && $2 in set' "$1" "$here/debug.config"
}

# An option whose conditions are not met is dropped without a word.
configure() {
	mkdir "$work/objects" &&
		kbuild KCONFIG_ALLCONFIG="$here/debug.config" allnoconfig >&2 ||
		return 1
	dropped_options "$work/objects/.config" >"$work/dropped"
	[[ ! -s $work/dropped ]] || {
		note "Kconfig drops, for want of what they depend on:"
		sed 's/^/  /' "$work/dropped" >&2
		return 1
	}
}

# There are no modules, but without that target no Module.symvers either.
compile() {
	kbuild -j"$(nproc)" bzImage modules >&2
}

# modules/ tells modprobe what is built in.
install_kernel() {
	local dir=$1 objects=$work/objects release

	# shellcheck disable=SC2016  # make expands it, not the shell
	local installer='$(srctree)/scripts/package/install-extmod-build'

	release=$(kbuild kernelrelease) &&
		printf '%s\n' "$release" >"$dir/release" &&
		printf '%s\n' "$arch" >"$dir/arch" &&
		cp "$objects/arch/x86/boot/bzImage" "$dir/vmlinuz" &&
		cp "$objects/.config" "$dir/config" &&
		kbuild run-command KBUILD_RUN_COMMAND="$installer $dir/build" &&
		kbuild INSTALL_MOD_PATH="$dir/tree" modules_install &&
		ln -s "tree/lib/modules/$release" "$dir/modules" &&
		rm -f "$dir/modules/build" "$dir/modules/source" &&
		ln -s ../../../../build "$dir/modules/build" &&
		depmod -b "$dir/tree" "$release"
}

# build_kernel DIR: what fails here fails again, so no other kernel serves in
# its place.
build_kernel() {
	local package=linux-source-$series work=$1/work

	need_tools
	shared fetch "$work/debs" amd64 "$package" &&
		unpack_tree "$package" || return 1
	note "building the kernel, which takes ten minutes"
	if configure && compile && install_kernel "$1" >&2; then
		rm -rf "$work"
		return
	fi
	rm -rf "$1"
	fail "$package could not be built"
}
