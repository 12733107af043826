# What there is to make:
#
#   make demo     Socket.IO 0.9.13 from npm: status, diff, apply, apply again, revert. Leaves nothing behind.
#   make test     every check: format, lint, types, layers, and the whole suite against the built wheel
#   make check    the same suite against the checkout, for work in progress (PYTEST='-k name' narrows it)
#   make oracle   random patches over real files, held against acorn (ORACLE='--cases 100000 --seed 7')
#   make fuzz     real files made odd, under patches of every kind (FUZZ='--inputs 100000 --seed 7')
#   make mutations handleUpgrades made odd, run by Node as published and as patched (MUTATIONS='--count 100000')
#   make mutants  small faults planted in the engine, which its tests must notice (MUTANTS='--sample 300 --seed 7')
#   make bench    README's numbers, measured here and now against their peers
#   make reach    how far the patch language reaches: published kinds of transformations, marked (REACH='-v openai')
#   make clean    removes what the others made in this directory
#
# Needs Python 3.11 or newer, Node with npm, and make. Whatever else is wanted is installed into .venv and .venv-wheel.

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python; do \
  "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$each"; break; }; done)
JOBS ?= 2
PIP := -m pip --disable-pip-version-check --no-input -q
PRODUCT := $(shell find codemod patches -type f -not -name '*.pyc') pyproject.toml README.md LICENSE

.PHONY: demo test check lint oracle fuzz mutations mutants bench reach clean
.DEFAULT_GOAL := test

demo: .venv/.product
	@PATH="$(CURDIR)/.venv/bin:$$PATH" sh tests/support/demo.sh

test: lint .venv-wheel/.installed
	SIO_PATCH_SUITE=wheel .venv-wheel/bin/python -m pytest -n $(JOBS) --dist loadgroup $(PYTEST)

check: .venv/.dev
	.venv/bin/python -m pytest -n $(JOBS) --dist loadgroup $(PYTEST)

lint: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

oracle: .venv/.dev
	.venv/bin/python tests/oracle/play.py $(ORACLE)

fuzz: .venv/.dev
	.venv/bin/python tests/fuzz/play.py $(FUZZ)

mutations: .venv/.dev
	.venv/bin/python tests/mutations/play.py $(MUTATIONS)

mutants: .venv/.dev
	.venv/bin/python tests/mutants/play.py $(MUTANTS)

bench: .venv-wheel/.installed
	.venv-wheel/bin/python tests/bench/bench.py

reach: .venv/.dev
	.venv/bin/python tests/bench/reach.py $(REACH)

clean:
	rm -rf .venv .venv-wheel build dist

# A virtual environment of the checkout itself: what is edited is what runs.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; set PYTHON" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.product: pyproject.toml | .venv/bin/python
	.venv/bin/python $(PIP) install -e .
	@touch $@

.venv/.dev: pyproject.toml | .venv/bin/python
	.venv/bin/python $(PIP) install -e '.[dev]'
	@touch $@ .venv/.product

# The wheel, in an environment that has never seen the checkout.
build/wheel/.built: $(PRODUCT) | .venv/bin/python
	rm -rf build/wheel
	.venv/bin/python $(PIP) wheel --no-deps -w build/wheel .
	@touch $@

.venv-wheel/bin/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; set PYTHON" >&2; exit 1; }
	$(PYTHON) -m venv .venv-wheel

.venv-wheel/.installed: build/wheel/.built | .venv-wheel/bin/python
	.venv-wheel/bin/python $(PIP) install --force-reinstall --no-deps build/wheel/*.whl
	wheel=$$(ls build/wheel/*.whl) && .venv-wheel/bin/python $(PIP) install "$$wheel[dev]"
	@touch $@
