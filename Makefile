# Commands for people. `make help` lists them.
PRESET ?= dev
ARGS ?=
JOBS ?= $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: help deps build demo test bench format tidy rooms fuzz clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deps: ## install the packages that are missing (Debian 12, as root)
	@tools/install-deps.sh

build: deps ## build with PRESET=dev|release|asan|tsan
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build build/$(PRESET) -j $(JOBS)

demo: ## build the release and run the demonstration; ARGS="--data DIR --port-base N"
	@tools/install-deps.sh demo
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS) --target chancery chancery-demo
	@exec build/release/demo/chancery-demo $(ARGS)

test: build ## run every test; PRESET=asan or tsan for the sanitizers
	@tools/run-tests.sh $(PRESET)

bench: ## measure the promises about speed and size; writes build/bench/report.json
	@tools/install-deps.sh
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS)
	@tests/bench/run.sh

format: ## clang-format over all sources
	@git ls-files '*.cpp' '*.hpp' | xargs -r clang-format-14 -i

tidy: build ## clang-tidy over src/ and demo/
	@git ls-files 'src/*.cpp' 'demo/*.cpp' | xargs -r -P $(JOBS) -n 4 clang-tidy-14 -p build/$(PRESET) --quiet

rooms: ## draw docs/rooms.svg anew from the sources
	@tests/house/house_test.py . --draw

fuzz: ## run each fuzz target for a minute (clang)
	@tests/fuzz/run.sh

clean: ## remove what was built
	@rm -rf build
