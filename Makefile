# Deckle. `make serve` and `make test` do all the set-up they need; every step is pinned, cached and skipped when done.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

export CARGO_TARGET_DIR ?= $(CURDIR)/target
TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/deckle-tools
PHOTOS ?= fixtures
DERIVED ?= .deckle/derived

# cargo-installed tools, each in a folder of its own version; wasm-bindgen must equal the one in Cargo.lock
WASM_BINDGEN_DIR := $(TOOLS)/wasm-bindgen-cli-0.2.129
WORKER_BUILD_DIR := $(TOOLS)/worker-build-0.8.7
WASM_PACK_DIR := $(TOOLS)/wasm-pack-0.15.1
S3_SERVER_DIR := $(TOOLS)/s3s-fs-0.14.1
CARGO_FUZZ_DIR := $(TOOLS)/cargo-fuzz-0.13.2
export PATH := $(WASM_BINDGEN_DIR)/bin:$(WORKER_BUILD_DIR)/bin:$(WASM_PACK_DIR)/bin:$(S3_SERVER_DIR)/bin:$(CARGO_FUZZ_DIR)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export WASM_BINDGEN_BIN := $(WASM_BINDGEN_DIR)/bin/wasm-bindgen
export WASM_OPT_BIN := $(CURDIR)/scripts/wasm-opt
export ESBUILD_BIN := $(CURDIR)/node_modules/.bin/esbuild

WASM_FEATURES := --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
	--enable-mutable-globals --enable-reference-types --enable-multivalue
RUST_SOURCES := Cargo.toml Cargo.lock .cargo/config.toml $(shell find core edge jpeg pixels resample simd webp -name '*.rs' -o -name Cargo.toml -o -name press.bin 2>/dev/null)

.PHONY: help
help: ## This list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# libwebp's C for wasm32: .cargo/config.toml names the compiler; cargo does not know when it or its headers change
LIBWEBP_BUILT := $(CARGO_TARGET_DIR)/libwebp-built
$(LIBWEBP_BUILT): $(shell find webp/wasm32 -type f) | setup-clang
	cargo clean --quiet --locked --release --target wasm32-unknown-unknown -p libwebp-sys
	@mkdir -p $(@D) && touch $@

# ---- the main job ----

.PHONY: serve
serve: setup-serve wasm worker cf-function lambda ## Both edges on this machine: PHOTOS=dir, DERIVED=dir.
	@exec node local/serve.mjs --photos "$(PHOTOS)" --derived "$(DERIVED)"

# ---- builds ----

.PHONY: wasm worker cf-function lambda cli generate
wasm: wasm/pkg/deckle_wasm_bg.wasm ## The core and edge for JavaScript hosts, in wasm/pkg.

wasm/pkg/deckle_wasm_bg.wasm: $(RUST_SOURCES) $(LIBWEBP_BUILT) $(shell find wasm/src -name '*.rs') wasm/Cargo.toml | setup-wasm
	cargo build --locked --release --target wasm32-unknown-unknown -p deckle-wasm
	wasm-bindgen --target web --experimental-reset-state-function --out-dir wasm/pkg \
		"$$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/deckle_wasm.wasm"
	"$$WASM_OPT_BIN" -O3 $(WASM_FEATURES) wasm/pkg/deckle_wasm_bg.wasm -o wasm/pkg/optimised.wasm
	mv wasm/pkg/optimised.wasm wasm/pkg/deckle_wasm_bg.wasm

worker: worker/build/index.js ## The Cloudflare Worker, in worker/build.

worker/build/index.js: $(RUST_SOURCES) $(LIBWEBP_BUILT) $(shell find worker/src -name '*.rs') worker/Cargo.toml | setup-wasm setup-worker
	cd worker && worker-build --release

cf-function: node_modules/.package-lock.json ## The CloudFront Function, in cf-function/dist.
	node cf-function/build.mjs

lambda: wasm ## The Lambda@Edge package, in lambda/dist.
	node lambda/build.mjs

cli: ## The native `deckle` program, in target/release.
	cargo build --locked --release -p deckle-cli

generate: ## Writes what is made from the edits table: core/edits.json, the README's table.
	-DECKLE_BLESS=1 cargo test -q --locked -p deckle --test table
	cargo test -q --locked -p deckle --test table
	node scripts/readme-table.mjs

# ---- tests ----

.PHONY: test test-rust test-wasm test-js lint
test: setup-test lint test-rust fuzz-check instructions test-wasm test-js ## Everything, on real parts: workerd, njs, an S3 server, sharp.

lint: ## Formatting, clippy, and that generated text is current.
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --quiet --locked --workspace --exclude deckle-worker --exclude deckle-wasm --all-targets -- -D warnings
	node scripts/readme-table.mjs --check

test-rust: ## Unit, property, golden and parity tests, natively.
	cargo test --quiet --locked --workspace --exclude deckle-worker --exclude deckle-wasm

.PHONY: test-thorough
test-thorough: ## More of the same, some minutes: every size to 65 × 65 in each JPEG corpus, every mutation of every fixture.
	JPEG_THOROUGH=1 cargo test --quiet --locked --release -p deckle-jpeg --test corpus
	DECKLE_THOROUGH=1 cargo test --quiet --locked --release -p deckle --test mutation

# as released, so that what `make wasm` built is used again
test-wasm: wasm $(WASM_PACK_DIR)/bin/wasm-pack ## Core operations and libwebp on wasm32, in Node.
	wasm-pack test --node --release --mode no-install core --locked --test everywhere --test pipeline_memory
	wasm-pack test --node --release --mode no-install webp --locked --lib --test everywhere --test memory

test-js: wasm worker cf-function lambda ## Parity and fuzz, truth, hosts end to end, and that the Worker could be deployed.
	node --test --test-reporter=$(TEST_REPORTER) $(JS_TESTS)
	cd worker && wrangler deploy --dry-run --outdir "$(CURDIR)/.deckle/dry-run" 2>&1 | grep -E 'Total Upload|dry-run'

TEST_REPORTER ?= spec
JS_TESTS := $(sort $(shell find bench cf-function lambda local tests -name '*.test.mjs' -not -path '*/node_modules/*' 2>/dev/null))

# ---- fuzz ----

FUZZ_SECONDS ?= 600
FUZZ_TOOLCHAIN ?= nightly
TARGETS := $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs)))

.PHONY: fuzz-check fuzz
fuzz-check: ## The fuzz targets, built and run over fixtures without a fuzzer.
	cargo test --quiet --locked --manifest-path fuzz/Cargo.toml

fuzz: $(CARGO_FUZZ_DIR)/bin/cargo-fuzz ## Fuzzes, on nightly Rust: TARGET=decode or all, FUZZ_SECONDS=600 each.
	cargo run --quiet --locked --manifest-path fuzz/Cargo.toml --bin seeds fuzz/corpus/seeds
	for target in $(or $(TARGET),$(TARGETS)); do \
		mkdir -p fuzz/corpus/$$target && find fixtures -size -30k -name '*.*g*' -exec cp {} fuzz/corpus/$$target \; && \
		cargo +$(FUZZ_TOOLCHAIN) fuzz run $$target fuzz/corpus/$$target fuzz/corpus/seeds -- \
			-max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=30000 -dict=fuzz/jpeg.dict || exit; \
	done

# ---- bench ----

.PHONY: bench
bench: wasm node_modules/.package-lock.json bench/node_modules/.package-lock.json ## Against sharp and other wasm: JOBS=quick, JOBS="10mp-400 6mp-400", CONTENDERS="deckle sharp".
	@JOBS="$(JOBS)" CONTENDERS="$(CONTENDERS)" node bench/run.mjs

bench/node_modules/.package-lock.json: bench/package.json bench/package-lock.json
	cd bench && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: instructions
instructions: cli setup-valgrind ## Instructions of the native program (x86-64), against bench/instructions.json: BLESS=1 writes it.
	@node bench/instructions.mjs "$$CARGO_TARGET_DIR/release/deckle" $(BLESS)

# ---- set-up ----

.PHONY: setup-serve setup-wasm setup-worker setup-test setup-rust setup-clang setup-njs setup-valgrind
setup-serve: setup-wasm setup-worker
setup-rust:
	@rustup show active-toolchain >/dev/null 2>&1 || rustup toolchain install
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
setup-wasm: setup-rust setup-clang node_modules/.package-lock.json $(WASM_BINDGEN_DIR)/bin/wasm-bindgen
setup-worker: $(WORKER_BUILD_DIR)/bin/worker-build
# $(call debian,test,packages): unless the test succeeds
debian = { $(1); } >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && sudo= || sudo=sudo; \
	$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $(2); }
# without Debian's packages, the one that is missing says so
setup-clang:
	@! command -v apt-get >/dev/null || $(call debian,webp/wasm32/clang --version && webp/wasm32/ar --version,clang-19 llvm-19)
	@webp/wasm32/clang --version >/dev/null && webp/wasm32/ar --version >/dev/null
setup-njs:
	@$(call debian,command -v njs,njs)
setup-valgrind:
	@[ "$$(uname -m)" != x86_64 ] || $(call debian,command -v valgrind,valgrind)
setup-test: setup-wasm setup-worker setup-njs $(WASM_PACK_DIR)/bin/wasm-pack $(S3_SERVER_DIR)/bin/s3s-fs

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# $(call install,crate,version,optimisation,extra flags): quick builds, these tools are not what we measure
install = CARGO_TARGET_DIR=$(TOOLS)/target CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	CARGO_PROFILE_RELEASE_OPT_LEVEL=$(3) CARGO_PROFILE_RELEASE_DEBUG=false cargo install --quiet --locked --root $(TOOLS)/$(1)-$(2) $(1) --version $(2) $(4)

$(WASM_BINDGEN_DIR)/bin/wasm-bindgen:
	$(call install,wasm-bindgen-cli,0.2.129,1)
$(WORKER_BUILD_DIR)/bin/worker-build:
	$(call install,worker-build,0.8.7,0)
$(WASM_PACK_DIR)/bin/wasm-pack:
	$(call install,wasm-pack,0.15.1,0)
$(CARGO_FUZZ_DIR)/bin/cargo-fuzz:
	$(call install,cargo-fuzz,0.13.2,0)
$(S3_SERVER_DIR)/bin/s3s-fs:
	$(call install,s3s-fs,0.14.1,0,--features binary)

.PHONY: clean
clean: ## Removes what the builds wrote; tools and node_modules stay.
	rm -rf target wasm/pkg worker/build cf-function/dist lambda/dist .deckle
