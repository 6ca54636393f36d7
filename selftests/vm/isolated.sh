# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# A part of selftests/vm/run, whose variables these functions use: a machine
# without PCI, that cannot see this one's files. What its command needs goes
# into its initramfs; what that wrote comes through a serial port when it is
# done, as a tar file in base64, followed by the line with the status.

# Adds to the initramfs: the programs, without what only a compiler reads, the
# files to --pack, and what init would have found in /work.
pack_root() {
	local root=$tmp/pack/newroot path

	mkdir -p "$root$PWD" "$tmp/pack/work"
	tar -c -C "$sysroot" --exclude=./usr/include --exclude='*.[ao]' \
		--exclude=gconv --exclude=./usr/share/i18n --exclude='*perl*' . |
		tar -x -C "$root" --keep-directory-symlink
	for path in "${packed[@]}"; do
		cp -rL --parents -t "$root" "$(realpath -s "$path")" ||
			fail "--pack: cannot copy $path" 2
	done
	cp "$tmp"/work/{config,command} "$tmp/pack/work"
	{
		cat "$initramfs"
		(cd "$tmp/pack" && find . | cpio --quiet -o -H newc -R 0:0)
	} >"$tmp/initrd"
	rm -rf "$tmp/pack"
	initramfs=$tmp/initrd
}

# Writes the line with the status to standard output, once the parcel has it.
receive_parcel() {
	exec grep -a -m 1 "^$token " < <(tee /dev/fd/3 3>&1 >"$tmp/parcel")
}

# Into the files as they are, because they are being followed.
open_parcel() {
	sed "/^$token /,\$d" "$tmp/parcel" | base64 -di |
		tar -x -C "$tmp/work" --overwrite ||
		note "what the guest wrote is not complete"
}
