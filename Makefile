# make run   — makes the environment, then starts the playground (Telegram when DAIFA_BOT_TOKEN is set)
# make test  — makes the environment, then runs every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint types bench torture upheaval mutants lock texts clean

run: $(READY)
	$(BIN)/daifa run

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy .

# Into docs/performance.md, half an hour on an idle machine; what it measures: `python -m bench --help`.
bench: $(READY)
	$(BIN)/python -m bench --write

# Every promise as a figure, at full size, into docs/reliability.md: hours. PART=kills: one of them;
# SHARE=0.1: a tenth of all sizes, and the page says so.
torture: $(READY)
	$(BIN)/python -m pytest --torture --share $(or $(SHARE),1) --capture=no tests/torture$(if $(PART),/test_$(PART).py)

# Ten thousand orders in an unwell platform's hands: `make test` has six hundred of them.
upheaval: $(READY)
	UPHEAVAL_ORDERS=10000 $(BIN)/python -m pytest tests/platforms/test_ten_thousand.py --durations=1

# Small faults put into core/ on purpose: how many the tests notice. SAMPLE=1000 draws more.
mutants: $(READY)
	$(BIN)/python -m pip install --quiet mutmut
	$(BIN)/python -m tests.mutants --sample $(or $(SAMPLE),300)

# The locks name no index: each machine uses its own. The image's is the part that runs the house.
LOCKED := --universal --generate-hashes --no-emit-index-url --no-header --quiet
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev $(LOCKED) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --constraint requirements.lock $(LOCKED) --no-annotate \
		--output-file deploy/requirements.lock

# Collect the texts of the bot into the Chinese catalogue; new ones wait there to be translated.
texts: $(READY)
	$(BIN)/python -m app.texts

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "daifa needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) build *.egg-info
