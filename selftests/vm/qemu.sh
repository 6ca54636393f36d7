# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# A part of selftests/vm/run, whose variables these functions use: which QEMU
# runs a kernel, with which options.

# Sets what follows from the kernel's architecture and the machine. The newest
# processor is good for amd64 alone: QEMU takes long to emulate the pointer
# authentication of arm64's, and no Linux for 32 bits starts on the other. The
# one for arm64 here also has pages of 16 KiB. A PC's kernel panics where the timer
# does not tick in time, as on a busy host; on KVM it does not look either.
choose_machine() {
	local stock

	patience=''
	case $arch in
	amd64) emulator=qemu-system-x86_64 stock=q35 cpu=max console=ttyS0 ;;
	i386) emulator=qemu-system-x86_64 stock=q35 cpu=qemu64 console=ttyS0 ;;
	arm64)
		emulator=qemu-system-aarch64 stock=virt
		cpu=cortex-a76 console=ttyAMA0
		;;
	*) fail "no idea how to boot a kernel for $arch" 2 ;;
	esac
	[[ $stock != q35 ]] || patience=no_timer_check
	machine=${machine:-$stock}
	isolated=''
	[[ $arch:$machine == arm64:raspi3b ]] || return 0
	# The board has neither more nor less of these.
	cpu='' memory=1024 smp=4
	console=ttyS1,115200 isolated=/dev/ttyAMA0
	((${#shares[@]} == 0)) || fail "$machine has no way to --share" 2
}

# export_directory TAG DIRECTORY [OPTIONS]
export_directory() {
	qemu+=(-virtfs "local,path=${2//,/,,},mount_tag=$1,security_model=none,multidevs=remap${3-}")
}

# machine_options [SUFFIX]: what QEMU makes a device tree from
machine_options() {
	qemu=("$emulator" -no-user-config -nodefaults -no-reboot
		-display none -machine "$machine${1-}" ${cpu:+-cpu "$cpu"}
		-m "$memory" -smp "$smp")
}

# The user's devices come first: an IOMMU has to, and edu's address is then
# the same in every run. Programs at random addresses are no use to a test, and
# the emulator translates them again in every process, which takes three times
# as long to start one. What else the emulated machine lacks are features that make
# a processor fast or safe, and an emulated one slow: strings that it moves by the
# byte, detours around each pointer to a function or to a user's memory, a deeper
# page table, and registers to save at each switch. The kernel that watches the
# module has the machine watch for a user's memory, too.
qemu_command() {
	local device i emulated='norandmaps mitigations=off'

	if [[ $accel != kvm && $cpu == max ]]; then
		cpu=max,-erms,-la57,-avx,-avx2,-xsave
		[[ $release == *-debug ]] || cpu+=,-smap
	fi
	case $accel in
	kvm)
		machine_options ,kernel-irqchip=split && qemu+=(-accel kvm)
		emulated=''
		;;
	tcg) machine_options && qemu+=(-accel "tcg,thread=single") ;;
	mttcg) machine_options && qemu+=(-accel "tcg,thread=multi") ;;
	esac
	for i in "${!drives[@]}"; do
		qemu+=(-drive "if=none,id=drive$i,format=raw,file=${drives[i]//,/,,}")
	done
	for device in "${devices[@]}"; do
		qemu+=(-device "$device")
	done
	# QEMU's standard output is the pipe that a status is awaited from.
	qemu+=(-chardev "file,id=console,path=$tmp/console"
		-chardev "file,id=status,path=/dev/fd/1,append=on")
	if [[ -n $isolated ]]; then
		qemu+=(-serial chardev:status -serial chardev:console)
	else
		qemu+=(-serial chardev:console -device virtio-serial-pci
			-device "virtserialport,chardev=status,name=status")
		export_directory host / ,readonly=on
		export_directory work "$tmp/work"
		for i in "${!shares[@]}"; do
			export_directory "share$i" "${shares[i]}"
		done
	fi
	[[ ! -e $tmp/dtb ]] || qemu+=(-dtb "$tmp/dtb")
	qemu+=(-kernel "$kernel/vmlinuz" -initrd "$initramfs"
		-append "console=$console loglevel=5 panic=-1 printk.devkmsg=on \
cryptomgr.notests log_buf_len=1M $patience $emulated ${append[*]}")
}

# Before 8.1, QEMU's threads may run an instruction that the kernel has just
# patched away: about one guest in a hundred died of an int3 that was not there.
emulation() {
	local version

	version=$("$emulator" --version | sed -n 's/.* version \([0-9.]*\).*/\1/p')
	if printf '%s\n' 8.1 "$version" | sort -C -V; then
		printf 'mttcg\n'
	else
		printf 'tcg\n'
	fi
}

# A node is no proof: only a guest that runs to its end is. What was found
# holds until the next boot of the host.
choose_accelerator() {
	local known boot works=no

	[[ -z $accel ]] || return 0
	accel=$(emulation)
	[[ -w /dev/kvm && $emulator == *-"$(uname -m)" ]] || return 0
	known=${XDG_CACHE_HOME:-$HOME/.cache}/dmaexer/kvm-$release
	boot=$(</proc/sys/kernel/random/boot_id)
	if [[ $(cat "$known" 2>/dev/null) != "$boot "* ]]; then
		"$0" --kernel "$kernel" --accel kvm --timeout "$probe_seconds" \
			-- true >/dev/null 2>&1 &
		pids=($!)
		wait "${pids[0]}" && works=yes || works=no
		pids=()
		mkdir -p "${known%/*}"
		printf '%s %s\n' "$boot" "$works" >"$known.$$"
		mv "$known.$$" "$known"
	fi
	read -r _ works <"$known"
	[[ $works != yes ]] || accel=kvm
}

base_tree() {
	if [[ -n $isolated ]]; then
		cp "$kernel/dtbs/broadcom/bcm2837-rpi-3-b.dtb" "$tmp/dtb" &&
			free_port /soc/serial@7e201000 /clocks/clk-osc
	else
		machine_options ",dumpdtb=${tmp//,/,,}/dtb"
		"${qemu[@]}"
	fi >"$tmp/dt-error" 2>&1 && [[ -e $tmp/dtb ]] && return
	cat "$tmp/dt-error" >&2
	fail "no device tree of $machine"
}

# The board has a Bluetooth chip at the port that the status takes, and QEMU
# lacks the clock that the port is fed from.
free_port() {
	local clock

	clock=$(fdtget -t x "$tmp/dtb" "$2" phandle) &&
		fdtput -r "$tmp/dtb" "$1/bluetooth" &&
		fdtput -t x "$tmp/dtb" "$1" clocks "$clock" "$clock"
}

# QEMU's tree has no labels: an overlay may say &smmu.
add_symbols() {
	local node

	for node in $(fdtget -l "$tmp/dtb" /); do
		[[ $node != smmuv3@* ]] ||
			fdtput -p -t s "$tmp/dtb" /__symbols__ smmu "/$node"
	done
}

# Puts the machine's device tree, changed as the caller asks, into $tmp/dtb,
# if it has to be given to QEMU at all.
device_tree() {
	local property file

	((${#overlays[@]} + ${#dt_deleted[@]})) || [[ -n $isolated ]] || return 0
	[[ $arch == arm64 ]] || fail "$machine has no device tree" 2
	command -v fdtoverlay >/dev/null || fail "needs device-tree-compiler"
	base_tree
	add_symbols
	for property in "${dt_deleted[@]}"; do
		fdtput -d "$tmp/dtb" "${property%/*}" "${property##*/}" \
			2>/dev/null ||
			fail "the device tree of $machine has no $property" 2
	done
	for file in "${overlays[@]}"; do
		if ! dtc -q -@ -I dts -O dtb -o "$tmp/dtbo" "$file" >&2 ||
			! fdtoverlay -i "$tmp/dtb" -o "$tmp/dtb.new" "$tmp/dtbo" >&2; then
			fail "$file does not apply to the device tree of $machine" 2
		fi
		mv "$tmp/dtb.new" "$tmp/dtb"
	done
}
