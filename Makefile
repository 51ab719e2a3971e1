# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# The front door. Each target is one line that says what it does; the work is in CMake and tools/.
# On a bare Debian 12, as root, "make demo" and "make test" install what they need from Debian.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BUILD ?= build/dev
ASAN  ?= build/asan
TSAN  ?= build/tsan
COVERAGE ?= build/coverage
FUZZ  ?= build/fuzz
JOBS  ?= $(shell nproc)
CTEST  = ctest --output-on-failure --timeout 300 -j $(JOBS)
# Quiet unless it fails.
configure = mkdir -p build && { cmake --preset $(1) -B $(2) > build/configure.log || { cat build/configure.log; exit 1; }; }
PRODUCT = daypass daypassd daypass_sync daypass-server sudo_daypass pam_daypass docs

.PHONY: help deps build product check test system-test asan tsan demo demo-shell lint format clean \
        campaign bench fuzz coverage packages

help: ## this list
	@echo "Daypass: temporary production access for Linux hosts. As root, on Debian 12:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what building and testing need, from Debian
	@tools/deps.sh build world test

build: ## build everything, tests too
	@tools/deps.sh build
	@$(call configure,dev,$(BUILD))
	@cmake --build $(BUILD) -j $(JOBS)

product:
	@tools/deps.sh build world
	@$(call configure,dev,$(BUILD))
	@cmake --build $(BUILD) -j $(JOBS) --target $(PRODUCT)

check: ## the fast tests: units, ABI of the shims, lint (about two minutes)
check: deps build
	@$(CTEST) --test-dir $(BUILD) -L '^(unit|abi|lint)$$'

test: ## everything: units and shims also under sanitizers, ABI, lint, system tests in private worlds
test: deps build asan
	@$(CTEST) --test-dir $(BUILD)
	@tools/properties.sh $(BUILD)/Testing/Temporary/LastTest.log 1000000

system-test: ## only the system tests: real sudo, PAM, sshd and journald in private worlds
system-test: deps build
	@$(CTEST) --test-dir $(BUILD) -L '^system$$'

asan: ## the unit tests and the shims under AddressSanitizer and UndefinedBehaviorSanitizer
asan: deps
	@$(call configure,asan,$(ASAN))
	@cmake --build $(ASAN) -j $(JOBS) --target unit_tests abi_tests
	@$(CTEST) --test-dir $(ASAN) -L '^(unit|abi)$$'

tsan: ## the server's unit tests under ThreadSanitizer, with many clients at once
tsan: deps
	@$(call configure,tsan,$(TSAN))
	@cmake --build $(TSAN) -j $(JOBS) --target server_tests
	@$(CTEST) --test-dir $(TSAN) -R '^unit\.server\.'

demo: ## the story: sudo works during the window, and only then; the machine stays untouched
demo: product
	@DAYPASS_BUILD=$(BUILD) tools/demo.sh

demo-shell: ## the same world, to try things by hand
demo-shell: product
	@DAYPASS_BUILD=$(BUILD) tools/demo.sh --shell

bench: ## measures what Daypass costs, beside the barest thing that does the same; writes bench.json
bench: deps
	@$(call configure,dev,$(BUILD))
	@cmake --build $(BUILD) -j $(JOBS) --target $(PRODUCT) benchmarks
	@DAYPASS_BUILD=$(BUILD) bench/run.sh

fuzz: ## every reader of others' bytes, FUZZ_SECONDS (60) each, under libFuzzer and the sanitizers
fuzz: deps
	@tools/deps.sh fuzz
	@$(call configure,fuzz,$(FUZZ))
	@cmake --build $(FUZZ) -j $(JOBS) --target fuzz_targets
	@tests/fuzz/run.sh $(FUZZ)

coverage: ## what part of the branches the tests take
coverage: deps
	@tools/deps.sh coverage
	@$(call configure,coverage,$(COVERAGE))
	@cmake --build $(COVERAGE) -j $(JOBS)
	@tools/coverage.sh $(COVERAGE) $(JOBS)

campaign: ## the long ones: kills, power cuts, fuzzing, mutation; hours; each goes on where it was stopped
campaign: deps build
	@for script in tests/campaign/*.sh; do echo "== $$script"; DAYPASS_BUILD=$(BUILD) $$script || exit 1; done

lint: ## clang-tidy over all sources (slow), beside the lints of "make check"
lint: deps build
	@tools/deps.sh lint
	@tools/lint/tidy.sh $(BUILD) $(JOBS)

format: ## lay out all sources with clang-format
	@tools/deps.sh test
	@tools/lint/sources.sh | xargs clang-format-19 -i

clean: ## remove what was built
	@rm -rf build

# Named already, so that nobody gives these words another meaning; each says honestly that it is not there.
packages:
	@echo "make $@: not there yet; see CHANGELOG.md" >&2; exit 2
