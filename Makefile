# Everything a newcomer needs; `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BROWSER = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.DEFAULT_GOAL := help
.PHONY: help demo run test test-browser check bench migrate lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@echo "Installing into $(VENV) (a minute or two the first time)…"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar off --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP) ## Run the bot on the sandbox, on this machine, to try it (Ctrl-C ends)
	@$(BIN)/bilan demo

run: $(STAMP) ## Run the bot with the settings of .env
	@$(BIN)/bilan run

test: $(STAMP) ## Run every test
	@test -n "$(BROWSER)" || echo "No Chromium here: the tests in a real browser are left out; make test-browser installs one."
	@$(BIN)/pytest -n 2 --dist worksteal $(if $(BROWSER),,--ignore tests/browser)

test-browser: $(STAMP) ## Run the tests in a real browser, which is installed if it is missing
	@tools/browser.sh
	@$(BIN)/pytest tests/browser

check: $(STAMP) ## Lint, types, import rules, content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/bilan content check

bench: $(STAMP) ## Measure speed and quality, as ratios in one run
	@$(BIN)/python -m tests.bench.bench_matching
	@$(BIN)/python -m tests.bench.bench_wave

migrate: $(STAMP) ## Bring the database of .env up to date
	@$(BIN)/bilan migrate

lock: ## Resolve the dependencies again into requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra sandbox --extra dev --python-version 3.11 --universal \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-data
