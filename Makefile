# Deckle. `make serve` and `make test` do all the set-up they need; every step is pinned, cached and skipped when done.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

export DECKLE_TOOLS = $(TOOLS)
export CARGO_TARGET_DIR ?= $(CURDIR)/target
comma := ,
TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/deckle-tools
PHOTOS ?= fixtures
DERIVED ?= .deckle/derived

# Tools, each in a folder of its own; `scripts/tool` says where they come from. wasm-bindgen must equal the one in Cargo.lock.
WASM_BINDGEN_VERSION := 0.2.129
S3_SERVER_VERSION := 0.14.1
CARGO_FUZZ_VERSION := 0.13.2
CARGO_DENY_VERSION := 0.20.2
# wasm-bindgen is compiled from these, unless the original is on the PATH
TOOLS_SOURCES := tools/Cargo.toml tools/Cargo.lock $(wildcard tools/src/*.rs tools/src/bin/*.rs)
WASM_BINDGEN_DIR := $(TOOLS)/wasm-bindgen-$(WASM_BINDGEN_VERSION)-$(shell cat $(TOOLS_SOURCES) | cksum | cut -d ' ' -f 1)
S3_SERVER_DIR := $(TOOLS)/s3s-fs-$(S3_SERVER_VERSION)
LAMBDA_RUNTIME_DIR := $(TOOLS)/aws-lambda-ric-4.0.2
CARGO_FUZZ_DIR := $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ_VERSION)
CARGO_DENY_DIR := $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION)
export PATH := $(WASM_BINDGEN_DIR)/bin:$(S3_SERVER_DIR)/bin:$(CARGO_FUZZ_DIR)/bin:$(CARGO_DENY_DIR)/bin:$(CURDIR)/node_modules/.bin:$(PATH)
WASM_RELEASE := $(CARGO_TARGET_DIR)/wasm32-unknown-unknown/release

WASM_FEATURES := --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
	--enable-mutable-globals --enable-reference-types --enable-multivalue --enable-exception-handling
RUST_SOURCES := Cargo.toml Cargo.lock .cargo/config.toml $(shell find core edge expand jpeg pixels resample simd text webp -name '*.rs' -o -name '*.ttf' -o -name Cargo.toml -o -name press.bin -o -name warm-up.jpg 2>/dev/null)

.PHONY: help
help: ## This list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Forgets libwebp's build for wasm32 when the compiler wrapper or its headers change, which cargo does not notice.
LIBWEBP_BUILT := $(CARGO_TARGET_DIR)/libwebp-built
$(LIBWEBP_BUILT): $(shell find webp/wasm32 -type f) | setup-clang
	cargo clean --quiet --locked --release --target wasm32-unknown-unknown -p libwebp-sys
	@mkdir -p $(@D) && touch $@

# ---- the main job ----

.PHONY: serve
serve: wasm worker cf-function lambda demo ## Both edges and the page on this machine: PHOTOS=dir, DERIVED=dir.
	@exec node local/serve.mjs --photos "$(PHOTOS)" --derived "$(DERIVED)"

# ---- builds ----

.PHONY: wasm worker cf-function lambda demo package cli generate
wasm: wasm/pkg/deckle_wasm_bg.wasm ## The core and edge for JavaScript hosts, in wasm/pkg.

wasm/pkg/deckle_wasm_bg.wasm: $(RUST_SOURCES) $(LIBWEBP_BUILT) $(shell find wasm/src -name '*.rs') wasm/Cargo.toml | setup-wasm
	cargo build --locked --release --target wasm32-unknown-unknown -p deckle-wasm
	wasm-bindgen --target web --experimental-reset-state-function --out-dir wasm/pkg $(WASM_RELEASE)/deckle_wasm.wasm
	scripts/wasm-opt -O3 $(WASM_FEATURES) wasm/pkg/deckle_wasm_bg.wasm -o wasm/pkg/optimised.wasm
	mv wasm/pkg/optimised.wasm wasm/pkg/deckle_wasm_bg.wasm

worker: worker/build/index.js ## The Cloudflare Worker, in worker/build.

# These are the settings of Cloudflare's worker-build: the abort handler tells the `worker` crate of a trap, and WASM_BINDGEN_USE_JS_SYS
# makes wasm-bindgen's macros use the futures that the crate uses.
WORKER_BINDINGS := $(CARGO_TARGET_DIR)/worker-bindings
worker/build/index.js: $(RUST_SOURCES) $(LIBWEBP_BUILT) $(shell find worker/src -type f) worker/Cargo.toml worker/build.mjs | setup-wasm
	WASM_BINDGEN_USE_JS_SYS=1 cargo build --locked --release --target wasm32-unknown-unknown -p deckle-worker
	rm -rf $(WORKER_BINDINGS)
	wasm-bindgen --target module --out-name index --no-typescript --experimental-reset-state-function --force-enable-abort-handler \
		--out-dir $(WORKER_BINDINGS) $(WASM_RELEASE)/deckle_worker.wasm
	scripts/wasm-opt -O3 $(WASM_FEATURES) $(WORKER_BINDINGS)/index_bg.wasm -o $(WORKER_BINDINGS)/optimised.wasm
	mv $(WORKER_BINDINGS)/optimised.wasm $(WORKER_BINDINGS)/index_bg.wasm
	node worker/build.mjs $(WORKER_BINDINGS)

cf-function: node_modules/.package-lock.json ## The CloudFront Function, in cf-function/dist.
	node cf-function/build.mjs

lambda: wasm ## The Lambda@Edge package, in lambda/dist.
	node lambda/build.mjs

demo: demo/dist/index.html ## The page where you see it, in demo/dist.

demo/dist/index.html: wasm/pkg/deckle_wasm_bg.wasm core/edits.json $(shell find demo/src demo/public -type f 2>/dev/null) demo/index.html demo/vite.config.ts demo/tsconfig.json | demo/node_modules/.package-lock.json
	cd demo && npm run --silent build
demo/node_modules/.package-lock.json: demo/package.json demo/package-lock.json
	cd demo && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

package: cf-function lambda ## What is deployed to AWS, in cloudformation/dist: the template and the functions' package.
	node cloudformation/package.mjs

cli: ## The native `deckle` program, in target/release.
	cargo build --locked --release -p deckle-cli

generate: ## Writes what is made from the edits table: core/edits.json, the README's table.
	-DECKLE_BLESS=1 cargo test -q --locked -p deckle --test table
	cargo test -q --locked -p deckle --test table
	node scripts/readme-table.mjs

# ---- deployment ----

.PHONY: deploy-aws undeploy-aws
deploy-aws: package ## Makes or updates a stack: STACK=name BUCKETS=a,b PARAMETERS="TransformAt=edge …", in the AWS CLI's region.
	@[ -n "$(STACK)" ] || { echo 'STACK=name is needed'; exit 2; }
	cloudformation/deploy "$(STACK)" $(if $(BUCKETS),SourceBuckets=$(BUCKETS)) $(PARAMETERS)

undeploy-aws: ## Deletes a stack, and says what is left: STACK=name.
	@[ -n "$(STACK)" ] || { echo 'STACK=name is needed'; exit 2; }
	cloudformation/undeploy "$(STACK)"

.PHONY: deploy-cloudflare worker-package
deploy-cloudflare: worker ## Deploys the Worker: ENV=staging or production; without one, for the free plan.
	node worker/configure.mjs
	wrangler deploy --config wrangler.json --env "$(ENV)"

worker-package: worker ## A folder, worker/dist, that `npm install && npm run deploy` deploys without Rust.
	node worker/configure.mjs --package worker/dist

# ---- operation ----

.PHONY: purge warm
purge: node_modules/.package-lock.json ## Deletes what was made of originals: KEYS="a.jpg b.jpg" DISTRIBUTION=id ENDPOINT=url (R2's, for example).
	@node lambda/purge.mjs $(if $(DISTRIBUTION),--distribution "$(DISTRIBUTION)") $(if $(ENDPOINT),--endpoint "$(ENDPOINT)") $(KEYS)

warm: ## Asks for images ahead of visitors: URL=https://… LIST=file PRESETS=a,b.
	@node ops/warm.mjs $(if $(PRESETS),--presets "$(PRESETS)") --done .deckle/warmed "$(URL)" "$(LIST)"

# ---- tests ----

.PHONY: test test-rust test-tools test-wasm test-js lint
test: setup-test lint test-rust test-tools fuzz-check instructions test-wasm test-js ## Everything, on real parts: workerd, njs, an S3 server, sharp.

lint: ## Formatting, clippy, lock files and generated text that are current, no circles of imports, no half-merged files.
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo fmt --manifest-path tools/Cargo.toml --check
	for manifest in Cargo.toml fuzz/Cargo.toml tools/Cargo.toml; do cargo metadata --locked --format-version 1 --manifest-path $$manifest >/dev/null || exit; done
	cargo clippy --quiet --locked --workspace --exclude deckle-worker --exclude deckle-wasm --all-targets -- -D warnings
	node scripts/readme-table.mjs --check
	node scripts/circles.mjs
	! git grep -nE '^(<{7}|>{7}) '

.PHONY: deny
deny: $(CARGO_DENY_DIR)/bin/cargo-deny ## Licences, sources and known faults of dependencies, by deny.toml: DENY="licenses bans sources" without GitHub.
	for manifest in Cargo.toml fuzz/Cargo.toml tools/Cargo.toml; do \
		cargo deny --locked --manifest-path $$manifest --config deny.toml check $(DENY) || exit; \
	done
DENY ?= all

test-rust: ## Unit, property, golden and parity tests, natively.
	cargo test --quiet --locked --workspace --exclude deckle-worker --exclude deckle-wasm
	cargo test --quiet --locked -p deckle-worker --lib

# what was compiled to make the tool is used again
test-tools: ## The crate that stands in for wasm-bindgen's tools.
	CARGO_TARGET_DIR=$(TOOLS)/target cargo test --quiet --locked --release --manifest-path tools/Cargo.toml

.PHONY: test-thorough
test-thorough: ## More of the same, some minutes: every size to 65 × 65 in each JPEG corpus, every mutation of every fixture.
	JPEG_THOROUGH=1 cargo test --quiet --locked --release -p deckle-jpeg --test corpus
	DECKLE_THOROUGH=1 cargo test --quiet --locked --release -p deckle --test mutation

# release builds, which share their dependencies with `make wasm`
test-wasm: wasm ## Core operations and libwebp on wasm32, in Node.
	$(ON_WASM) -p deckle --test everywhere --test pipeline_memory
	$(ON_WASM) -p deckle-webp --lib --test everywhere --test memory --test decode
ON_WASM := CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	cargo test --quiet --locked --release --target wasm32-unknown-unknown

test-js: wasm worker cf-function lambda demo setup-chromium ## Parity and fuzz, truth, hosts end to end, and that the Worker could be deployed.
	node --test --test-reporter=$(TEST_REPORTER) $(JS_TESTS)
	wrangler deploy --env "" --config wrangler.toml --dry-run --outdir "$(CURDIR)/.deckle/dry-run" 2>&1 | grep -E 'Total Upload|dry-run'

TEST_REPORTER ?= spec
JS_TESTS := $(sort $(shell find bench cf-function cloudformation examples demo lambda local ops scripts tests -name '*.test.mjs' -not -path '*/node_modules/*' 2>/dev/null))

.PHONY: conformance
conformance: wasm node_modules/.package-lock.json ## Cases of AWS's Serverless Image Handler: FILE=cases.jsonl.
	@node tests/conformance/run.mjs "$(FILE)"

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
		mkdir -p fuzz/corpus/$$target && find fixtures -size -30k \( -name '*.*g*' -o -name '*.webp' \) -exec cp {} fuzz/corpus/$$target \; && \
		cargo +$(FUZZ_TOOLCHAIN) fuzz run $$target fuzz/corpus/$$target fuzz/corpus/seeds -- \
			-max_total_time=$(FUZZ_SECONDS) -timeout=60 -max_len=30000 -dict=fuzz/jpeg.dict || exit; \
	done

# ---- bench ----

.PHONY: bench
bench: wasm node_modules/.package-lock.json bench/node_modules/.package-lock.json ## Against sharp and other wasm: JOBS=quick, JOBS="10mp-400 6mp-400", CONTENDERS="deckle sharp".
	@JOBS="$(JOBS)" CONTENDERS="$(CONTENDERS)" node --expose-gc bench/run.mjs

bench/node_modules/.package-lock.json: bench/package.json bench/package-lock.json
	cd bench && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: instructions
instructions: cli setup-valgrind ## Instructions of the native program (x86-64), against bench/instructions.json: BLESS=1 writes it.
	@node bench/instructions.mjs "$$CARGO_TARGET_DIR/release/deckle" $(BLESS)

# ---- set-up ----

.PHONY: setup-wasm setup-test setup-rust setup-clang setup-njs setup-valgrind setup-chromium setup-lambda-runtime setup-aws-python
setup-rust:
	@rustup show active-toolchain >/dev/null 2>&1 || rustup toolchain install
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
setup-wasm: setup-rust setup-clang node_modules/.package-lock.json $(WASM_BINDGEN_DIR)/bin/wasm-bindgen
# $(call debian,test,packages): installs Debian packages unless the test succeeds
debian = { $(1); } >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && sudo= || sudo=sudo; \
	$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $(2); }
# where there is no apt-get, the wrapper that finds nothing prints what to install
setup-clang:
	@! command -v apt-get >/dev/null || $(call debian,webp/wasm32/clang --version && webp/wasm32/ar --version,clang-19 llvm-19)
	@webp/wasm32/clang --version >/dev/null && webp/wasm32/ar --version >/dev/null
setup-njs:
	@$(call debian,command -v njs,njs)
# the page's tests drive it; where there is no apt-get, they look for it and skip, saying so
setup-chromium:
	@! command -v apt-get >/dev/null || $(call debian,command -v chromium || command -v google-chrome,chromium)
setup-valgrind:
	@[ "$$(uname -m)" != x86_64 ] || $(call debian,command -v valgrind,valgrind)
setup-test: setup-wasm setup-njs setup-chromium setup-lambda-runtime setup-aws-python $(S3_SERVER_DIR)/bin/s3s-fs
setup-lambda-runtime: $(LAMBDA_RUNTIME_DIR)/index.mjs
setup-aws-python:
	@$(call debian,python3 -c 'import ensurepip$(comma) venv',python3-venv)
	@scripts/aws-python $(TOOLS)/aws-python

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(LAMBDA_RUNTIME_DIR)/index.mjs:
	scripts/lambda-runtime $(@D)
$(WASM_BINDGEN_DIR)/bin/wasm-bindgen:
	scripts/tool $(@D:/bin=) wasm-bindgen-cli $(WASM_BINDGEN_VERSION) "wasm-bindgen wasm-bindgen-test-runner" --path tools
$(CARGO_FUZZ_DIR)/bin/cargo-fuzz:
	scripts/tool $(@D:/bin=) cargo-fuzz $(CARGO_FUZZ_VERSION) cargo-fuzz
$(CARGO_DENY_DIR)/bin/cargo-deny:
	scripts/tool $(@D:/bin=) cargo-deny $(CARGO_DENY_VERSION) cargo-deny
$(S3_SERVER_DIR)/bin/s3s-fs:
	scripts/tool $(@D:/bin=) s3s-fs $(S3_SERVER_VERSION) s3s-fs --features binary

.PHONY: clean
clean: ## Removes what the builds wrote; tools and node_modules stay.
	rm -rf target wasm/pkg worker/build cf-function/dist lambda/dist cloudformation/dist worker/dist wrangler.json demo/dist .deckle
