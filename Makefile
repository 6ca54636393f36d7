# SPDX-License-Identifier: GPL-2.0
#
# Entry points only; what they do is in scripts/, cli/, driver/, selftests/.

# Of each fuzzer that "make fuzz" runs.
SECONDS ?= 30

KDIR ?= /lib/modules/$(shell uname -r)/build

all: module command

packages:
	scripts/need build

module: packages
	scripts/module $(KDIR)

command: packages
	$(MAKE) -C cli

install: command
	scripts/module --install $(KDIR)
	$(MAKE) -C cli install

demo:
	scripts/demo

check:
	scripts/check

check-matrix:
	scripts/matrix

check-debug:
	scripts/check --debug

fuzz:
	scripts/fuzz $(SECONDS)

lint:
	scripts/lint

clean:
	rm -rf build
	$(MAKE) -C cli clean
	$(MAKE) -C selftests clean

help:
	@echo "make demo     boot a kernel in QEMU and run the standard scenarios"
	@echo "make check    run all tests, on two kernels in QEMU"
	@echo "make check-matrix"
	@echo "              run all scenarios on each platform that QEMU has"
	@echo "make check-debug"
	@echo "              run the tests on a kernel that watches the module, which"
	@echo "              is built the first time"
	@echo "make fuzz     look for inputs that do harm to command and module, for"
	@echo "              SECONDS=30 each kind of them"
	@echo "make lint     run the static checkers"
	@echo "make          build module and command for the running kernel"
	@echo "make install  install both; then: modprobe dmaexer"
	@echo "make clean    remove what was built; the cache of kernels stays"

.PHONY: all packages module command install demo check check-matrix check-debug \
	fuzz lint clean help
