# The commands of this repository. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Every folder with a go.mod.
MODULES := $(patsubst ./%,%,$(patsubst %/go.mod,%,$(sort $(shell find . -name go.mod \
	-not -path '*/.*' -not -path '*/testdata/*' -not -path '*/node_modules/*'))))
FUZZTIME ?= 1m
FAULTS ?= 120s
# What the demo is built with: nobody debugs it, and without debug information the
# first build, which compiles the standard library, takes half the time.
LEAN := -gcflags=all=-dwarf=false '-ldflags=-s -w'
CHROMIUM ?= chromium

.PHONY: $(shell grep -oE '^[a-z-]+:' Makefile | tr -d :)

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

demo: ## start an emulated Clerk and the example service, and send it requests
	@mkdir -p .bin
	@CGO_ENABLED=0 go build $(LEAN) -o .bin/ ./clerktest/cmd/emulator ./examples/endpoints ./examples/endpoints/demo
	@.bin/demo -emulator .bin/emulator -service .bin/endpoints

demo-sync: ## change an emulated instance a thousand times, and compare a PostgreSQL that follows it
	@mkdir -p .bin
	@CGO_ENABLED=0 go build -C examples/usersync $(LEAN) -o ../../.bin/usersync .
	@CGO_ENABLED=0 go build -C examples/usersync $(LEAN) -o ../../.bin/demo-sync ./demo
	@.bin/demo-sync -usersync .bin/usersync

demo-mcp: ## let a client of MCP find its way to the tool of a protected MCP server
	@go run -C examples/mcp ./demo

webapp: ## start the example site with an emulated Clerk, until interrupted
	@go run ./examples/webapp/demo

test: ## run every test of every module, the packages for users with the race detector
	go test -race ./...
	@mkdir -p .bin # examples once more, because verbose runs print into their output
	go test -race -v -run '^Example' ./... >.bin/examples.log 2>&1 || { grep -A 20 -e '^--- FAIL' -e '^# ' -e '^panic' .bin/examples.log; exit 1; }
	@# -count 1, because a kept result knows nothing of files outside of its module, such as pages.
	@for module in $(filter-out . internal/lint,$(MODULES)); do echo "go test -C $$module ./..."; go test -C $$module -count 1 ./...; done
	@command -v redis-server >/dev/null || echo 'skipped: no processes shared a rate limit, which needs redis-server'
	@{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || echo 'skipped: no table was compared with an instance, and no row-level policy was tried, which needs PostgreSQL (Debian: postgresql)'
	@{ command -v node && command -v npm; } >/dev/null || echo 'skipped: nothing was compared with the JavaScript SDK, nor was the emulator tried with it and with the command-line tool, which needs node and npm'

test-browser: ## sign in and out in headless Chromium, which is installed when it is not there
	@command -v $(CHROMIUM) >/dev/null || { apt-get update -qq && apt-get install -qqy --no-install-recommends chromium; }
	CLERK_BROWSER=$(CHROMIUM) go test -C internal/conformance -count 1 -timeout 3m ./browser

check: tools ## fail on files that make fix or make surface would change, and on findings of make lint
	.bin/stale generate format tidy readme
	.bin/exports -check
	.bin/spec check
	@$(MAKE) --no-print-directory lint

fix: generate format tidy readme surface ## write every file that make check compares

lint: ## run go vet, go fix, staticcheck and deadcode on every module, and actionlint
	internal/lint/run $(MODULES)

vulnerabilities: ## look for known vulnerabilities in every module, with the network
	@for module in $(MODULES); do echo "govulncheck of $$module"; \
		packages=$$(go list -C $$module ./... 2>/dev/null | grep -q . && echo ./... || echo '-scan module'); \
		go run -C $$module golang.org/x/vuln/cmd/govulncheck@v1.9.0 $$packages; \
	done

generate: ## make the Go code from openapi/
	go generate ./...

format: ## format the Go files
	@find . -name '*.go' -not -path '*/.*' -not -path '*/node_modules/*' -exec gofmt -w {} +

tidy: ## tidy every go.mod
	@for module in $(MODULES); do go -C $$module mod tidy; done

surface: tools ## write docs/surface.txt, the exported declarations, unless one is gone unannounced
	.bin/exports

spec: tools ## import another published document, and build with it: make spec SPEC=path-or-URL
	@test -n "$(SPEC)" || { echo 'usage: make spec SPEC=path-or-URL'; exit 2; }
	@.bin/spec import "$(SPEC)"

spec-diff: tools ## print what another published document would change: make spec-diff SPEC=path-or-URL
	@test -n "$(SPEC)" || { echo 'usage: make spec-diff SPEC=path-or-URL'; exit 2; }
	@.bin/spec diff "$(SPEC)"

readme: tools ## copy the compiled examples into README.md and the pages of docs/
	.bin/readme

judge: ## compare package auth with two versions of Clerk's JavaScript SDK on ten thousand requests
	go run -C internal/conformance ./judge

faults: ## put the example service under load while Clerk fails, for FAULTS (120 s)
	go run -C internal/conformance ./faults -lasts $(FAULTS)

bench: ## measure verification and calls beside their floors and the published SDK, in one run
	go run -C internal/bench .
	go test -C internal/bench -run '^$$' -bench . -benchtime 1x .

cost: ## measure what the SDK costs a program: cold build, binary, modules
	go run -C internal/bench ./cost

fuzz: ## run every fuzz target for FUZZTIME each
	@failed=0; for package in $$(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n1 dirname | sort -u); do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$package/*_test.go | sed 's/^func //'); do \
			(cd $$package && go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x .) || failed=1; \
		done; \
	done; exit $$failed

emulator: ## serve an emulated Clerk on 127.0.0.1:4010 until interrupted
	go run ./clerktest/cmd/emulator -addr 127.0.0.1:4010

tools:
	@go build -C internal/tools -o ../../.bin/ tool
