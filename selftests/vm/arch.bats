#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What selftests/vm/run promises for kernels of other architectures. The host
# needs what scripts/need matrix installs.

load helper

setup() {
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
	top=$BATS_TEST_DIRNAME/../..
}

# proves KERNEL MACHINE [OPTION]...: the release, the processor, both outputs
# and the exit status are the guest's, and its modules are found.
proves() {
	# shellcheck disable=SC2016  # expanded in the guest
	vm 7 --kernel "$1" "${@:3}" -- bash -c 'uname -r; uname -m
		echo "to standard error" >&2
		modprobe dummy && test -d /sys/module/dummy && exit 7'
	[[ $(<"$out") == "$(<"$("$BATS_TEST_DIRNAME/kernel" "$1")/release")
$2" ]]
	says "$err" "to standard error"
	nothing_left
}

@test "6.12-arm64 boots and proves what its command did" {
	proves 6.12-arm64 aarch64
}

@test "6.1-arm64 boots and proves what its command did" {
	proves 6.1-arm64 aarch64
}

@test "6.12-arm64-16k has pages of 16 KiB" {
	proves 6.12-arm64-16k aarch64
	vm 0 --kernel 6.12-arm64-16k -- getconf PAGESIZE
	[[ $(<"$out") == 16384 ]]
}

@test "6.1-i386 has words of 32 bits and memory above them" {
	proves 6.1-i386 i686 --memory 5120
	vm 0 --kernel 6.1-i386 --memory 5120 -- \
		sh -c 'getconf LONG_BIT; cat /proc/meminfo'
	[[ $(head -n 1 "$out") == 32 ]]
	(($(awk '/^MemTotal/ { print $2 }' "$out") > 4194304))
}

@test "the command and the module run on each" {
	local name arch dir module

	for name in 6.12-arm64 6.1-arm64 6.12-arm64-16k 6.1-i386; do
		arch=${name#*-}
		arch=${arch%-16k}
		dir=$("$top/scripts/cross" "$arch")
		module=$("$top/scripts/module" \
			"$("$BATS_TEST_DIRNAME/kernel" "$name")/build")
		vm 0 --kernel "$name" -- sh -ec "DMAEXER_KO=$module $top/selftests/load
			$dir/dmaexer version; $dir/dmaexer dev add"
		says "$out" "module: $(sed -n 's/^command: //p' "$out")"
		says "$out" "name: dmaexer."
	done
}

@test "the guest's programs are its own, writes to them stay, --share works" {
	mkdir "$BATS_TEST_TMPDIR/shared"
	vm 0 --kernel 6.12-arm64 --share "$BATS_TEST_TMPDIR/shared" -- sh -ec "
		echo x >/usr/dmaexer-vm-was-here; echo x >/etc/hostname
		id -un; awk 'BEGIN { print \"awk\" }'; printf 'a b' | sed s/a/c/
		echo guest >$BATS_TEST_TMPDIR/shared/file"
	[[ $(<"$out") == $'root\nawk\nc b' ]]
	[[ $(<"$BATS_TEST_TMPDIR/shared/file") == guest ]]
	[[ ! -e $("$BATS_TEST_DIRNAME/sysroot" arm64)/usr/dmaexer-vm-was-here ]]
}

@test "a directory below /usr is seen in place of the guest's own" {
	requires root
	local dir

	dir=$(mktemp -d /usr/src/dmaexer-vm-test.XXXXXX)
	echo here >"$dir/file"
	cd "$dir"
	vm 0 --kernel 6.12-arm64 -- cat file
	rm -r "$dir"
	[[ $(<"$out") == here ]]
}

@test "a panic of another architecture fails the run and is shown" {
	vm 125 --kernel 6.12-arm64 -- sh -c 'echo c >/proc/sysrq-trigger'
	says "$err" "Kernel panic - not syncing: sysrq triggered crash"
	vm 123 --kernel 6.1-i386 -- sh -c \
		'echo "<4>WARNING: CPU: 0 it broke" >/dev/kmsg'
	says "$err" "WARNING: CPU: 0 it broke"
}

@test "--dt-overlay makes devices, behind the SMMU and not" {
	# shellcheck disable=SC2016  # expanded in the guest
	vm 0 --kernel 6.12-arm64 --machine virt,iommu=smmuv3 \
		--dt-overlay "$BATS_TEST_DIRNAME/exerciser.dtso" -- sh -ec '
		cd /sys/bus/platform/devices
		for device in *exer-[a-j]-*; do echo "${device#*:}"; done
		ls /sys/class/iommu
		cat exer-d-smmu-co/of_node/compatible | tr -d "\0"'
	[[ $(sort "$out" | grep -c '^exer-[a-j]-') == 10 ]]
	says "$out" "exer-j-nonco"
	says "$out" "smmu3.0x"
	says "$out" "dmaexer,exerciser"
}

# A pool that no mask reaches, and that begins at an odd page: known deviations,
# so no scenario fails, and what needs more than the pool has is skipped.
@test "a pool of the device's own deviates, and no scenario turns red" {
	local dir module

	dir=$("$top/scripts/cross" arm64)
	module=$("$top/scripts/module" \
		"$("$BATS_TEST_DIRNAME/kernel" 6.12-arm64)/build")
	vm 0 --kernel 6.12-arm64 --memory 5120 \
		--dt-overlay "$BATS_TEST_DIRNAME/pool.dtso" -- sh -ec "
		DMAEXER_KO=$module $top/selftests/load
		$dir/dmaexer run --quiet --device pool-high-odd
		$dir/dmaexer buf new pool-high-odd --size 64k
		! $dir/dmaexer buf new pool-high-odd --size 1M"
	says "$out" "fail:0"
	says "$out" "many-buffers # SKIP the device has a pool of its own"
	says "$out" "audit.mask: deviation (a pool of the device's own"
	says "$out" "audit.alignment: deviation (a pool of the device's own"
	says "$err" "the pool of pool-high-odd has no 1048576 bytes in a row"
}

@test "--dt-delete takes a property away" {
	vm 0 --kernel 6.12-arm64 -- \
		test -e /proc/device-tree/pcie@10000000/dma-coherent
	vm 1 --kernel 6.12-arm64 --dt-delete /pcie@10000000/dma-coherent -- \
		test -e /proc/device-tree/pcie@10000000/dma-coherent
}

@test "what does not fit the machine is refused with its reason" {
	vm 2 --kernel 6.12-arm64 \
		--dt-overlay "$BATS_TEST_DIRNAME/exerciser.dtso" -- true
	says "$err" "does not apply to the device tree of virt"
	vm 2 --kernel 6.12-arm64 --dt-delete /nowhere/reg -- true
	says "$err" "has no /nowhere/reg"
	vm 2 --kernel 6.12 --dt-delete /pcie@10000000/reg -- true
	says "$err" "q35 has no device tree"
	vm 2 --kernel 6.12-arm64 --machine raspi3b --share /tmp -- true
	says "$err" "raspi3b has no way to --share"
	vm 2 --kernel 6.12-riscv64 -- true
	says "$err" "'6.12-riscv64' is none of 6.1 6.12"
}

@test "raspi3b runs what is packed, on the channels of its DMA controller" {
	printf 'packed\n' >"$BATS_TEST_TMPDIR/file"
	vm 7 --kernel 6.12-arm64 --machine raspi3b --timeout 200 \
		--pack "$BATS_TEST_TMPDIR/file" -- sh -c "
		cat $BATS_TEST_TMPDIR/file /proc/device-tree/model
		ls /sys/class/dma; echo error >&2; exit 7"
	says "$out" packed
	says "$out" "Raspberry Pi 3"
	says "$out" dma0chan0
	[[ $(<"$err") == error ]]
	nothing_left
}

@test "raspi3b's outputs are exact to the byte, its complaints are found" {
	head -c 300001 /dev/urandom >"$BATS_TEST_TMPDIR/a"
	vm 123 --kernel 6.12-arm64 --machine raspi3b --timeout 200 \
		--pack "$BATS_TEST_TMPDIR/a" -- sh -c "
		cat $BATS_TEST_TMPDIR/a
		echo '<4>WARNING: CPU: 0 it broke' >/dev/kmsg"
	cmp "$out" "$BATS_TEST_TMPDIR/a"
	says "$err" "WARNING: CPU: 0 it broke"
}

@test "raspi3b fails where it panics, and where the time is up" {
	vm 125 --kernel 6.12-arm64 --machine raspi3b --timeout 200 -- \
		sh -c 'echo c >/proc/sysrq-trigger'
	says "$err" "Kernel panic - not syncing: sysrq triggered crash"
	vm 124 --kernel 6.12-arm64 --machine raspi3b --timeout 10 -- sleep 1000
	nothing_left
}

@test "a damaged sysroot is fetched again" {
	local dir mine=${XDG_CACHE_HOME:-$HOME/.cache}/dmaexer

	"$BATS_TEST_DIRNAME/sysroot" i386 >/dev/null
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	mkdir -p "$XDG_CACHE_HOME/dmaexer"
	cp -a "$mine/sysroot-i386" "$(realpath "$mine/sysroot-i386")" "$mine/apt" \
		"$XDG_CACHE_HOME/dmaexer"
	dir=$("$BATS_TEST_DIRNAME/sysroot" i386)
	[[ $dir == "$XDG_CACHE_HOME"/* ]]
	rm -r "$dir/usr/sbin"
	[[ $("$BATS_TEST_DIRNAME/sysroot" i386) == "$dir" ]]
	[[ -d $dir/usr/sbin ]]
}
