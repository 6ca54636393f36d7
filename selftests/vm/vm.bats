#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# What selftests/vm/run and selftests/vm/kernel promise.

load helper

setup() {
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
	guest=$BATS_FILE_TMPDIR/guest
}

# A boot takes long where it is emulated. This one answers the tests below that
# look at what is in $guest.
setup_file() {
	local guest=$BATS_FILE_TMPDIR/guest

	export odd=$'a b\'c"d\n$e\\f*'
	mkdir -p "$guest"/{own,shared,"$odd"}
	head -c 1048576 /dev/urandom >"$guest/a"
	head -c 300001 /dev/urandom >"$guest/b"
	printf 'host\n' | tee "$guest"/{own,shared}/old >/dev/null
	cd "$guest/$odd" || return
	TMPDIR=$guest "$BATS_TEST_DIRNAME/run" --timeout 120 --env guest="$guest" \
		--env odd --env "two=$odd" --share "$guest/shared" \
		--log "$guest/log" --append loglevel=3 --append init_on_alloc=0 \
		--memory 512 --smp 1 -- bash "$BATS_TEST_DIRNAME/in-guest" \
		"$odd" '' >"$guest/out" 2>"$guest/err" || echo "$?" >"$guest/status"
}

# 7 is the end of in-guest: all of it ran.
guest_ran() {
	[[ $(<"$guest/status") == 7 ]] || {
		cat "$guest"/{status,log}
		return 1
	}
}

@test "exit status 0 comes through, and nothing else is written" {
	vm 0 -- true
	[[ ! -s $out && ! -s $err ]]
	nothing_left
}

@test "the exit statuses 7 and 127 come through" {
	guest_ran
	vm 127 -- no-such-command
}

@test "standard output and standard error are exact to the byte" {
	guest_ran
	cmp "$guest/out" "$guest/a"
	cmp "$guest/err" "$guest/b"
}

@test "arguments, the directory and --env reach the command unchanged" {
	guest_ran
	printf '%s\0' "$odd" '' "$guest/$odd" "$odd" "$odd" /root |
		cmp - "$guest/shared/words"
}

@test "the guest's writes stay in the guest, save those to --share" {
	guest_ran
	[[ $(<"$guest/shared/seen") == guest ]]
	[[ $(<"$guest/own/old") == host ]]
	[[ ! -e $guest/own/new && ! -e /etc/dmaexer-vm-was-here ]]
	[[ $(cat "$guest"/shared/{old,new}) == $'guest\nguest' ]]
}

@test "the guest has its file systems, a loopback interface and empty directories" {
	guest_ran
	[[ $(<"$guest/shared/files") == $'0x9\n/dev/shm:\n\n/run:' ]]
}

@test "--append has the last word, --memory and --smp count" {
	guest_ran
	[[ $(head -n 2 "$guest/shared/machine") == $'3\n1' ]]
	(($(awk '/^MemTotal/ { print $2 }' "$guest/shared/machine") < 524288))
}

@test "programs lie at random addresses only where that costs no time" {
	local wanted=2

	guest_ran
	! grep -q 'QEMU TCG' "$guest/shared/layout" || wanted=0
	[[ $(head -n 1 "$guest/shared/layout") == "$wanted" ]]
}

@test "the kernel finds modules by itself" {
	guest_ran
	[[ -e $guest/shared/module ]]
}

@test "--log keeps the console's output and the whole log" {
	guest_ran
	says "$guest/log" "Linux version"
	says "$guest/log" "a line"
}

@test "what the command leaves running is killed, and does not hold the run" {
	guest_ran
	[[ -e $guest/shared/left ]]
}

@test "output arrives while the command runs" {
	local line

	exec {pipe}< <(TMPDIR=$BATS_TEST_TMPDIR "$BATS_TEST_DIRNAME/run" \
		--timeout 60 -- sh -c 'echo first; sleep 1000' 2>/dev/null)
	read -r -t 40 line <&"$pipe"
	[[ $line == first ]]
	[[ -n $(own_processes) ]]
	exec {pipe}<&-
	kill "$!"
	eventually nothing_left
}

@test "each series boots its own release, finds its modules, and loads one that is built" {
	local dir=$BATS_TEST_TMPDIR series kernel

	printf 'obj-m := probe.o\n' >"$dir/Kbuild"
	cat >"$dir/probe.c" <<-C
	#include <linux/module.h>
	MODULE_DESCRIPTION("nothing");
	MODULE_LICENSE("GPL");
	C
	# shellcheck disable=SC2016
	for series in 6.1 6.12; do
		kernel=$("$BATS_TEST_DIRNAME/kernel" "$series")
		make -s -C "$kernel/build" M="$dir" W=1 modules >"$dir/make" 2>&1
		says_not "$dir/make" warning
		# Unsigned as it is, it taints.
		vm 0 --kernel "$series" --env dir="$dir" -- sh -c 'uname -r
			modprobe dummy && test -d /sys/module/dummy &&
			test -f "/lib/modules/$(uname -r)/build/Module.symvers" &&
			insmod "$dir/probe.ko" && cat /proc/sys/kernel/tainted'
		[[ $(<"$out") == "$(<"$kernel/release")"$'\n12288' ]]
		make -s -C "$kernel/build" M="$dir" clean
	done
}

@test "file systems mounted on the host are seen, and so is /dev/shm below" {
	requires mounts
	local shm

	shm=$(mktemp -d /dev/shm/dmaexer-vm-test.XXXXXX)
	mkdir "$BATS_TEST_TMPDIR/mount"
	export -f vm status_is
	export BATS_TEST_TMPDIR BATS_TEST_DIRNAME shm out err
	# shellcheck disable=SC2016
	unshare --mount bash -euc '
		mount -t tmpfs tmpfs "$BATS_TEST_TMPDIR/mount"
		echo mounted >"$BATS_TEST_TMPDIR/mount/file"
		cd "$shm"
		echo shm >file
		vm 0 -- cat "$BATS_TEST_TMPDIR/mount/file" file'
	rm -r "$shm"
	[[ $(<"$out") == $'mounted\nshm' ]]
}

@test "--device gives an IOMMU, edu a fixed address, and --drive's bytes to a disk" {
	head -c 1M /dev/urandom >"$BATS_TEST_TMPDIR/disk,it"
	vm 0 --device intel-iommu --device edu --append intel_iommu=on \
		--drive "$BATS_TEST_TMPDIR/disk,it" \
		--device virtio-blk-pci,drive=drive0 -- sh -c '
		cat /sys/bus/pci/devices/0000:00:01.0/vendor
		ls /sys/bus/pci/devices/0000:00:01.0/iommu_group/devices
		modprobe virtio_blk && sha256sum </dev/vda'
	[[ $(<"$out") == $'0x1234\n0000:00:01.0\n'"$(
		sha256sum <"$BATS_TEST_TMPDIR/disk,it")" ]]
	vm 2 --drive "$BATS_TEST_TMPDIR/nothing" -- true
	says "$err" "no file $BATS_TEST_TMPDIR/nothing"
}

@test "a panic fails the run and is shown" {
	vm 125 -- sh -c 'echo c >/proc/sysrq-trigger'
	says "$err" "the guest ended without an exit status"
	says "$err" "Kernel panic - not syncing: sysrq triggered crash"
	nothing_left
}

@test "a hang fails the run when the time is up" {
	vm 124 --timeout 20 -- sh -c 'echo started; sleep 1000'
	[[ $(<"$out") == started ]]
	says "$err" "not done after 20 seconds"
	says "$err" "the end of the console's log"
	nothing_left
}

@test "a power-off and a reboot fail the run" {
	vm 125 -- sh -c 'echo o >/proc/sysrq-trigger; sleep 1000'
	says "$err" "Power down"
	vm 125 -- sh -c 'echo b >/proc/sysrq-trigger; sleep 1000'
	says "$err" "the guest ended without an exit status"
	nothing_left
}

@test "a kernel that does not boot fails the run" {
	vm 125 --append rdinit=/nothing -- true
	says "$err" "the guest ended without an exit status"
}

@test "a device that QEMU lacks fails the run with its reason" {
	vm 125 --device no-such-device -- true
	says "$err" "'no-such-device' is not a valid device"
}

@test "a warning fails a command that passed, also after much else and dmesg -C" {
	# shellcheck disable=SC2016
	vm 123 -- bash -c 'echo "<4>WARNING: early" >/dev/kmsg; dmesg -C
		for ((i = 0; i < 20000; i++)); do
			echo "line $i of a log that wraps, and wraps, and wraps"
		done | while read -r line; do echo "<6>$line"; done >/dev/kmsg'
	says "$err" "the kernel complained"
	says "$err" "WARNING: early"
}

@test "a command that fails keeps its status, and the warning is shown" {
	vm 3 -- sh -c 'echo "<4>BUG: it broke" >/dev/kmsg; exit 3'
	says "$err" "BUG: it broke"
}

@test "a real warning fails the run; --allow-log with a line of it tolerates it alone" {
	local dir=$BATS_TEST_TMPDIR kernel

	kernel=$("$BATS_TEST_DIRNAME/kernel" 6.12)
	printf 'obj-m := warns.o\n' >"$dir/Kbuild"
	cat >"$dir/warns.c" <<-C
	#include <linux/module.h>
	static int __init warns_init(void)
	{
		WARN(1, "as expected\n");
		return 0;
	}
	module_init(warns_init);
	MODULE_DESCRIPTION("a warning");
	MODULE_LICENSE("GPL");
	C
	make -s -C "$kernel/build" M="$dir" modules >/dev/null 2>&1
	vm 123 -- insmod "$dir/warns.ko"
	says "$err" "as expected"
	says "$err" "Call Trace"
	says "$err" "the kernel is tainted: 12800"
	vm 0 --allow-log 'as expected$' -- insmod "$dir/warns.ko"
	vm 123 --allow-log 'as expected$' -- \
		sh -c "insmod $dir/warns.ko; echo '<1>BUG: other' >/dev/kmsg"
	says "$err" "BUG: other"
}

@test "a tainted kernel fails a command that passed" {
	vm 123 -- sh -c 'echo 64 >/proc/sys/kernel/tainted'
	says "$err" "the kernel is tainted: 64"
}

@test "two at once do not disturb each other" {
	local first second

	mkdir "$BATS_TEST_TMPDIR"/{a,b}
	TMPDIR=$BATS_TEST_TMPDIR/a "$BATS_TEST_DIRNAME/run" -- \
		sh -c 'echo a; exit 4' >"$BATS_TEST_TMPDIR/a/out" &
	first=$!
	TMPDIR=$BATS_TEST_TMPDIR/b "$BATS_TEST_DIRNAME/run" -- \
		sh -c 'echo b; exit 5' >"$BATS_TEST_TMPDIR/b/out" &
	second=$!
	! wait "$first" || false
	! wait "$second" || false
	wait "$first" || [[ $? == 4 ]]
	wait "$second" || [[ $? == 5 ]]
	[[ $(cat "$BATS_TEST_TMPDIR"/{a,b}/out) == $'a\nb' ]]
	nothing_left
}

@test "QEMU does not outlive the runner, whatever signal ends it" {
	local signal runner

	for signal in TERM INT HUP KILL; do
		# A shell ignores INT in what it starts in the background.
		TMPDIR=$BATS_TEST_TMPDIR env --default-signal=INT \
			"$BATS_TEST_DIRNAME/run" -- sleep 1000 >/dev/null 2>&1 &
		runner=$!
		eventually running
		kill "-$signal" "$runner"
		wait "$runner" || true
		eventually no_processes
		# Nobody is left to remove the directory after KILL.
		[[ $signal == KILL ]] || nothing_left
	done
}

@test "a reader that goes away ends the run" {
	local -a statuses

	TMPDIR=$BATS_TEST_TMPDIR timeout 60 "$BATS_TEST_DIRNAME/run" -- \
		yes 2>/dev/null | head -n 1 >"$out"
	statuses=("${PIPESTATUS[@]}")
	[[ ${statuses[0]} == 141 && $(<"$out") == y ]]
	nothing_left
}

@test "a bad command line is refused with its reason" {
	vm 2 --timeout soon -- true
	says "$err" "--timeout wants a number, not 'soon'"
	vm 2 --nonsense x -- true
	says "$err" "unknown option --nonsense"
	vm 2 --kernel /nowhere -- true
	says "$err" "/nowhere"
	vm 2
	says "$err" "no command"
}

@test "an ordinary user fetches, boots, and gets the results" {
	requires root
	local user=dmaexer-vm-$$ status=0

	useradd --create-home --shell /bin/bash "$user"
	cp -r "$BATS_TEST_DIRNAME" "/home/$user/vm"
	chown -R "$user:" "/home/$user/vm"
	# shellcheck disable=SC2016
	runuser -u "$user" -- env -i HOME="/home/$user" PATH=/usr/bin:/bin \
		XDG_CACHE_HOME="/home/$user/empty" bash -c '
		cd; mkdir results
		vm/run --kernel 6.1 --share results -- sh -c "
			id -u; ls -A /root; echo x >/root/x; echo result >results/file"
		' >"$out" 2>"$err" || status=$?
	[[ $(stat -c %U "/home/$user/results/file") == "$user" ]] || status=99
	userdel --remove "$user" 2>/dev/null
	status_is 0 "$status"
	[[ $(<"$out") == 0 ]]
}

@test "a damaged kernel is fetched again, and so is one half deleted" {
	local dir

	private_cache 6.1
	dir=$("$BATS_TEST_DIRNAME/kernel" 6.1)
	[[ $dir == "$XDG_CACHE_HOME"/* ]]
	printf x >>"$dir/vmlinuz"
	[[ $("$BATS_TEST_DIRNAME/kernel" 6.1) == "$dir" ]]
	(cd "$dir" && sha256sum -c .complete)
	rm -r "$dir/modules/kernel/fs"
	[[ $("$BATS_TEST_DIRNAME/kernel" 6.1) == "$dir" ]]
	[[ -d $dir/modules/kernel/fs ]]
}

# No network, since to fetch it takes half a minute: what would be fetched again
# does not serve.
@test "a source unpacked when other members were wanted does not serve" {
	requires no-network
	local dir status=0

	private_cache 6.12 --source
	dir=$(without_network "$BATS_TEST_DIRNAME/kernel" --source 6.12)
	[[ $dir == "$XDG_CACHE_HOME"/* ]]
	grep dmatest "$dir/.members"
	sed -i s/dmatest/another/ "$dir/.members"
	without_network "$BATS_TEST_DIRNAME/kernel" --source 6.12 >"$out" 2>"$err" ||
		status=$?
	status_is 1 "$status"
	[[ ! -s $out ]]
	says "$err" "kernel: fetching linux-source-6.12"
	says "$err" "no source 6.12 from the archive, and none in $XDG_CACHE_HOME"
}

@test "without a network the cached kernel serves, and it says so" {
	requires no-network
	private_cache 6.1
	touch -h -d '2 days ago' "$XDG_CACHE_HOME/dmaexer/kernel-6.1"
	rm -r "$XDG_CACHE_HOME/dmaexer/apt"
	without_network "$BATS_TEST_DIRNAME/kernel" 6.1 >"$out" \
		2>"$err"
	[[ -f $(<"$out")/vmlinuz ]]
	says "$err" "no answer from the archive"
}

@test "a superseded kernel goes, unless a run holds it" {
	local old

	private_cache 6.1
	old=$XDG_CACHE_HOME/dmaexer/kernel-6.1.0-1-amd64_6.1.1-1
	mkdir "$old" && : >"$old/.complete"
	touch -h -d '2 days ago' "$XDG_CACHE_HOME/dmaexer/kernel-6.1"
	flock "$old/.complete" "$BATS_TEST_DIRNAME/kernel" 6.1
	[[ -d $old ]]
	touch -h -d '2 days ago' "$XDG_CACHE_HOME/dmaexer/kernel-6.1"
	"$BATS_TEST_DIRNAME/kernel" 6.1
	[[ ! -e $old ]]
}
