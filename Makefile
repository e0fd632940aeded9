# Everything runs from .venv, which bootstrap.py makes and keeps up to date.
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py

.PHONY: help run test lint bench soak messages lock setup format clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run:  ## set up what is missing, then serve http://127.0.0.1:$PORT with demonstration data
	@python3 bootstrap.py base
	@DEMO=1 exec $(MANAGE) serve

test:  ## all tests: SQLite, PostgreSQL where a server answers, browser and real services
	@python3 bootstrap.py dev --browser
	@$(PYTHON) tests/all.py

lint:  ## formatter, linter, types, import floors, migrations, words, templates
	@python3 bootstrap.py dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(MANAGE) check
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check_messages
	.venv/bin/djlint --lint --quiet .
	@if [ -d node_modules/eslint ]; then PATH="$$PWD/.venv/bin:$$PATH" npm run --silent lint; \
	else echo "JavaScript: not checked, npm could not install its tools"; fi

bench:  ## figures as ratios to a bare reference measured in the same run; SIZE=large for more
	@python3 bootstrap.py dev
	@$(PYTHON) -m bench

soak:  ## 200 random faults, 500 photos, one phone; the last line is the ledger
	@python3 bootstrap.py dev --browser
	@$(PYTHON) -m tests.soak

messages:  ## bring the English catalogue in step with code and templates
	@python3 bootstrap.py dev
	@$(PYTHON) -m config.words update

lock:  ## pin requirements/*.in anew, hash by hash
	@python3 bootstrap.py dev
	@for name in uv base dev; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-header --output-file requirements/$$name.lock requirements/$$name.in || exit 1; \
	done

setup:  ## only install
	@python3 bootstrap.py dev

format:  ## put code and imports in order
	@python3 bootstrap.py dev
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

clean:  ## remove caches; never data
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
