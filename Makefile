# Commands for people. `make help` lists them.
PRESET ?= dev
ARGS ?=
ONLY ?=
SECONDS ?= 60
JOBS ?= $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: help deps build demo dist test check explore bench format format-check tidy rooms pictures schema fuzz clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

deps: ## install the packages that are missing (Debian 12, as root)
	@tools/install-deps.sh

build: deps ## build everything; PRESET=dev|debug|release|asan|tsan
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build build/$(PRESET) -j $(JOBS)

# The demonstration needs no package of the tests, so that they are not configured. A folder that already has them keeps
# them: CMake would delete what was built of them.
demo: ## build the release and run the demonstration; ARGS="--data DIR --port-base N"
	@tools/install-deps.sh demo
	@cmake --preset release $$(grep -qs '^CHANCERY_TESTS:BOOL=ON' build/release/CMakeCache.txt || echo -DCHANCERY_TESTS=OFF) >/dev/null
	@cmake --build build/release -j $(JOBS) --target chancery chancery-demo
	@exec build/release/demo/chancery-demo $(ARGS)

dist: ## build the package for Debian 12, with its list of parts and checksums, in build/dist
	@tools/install-deps.sh dist
	@cmake --preset release $$(grep -qs '^CHANCERY_TESTS:BOOL=ON' build/release/CMakeCache.txt || echo -DCHANCERY_TESTS=OFF) >/dev/null
	@cmake --build build/release -j $(JOBS) --target chancery chancery-client
	@tools/dist.sh

test: build ## run every test, or ONLY=flow/password; PRESET=asan or tsan for the sanitizers
	@tools/run-tests.sh $(PRESET) $(if $(ONLY),-R '^($(ONLY))(/|$$)')

check: deps ## run the quick tests: the plan of the house, unit and flow
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build build/$(PRESET) -j $(JOBS) --target check_programs
	@tools/run-tests.sh $(PRESET) -R '^(house|requirements|unit|flow)(/|$$)'

explore: deps ## run the random tests with new seeds for SECONDS=60
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build build/$(PRESET) -j $(JOBS) --target check_programs power_programs
	@tools/explore.sh $(PRESET) $(SECONDS)

bench: ## measure the promises about speed and size; writes build/bench/report.json
	@tools/install-deps.sh
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS)
	@tests/bench/run.sh

cluster-trial: ## follow docs/operators/cluster.md on this machine, with an upgrade, a switch-over and a lost database
	@tools/install-deps.sh
	@cmake --preset release >/dev/null
	@cmake --build build/release -j $(JOBS) --target chancery
	@tools/cluster-trial.sh build/release

format: deps ## clang-format over all sources
	@git ls-files '*.cpp' '*.hpp' | xargs -r clang-format-14 -i

format-check: deps ## fail if a source is not as clang-format writes it
	@git ls-files '*.cpp' '*.hpp' | xargs -r -P $(JOBS) -n 64 clang-format-14 --dry-run -Werror

tidy: build ## clang-tidy over src/ and demo/
	@git ls-files 'src/*.cpp' 'demo/*.cpp' | xargs -r -P $(JOBS) -n 4 clang-tidy-14 -p build/$(PRESET) --quiet

rooms: ## draw docs/rooms.svg again from the sources
	@tests/house/house_test.py . --draw

pictures: build ## make the pictures of the README and of the mails' test anew
	@CHANCERY_BUILD=$(CURDIR)/build/$(PRESET) node --test tests/browser/pictures.mjs
	@CHANCERY_PICTURES=make CHANCERY_BUILD=$(CURDIR)/build/$(PRESET) node --test tests/browser/mails.mjs

schema: ## print docs/schema.sql again from the steps of the schema
	@tests/schema/print_schema.py . --print

fuzz: ## run each fuzz target for a minute (clang)
	@tests/fuzz/run.sh

clean: ## remove what was built
	@rm -rf build
