# One command sets up and does the thing: `make report`, `make test`, `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= build/sample
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help report test thorough fuzz audit duckdb check checks lint types layers docs man lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Everything comes from lock files, by hash; nothing is resolved at install time. uv takes a tenth of the time that pip
# takes, but reads none of pip's settings: where those name an index or a proxy of one's own, or where uv fails, pip installs
# (not after a Ctrl-C, which pip takes for itself).
# Compiled on all cores, less tests of others and the 1,400 modules of moto, of which the tests load a few.
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
GET_UV := install --no-compile --only-binary :all: --require-hashes -r requirements-install.lock
$(VENV)/.installed: requirements.lock requirements-install.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "codeshare needs Python 3.11, 3.12 or 3.13; this is %d.%d. Try: make PYTHON=python3.12" % v)'
	$(PYTHON) -m venv --clear $(VENV)
	@trap 'exit 130' INT; \
	if ! $(BIN)/python -m pip config list | grep -E '[.](index-url|no-index|proxy|client-cert)=' >/dev/null \
		&& $(PIP) $(GET_UV) \
		&& $(BIN)/uv pip install --quiet --no-config --python $(BIN)/python --require-hashes -r requirements.lock; \
	then :; else echo "pip installs, in a minute"; $(PIP) install --no-compile --require-hashes -r requirements.lock; fi
	-$(BIN)/python -m compileall -qq -j 0 -x '[/\\](tests?|moto)[/\\]' $(VENV)/lib
	$(PIP) install --no-deps --no-build-isolation --editable .
	-$(BIN)/python -m compileall -qq -j 0 codeshare
	@touch $@

report: $(VENV)/.installed ## build the sample company, mine it, write its report
	$(BIN)/python -m sample_repos $(OUT)/repos
	cd $(OUT)/repos && $(CURDIR)/$(BIN)/codeshare --db ../codeshare.duckdb report -o ../report
	@echo
	@echo "Open $(OUT)/report/report.html in a browser."

test: $(VENV)/.installed ## run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not thorough and not long"

thorough: $(VENV)/.installed ## run the tests that take longer for what they find
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "thorough and not long"

fuzz: $(VENV)/.installed ## mutated input, hostile settings, damage and kills by the ten thousands: half an hour (SEED=… repeats a run, PARTS=… are those to try)
	$(BIN)/python -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(PARTS)

check: test checks ## everything that CI looks at

checks: lint types layers docs thorough audit

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

layers: $(VENV)/.installed
	$(BIN)/lint-imports

# Not -q: it would keep warnings from --strict.
docs: $(VENV)/.installed ## are README and docs what the tool prints? builds their site, build/site
	$(BIN)/cog --check README.md docs/*.md
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Weaknesses become known after a commit, and not every runner reaches an index: this tells, and fails only where one is found.
audit: $(VENV)/.installed ## has any pinned dependency a known weakness? (asks an index)
	@command -v pip-audit >/dev/null || { echo "audit left out: pip-audit is not installed (pipx install pip-audit)"; exit 0; }; \
	out=$$(pip-audit --require-hashes --disable-pip -r requirements.lock -r requirements-install.lock --progress-spinner off --timeout 20 2>&1); status=$$?; echo "$$out" | tail -20; \
	case $$out in *"No known vulnerabilities"*|*"known vulnerabilit"*) exit $$status ;; *) echo "audit left out: no index answered" ;; esac

man: $(VENV)/.installed ## write the manual pages, build/man
	$(BIN)/codeshare man build/man

# Oldest that must do, oldest that codeshare itself runs on; the newest is in the lock file.
DUCKDBS ?= 1.2.0 1.4.2
duckdb: $(VENV)/.installed ## do other versions of DuckDB answer the same? (fetches them)
	for version in $(DUCKDBS); do \
		$(BIN)/python -m venv build/duckdb/$$version && \
		build/duckdb/$$version/bin/python -m pip install --quiet --disable-pip-version-check duckdb==$$version || exit 1; done
	CODESHARE_DUCKDB_PYTHONS=$$(printf '$(CURDIR)/build/duckdb/%s/bin/python:' $(DUCKDBS)) $(BIN)/python -m pytest tests/store/test_plain_duckdb.py

# With an environment of its own: what is pinned now may be gone.
LOCK := build/lock/bin
COMPILE := $(LOCK)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate
lock: ## renew the lock files
	$(PYTHON) -m venv --clear build/lock
	$(LOCK)/python -m pip --quiet --disable-pip-version-check $(GET_UV)
	$(COMPILE) --extra cluster --group dev pyproject.toml -o requirements.lock
	$(COMPILE) --group build pyproject.toml --constraint requirements.lock -o requirements-run.lock
	$(COMPILE) --group install -o requirements-install.lock

clean:
	rm -rf $(VENV) build dist
