# Each target is a script of the same name in scripts/; it installs what it needs.

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-million bench-web dev build generate screenshots fuzz audit

help: ## Show what there is
	@sed -n 's/^\([a-z-]*\): ## \(.*\)/make \1\t\2/p' Makefile | expand -t 22

run: ## Build everything and serve a demo workspace at http://127.0.0.1:8080
	@scripts/run

test: ## Run every test, on SQLite and on a PostgreSQL started for it
	@scripts/test

check: ## Format, lints, types, dependencies, generated files
	@scripts/check

bench: ## Measure what docs/performance.md reports
	@scripts/bench

bench-million: ## Measure questions over a million leads, beside SQL and bare loops
	@scripts/bench-million

bench-web: ## Measure in a real browser what a person waits for, LIGHTHOUSE=1 with its scores
	@scripts/bench-web

dev: ## Server from source and the web app with live reload
	@scripts/dev

build: ## Build the web app and the release binary with it inside
	@scripts/build

generate: ## Write the generated files: API description, web API types, configuration page
	@scripts/install-tools build
	@scripts/build-web --dist
	@scripts/generate

screenshots: ## Take pictures of every screen into target/screenshots
	@scripts/screenshots

fuzz: ## Feed made-up inputs to what reads files and filters, MINUTES=5 for each
	@scripts/fuzz $(or $(MINUTES),5)

audit: ## Look the dependencies up in the advisory database
	@scripts/install-tools build check
	@cargo deny check advisories
