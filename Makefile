# Segmenta. `make run` and `make test` need nothing but Python 3.11 or later.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test bench lint types migration translations install install-test install-dev

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# the last source distribution of docxtpl that holds its example documents; without it their tests are skipped
EXAMPLES = docxtpl==0.5.8

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable . --group test
	-$(BIN)/python -m pip download --quiet --no-deps --no-binary :all: --dest $(VENV)/examples $(EXAMPLES)
	touch $@

$(VENV)/installed-dev: $(VENV)/installed-test
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

install: $(VENV)/installed
install-test: $(VENV)/installed-test
install-dev: $(VENV)/installed-dev

run: install
	$(BIN)/flask --app app serve --host $(HOST) --port $(PORT)

test: install-test translations
	$(BIN)/python -m pytest -q -n 2

bench: install-test
	$(BIN)/python -m bench

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev
	$(BIN)/mypy

translations: install
	$(BIN)/flask --app app translations

# before the first release there is one migration, made anew from the models
migration: install
	flock $(VENV)/migration.lock $(BIN)/python migrations/regenerate.py
