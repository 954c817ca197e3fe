# Two commands matter: `make demo` and `make test`. `make help` lists the others.
.DEFAULT_GOAL := help
.PHONY: help install demo test check proof bench format docs lock clean builders
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
OURS := noroshi.py core push web tui
ALL := $(OURS) tests bench docs

# The first Python here that is new enough; `make PYTHON=… install` chooses another.
ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(ENOUGH)' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
HASHED := $(PIP) --no-build-isolation --use-pep517 --require-hashes

help:
	@echo "make demo     a sample desk: server, engine, terminal"
	@echo "make test     the test suite"
	@echo "make install  only build .venv, with .venv/bin/noroshi"
	@echo
	@echo "For builders:"
	@echo "make check    format, lint, types, rules, tests: what CI runs"
	@echo "make proof    the long figures      make bench   the measurements"
	@echo "make format   put the code in form  make docs    write docs/reference anew"
	@echo "make lock     pin requirements anew make clean   remove .venv and caches"

install: $(VENV)/.project
	@$(BIN)/python -m compileall -q $(OURS)

demo: install
	@$(BIN)/noroshi demo

test: install $(VENV)/.test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not proof" tests

check: install builders
	$(BIN)/ruff format --check $(ALL)
	$(BIN)/ruff check $(ALL)
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/rules
	$(MAKE) test

proof: install $(VENV)/.test
	$(BIN)/python -m pytest -q -m "proof or property" -o faulthandler_timeout=900 tests

bench: install $(VENV)/.test
	$(BIN)/python -m bench

format: builders
	$(BIN)/ruff check --fix-only --quiet $(ALL)
	$(BIN)/ruff format $(ALL)

docs: install builders
	$(BIN)/python -m docs.generate

# Addresses of package indexes stay out of the files: everybody uses their own.
lock: builders
	cd requirements && for part in base test dev build; do \
		CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/pip-compile --quiet --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --generate-hashes --allow-unsafe --strip-extras --output-file=$$part.txt $$part.in || exit 1; \
	done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

builders: $(VENV)/.test $(VENV)/.dev

# Stamps: each step runs again only when what it was made from has changed.
$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "noroshi needs Python 3.11 or newer with venv (on Debian: python3 and python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: requirements/base.txt requirements/build.txt | $(VENV)/.made
	@echo "Installing into $(VENV): about half a minute, once."
	$(PIP) --require-hashes -r requirements/build.txt
	$(HASHED) -r requirements/base.txt
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	$(HASHED) -r requirements/test.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(HASHED) -r requirements/dev.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.base
	$(PIP) --no-build-isolation --no-deps --config-settings editable_mode=compat --editable .
	@touch $@
