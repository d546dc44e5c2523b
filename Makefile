# The two commands that matter: `make run` and `make test`. The logic is in tools/, one script per job.
.DEFAULT_GOAL := help
.PHONY: help run test test-fast api-check lint format bench screenshots messages lock vendor clean

TOOL := @sh tools/python.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: ## serve an evaluation copy on http://127.0.0.1:8000/ (HOST=... PORT=...)
	$(TOOL) tools/run.py

test: ## the whole suite on SQLite and PostgreSQL, and the browser tests (ARGS=... for pytest)
	$(TOOL) tools/test.py $(ARGS)

test-fast: ## the suite on SQLite, without a browser (ARGS=... for pytest)
	$(TOOL) tools/test.py --fast $(ARGS)

api-check: ## ask the API everything that its document allows and forbids (an hour; part of it is in `make test`)
	$(TOOL) tools/environment.py dev
	@API_CHECK=full DEBUG=true .venv/bin/python -m pytest tests/process/test_schemathesis.py $(ARGS)

lint: ## ruff, mypy, djlint, import order, migrations, Django's checks
	$(TOOL) tools/lint.py

format: ## rewrite Python files as `make lint` wants them
	$(TOOL) tools/environment.py dev
	@.venv/bin/python -m ruff check --fix --quiet . || true
	@.venv/bin/python -m ruff format .

bench: ## the benchmarks (minutes; ARGS=...)
	$(TOOL) tools/environment.py dev
	@.venv/bin/python -m benchmarks $(ARGS)

screenshots: ## take the pictures of README and docs again (needs Chromium)
	$(TOOL) tools/screenshots.py

messages: ## gather the texts of the application, and bring the translations up to date
	$(TOOL) tools/environment.py dev
	@.venv/bin/python tools/messages.py

lock: ## pin requirements/*.in again (ARGS=--upgrade for the newest versions)
	$(TOOL) tools/lock.py $(ARGS)

vendor: ## fetch the front-end files named in vendor.toml again (needs npm)
	$(TOOL) tools/vendor.py

clean: ## remove .venv and caches; the database in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles test-results
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
