# Two commands do everything: `make demo` and `make test`. Both fetch what is missing first.
.DEFAULT_GOAL := help
SHELL := /bin/sh
UV := $(shell .ci/uv)

.PHONY: help demo serve test check format bench soak sbom clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

demo: ## Load the sample collection and serve it on this machine only
	@$(UV) sync --frozen --quiet --no-dev
	@$(UV) run --frozen --no-sync python manage.py demo

serve: ## Serve your own collections (see docs/guide.md for the settings)
	@$(UV) sync --frozen --quiet --no-dev
	@$(UV) run --frozen --no-sync python manage.py serve

test: ## Install what the tests need, a browser too, and run every check
	@$(UV) sync --frozen --quiet
	@.ci/browser
	@$(UV) run --frozen --no-sync .ci/checks

check: ## Everything that `make test` runs before the tests
	@$(UV) sync --frozen --quiet
	@$(UV) run --frozen --no-sync .ci/checks --static

format: ## Let the formatters have their way
	@$(UV) run --frozen ruff check --fix --quiet
	@$(UV) run --frozen ruff format --quiet
	@$(UV) run --frozen djade --target-version 6.1 $$(git ls-files 'templates/*.html')

bench: ## Print the measured claims
	@for file in benchmarks/*.py; do $(UV) run --frozen python $$file || exit 1; done

soak: ## Run the long trials: mutated files, kills, growth
	@$(UV) sync --frozen --quiet
	@$(UV) run --frozen --no-sync pytest --quiet -m soak tests

sbom: ## Write sbom.cdx.json, the bill of materials of what a site runs
	@$(UV) run --frozen --no-sync python .ci/sbom $(UV) > sbom.cdx.json

clean: ## Remove what was made, but never the data
	rm -rf .venv .uv .node node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
