# Two commands do everything on a machine with Python 3.11 or newer: `make demo` and `make test`.
# Each makes the environment .venv first, if it isn't there, and installs what it needs into it.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test bench operations clean

demo: .venv/.installed
	@mkdir -p demo
	$(BIN)/python -m autograd "c = a + b; d = b + 1; e = c * d" a=2 b=1 --paths b --explain b --svg demo/expression.svg --step demo/expression.html
	$(BIN)/python -m nn iris --svg demo/iris-neuron.svg

test: .venv/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

bench: .venv/.installed-benchmarks
	$(BIN)/python benchmarks/engine.py

operations: .venv/.installed
	$(BIN)/python -m autograd.table > autograd/OPERATIONS.md

clean:
	rm -rf .venv demo

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "pathgrad needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.installed-%: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@ .venv/.installed
