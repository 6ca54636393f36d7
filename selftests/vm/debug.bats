#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154
#
# The instrumented kernel: each of its detectors is heard, and selftests/vm/kernel
# builds it from what it says.

load helper

setup_file() {
	local kernel

	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	kernel=$("$BATS_TEST_DIRNAME/kernel" 6.12-debug)
	ko=$("$top/scripts/module" "$kernel/build" detect)
	export top ko
}

setup() {
	out=$BATS_TEST_TMPDIR/out
	err=$BATS_TEST_TMPDIR/err
}

# guest STATUS COMMAND...: as the tests are run, one boot each, because the report
# of one detector may turn others off. Nothing here needs what ACPI tells of the
# machine, and to read it takes a third of a boot.
guest() {
	vm "$1" --kernel 6.12-debug --timeout 300 --memory 256 --smp 1 \
		--append acpi=off \
		--env DMAEXER_DETECT_KO="$ko" -- "$top/selftests/detectors" "${@:2}"
}

# faulty STATUS FAULT
faulty() {
	guest "$1" sh -c \
		"echo $2 >/sys/module/dmx_detect_test/parameters/fault"
}

# is_heard FAULT TEXT...: the run fails, and what it shows names the fault
is_heard() {
	local text

	faulty 123 "$1"
	says "$err" "the kernel complained"
	for text in "${@:2}"; do
		says "$err" "$text"
	done
}

@test "a run without a fault passes, and says nothing" {
	guest 0 true
	[[ ! -s $out && ! -s $err ]]
}

@test "DMA memory that a driver leaves behind is heard" {
	is_heard dma-leak "has pending DMA allocations while released" \
		"size=8192 bytes"
}

@test "DMA memory that is freed with another size is heard" {
	is_heard dma-size "frees DMA memory with different size" \
		"map size=8192 bytes] [unmap size=4096 bytes" make_dma_size
}

@test "what a driver that is not ours does is not heard" {
	faulty 0 dma-size-elsewhere
	[[ ! -s $out && ! -s $err ]]
}

@test "a mapping that is not checked is heard" {
	is_heard dma-unchecked "failed to check map error" make_dma_unchecked
}

@test "memory that is used after it was freed is heard" {
	is_heard use-after-free "KASAN: slab-use-after-free in make_use_after_free"
}

@test "an access beyond an object is heard" {
	is_heard out-of-bounds "KASAN: slab-out-of-bounds in make_out_of_bounds"
}

@test "sleeping in atomic context is heard" {
	is_heard atomic-sleep "sleeping function called from invalid context" \
		make_atomic_sleep
}

@test "locks taken in two orders are heard, and that others are not from then on" {
	is_heard lock-inversion "possible circular locking dependency detected" \
		make_lock_inversion "detectors: locks are not watched to the end"
}

@test "lost objects are heard" {
	is_heard lost-objects "unreferenced object" make_lost_objects
}

@test "a shift by more than there is is heard" {
	is_heard shift "UBSAN: shift-out-of-bounds" make_shift
}

@test "an index beyond an array is heard" {
	is_heard index "UBSAN: array-index-out-of-bounds" make_index
}

@test "a reference to what has none is heard" {
	is_heard refcount "refcount_t: addition on 0" make_refcount
}

@test "an entry that leaves a list twice is heard" {
	is_heard list "list_del corruption" make_list
}

@test "a running timer that is freed is heard" {
	is_heard live-timer "ODEBUG: free active" make_live_timer
}

# another_recipe: a copy of selftests/vm, with an option that there is not, and of
# the cache, with the kernel that this machine has
another_recipe() {
	private_cache 6.12-debug
	cp -r "$BATS_TEST_DIRNAME" "$BATS_TEST_TMPDIR/vm"
	echo CONFIG_DMAEXER_HAS_NONE=y >>"$BATS_TEST_TMPDIR/vm/debug.config"
	cache=$XDG_CACHE_HOME/dmaexer
}

# Until the line that says so, nothing else differs from a build that succeeds.
build_fails() {
	local status=0

	"$BATS_TEST_TMPDIR/vm/kernel" 6.12-debug >"$out" 2>"$err" || status=$?
	status_is 1 "$status"
	says "$err" "Kconfig drops"
	says "$err" "  CONFIG_DMAEXER_HAS_NONE=y"
	says "$err" "linux-source-6.12 could not be built"
	[[ ! -s $out ]]
	[[ -z $(compgen -G "$cache/debug*.new") ]]
}

@test "an option that Kconfig drops fails the build by its name, and no old kernel serves" {
	another_recipe
	build_fails
	[[ -e $(realpath "$cache/debug-6.12")/.complete ]]
}

is_waited_for() {
	grep -q -e "-> FLOCK .*:$(stat -c %i "$1") " /proc/locks
}

@test "a second builder waits, nobody else does, and a killed one leaves nothing" {
	local builder lock

	another_recipe
	exec {lock}>"$cache/lock-debug"
	flock "$lock"
	setsid "$BATS_TEST_TMPDIR/vm/kernel" 6.12-debug >"$out" 2>"$err" \
		{lock}>&- 3>&- &
	builder=$!
	eventually is_waited_for "$cache/lock-debug"
	[[ ! -s $err ]]
	flock -n "$cache/lock" true
	exec {lock}>&-
	eventually compgen -G "$cache/debug*.new/work/linux-source-6.12" >/dev/null
	kill -KILL -- "-$builder"
	wait "$builder" || true
	[[ ! -s $out ]]
	build_fails
}

@test "a kernel of an older source or recipe goes, the one of today is not built again" {
	local kernel old

	private_cache 6.12-debug
	old=$XDG_CACHE_HOME/dmaexer/debug-6.12_6.12.1-1_0123456789abcdef
	mkdir "$old" && : >"$old/.complete"
	touch -h -d '2 days ago' "$XDG_CACHE_HOME/dmaexer/debug-6.12"
	kernel=$("$BATS_TEST_DIRNAME/kernel" 6.12-debug 2>"$err")
	[[ ! -e $old && -e $kernel/vmlinuz && $kernel == "$XDG_CACHE_HOME"/* ]]
	says_not "$err" building
}
