# The commands of the project; `make` alone lists them.

PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test fuzz check bench migrate migration lock

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  make \1	\2/p' Makefile

run: .venv/local.stamp ## Start the whole system here (PORT, DATA_DIR, DATABASE_URL, REDIS_URL, SMTP_URL)
	@exec .venv/bin/python -m services.local

test: .venv/dev.stamp .venv/npm.stamp ## Run the tests on throw-away servers (PYTEST="-k ranking" chooses)
	@.venv/bin/python -m pytest -n auto --dist loadfile $(PYTEST)

fuzz: .venv/dev.stamp ## Send 10,000 hostile requests (FUZZ="--requests 500 --login uzhur")
	@.venv/bin/python -m tests.fuzz $(FUZZ)

check: .venv/dev.stamp ## Check format, lint, types and imports
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports

bench: .venv/dev.stamp ## Measure against plain ways of doing the same (BENCH="reads --write")
	@.venv/bin/python -m benches $(BENCH)

migrate: .venv/local.stamp ## Bring the schema of DATABASE_URL to head
	@.venv/bin/python -m services.api.cli migrate

migration: .venv/dev.stamp ## Begin a migration: make migration m="what changes"
	@test -n "$(m)" || { echo 'Name the change: make migration m="what changes"' >&2; exit 2; }
	@.venv/bin/python -m alembic revision -m "$(m)"

lock: ## Choose versions anew and write requirements*.txt (needs uv)
	@command -v uv >/dev/null || { echo 'Install uv to compile the requirements.' >&2; exit 2; }
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) pyproject.toml --extra local -c requirements.txt -o requirements-local.txt
	@$(COMPILE) pyproject.toml --extra local --extra dev -c requirements-local.txt -o requirements-dev.txt

COMPILE = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# What is installed for `test` holds all of what `run` needs: then that is marked too.
.venv/local.stamp: requirements-local.txt
	@$(INSTALL) local

.venv/dev.stamp: requirements-dev.txt
	@$(INSTALL) dev

# What the tests compile a generated TypeScript client with, and an OpenID provider.
.venv/npm.stamp: .venv/dev.stamp $(wildcard tests/clients/*/package-lock.json)
	@.venv/bin/python -m tests.support.npm && touch $@

RECENT = import sys; sys.exit(sys.version_info < (3, 11))
INSTALL = $(PYTHON) -c '$(RECENT)' 2>/dev/null \
	|| { echo 'Python 3.11 or newer is needed, but $(PYTHON) is not. Name one: make PYTHON=python3.12 …' >&2; exit 2; }; \
	$(PYTHON) -m services.local.install
