# `make help` lists what there is. Everything is set up below this folder: .venv and instance.

PYTHON ?= python3
PORT ?= 8080
BIN = .venv/bin
export ARCHIVE_INSTANCE ?= instance

.DEFAULT_GOAL := help
.PHONY: help run test lint messages translations demonstration pictures bench relevance soak fuzz clean

help: ## List these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

.venv/run: setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip "setuptools>=77"
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --editable ".[test]"
	@touch $@

run: .venv/run ## Set up, fill an empty archive with demonstration works, and serve it
	$(BIN)/open-archive init --demonstration
	$(BIN)/open-archive serve --port $(PORT)

test: .venv/test ## Set up and run the whole test suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup --durations 30 --cov --cov-report=term

lint: .venv/test ## Check style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Sentences are marked with _(), or are the first argument of an error or a message.
SENTENCES = Message NotFound Gone Forbidden SignInNeeded NotAllowed Conflict Invalid TooLarge \
	StorageFull Busy Damaged Forged IndexUnavailable PdfError Locked NotPdf Truncated Empty Broken TooHard Spent
messages: .venv/test ## Collect the interface's sentences into the translation catalogues
	$(BIN)/pybabel -q extract -F babel.cfg $(SENTENCES:%=-k %:1) -k _ -k _step:3 --no-location --sort-output \
		--project "Open Archive" -o repository/translations/messages.pot .
	for language in ky ru; do $(BIN)/pybabel -q update -N --no-wrap -l $$language \
		-i repository/translations/messages.pot -d repository/translations; done

translations: .venv/test ## Compile the translation catalogues
	$(BIN)/pybabel -q compile -d repository/translations

pictures: .venv/test ## Take the pictures of the gallery and of the guides anew
	$(BIN)/python docs/pictures.py

demonstration: .venv/test ## Make the demonstration works' files anew
	$(BIN)/python -m ingest.demonstration.make

.venv/bench: .venv/test
	$(BIN)/pip install --quiet --editable ".[bench]"
	@touch $@

bench: .venv/bench ## Measure speed against a baseline in the same run
	$(BIN)/python -m benchmarks

relevance: .venv/test ## Measure how well what is looked for is found
	$(BIN)/python -m benchmarks.relevance

soak: .venv/test ## Prove for ten minutes that no harvester loses a record
	ARCHIVE_SOAK_SECONDS=600 $(BIN)/pytest -k whatever_stalls tests/oai/test_nothing_is_lost.py

fuzz: .venv/test ## Damage the samples of all importers for about half an hour
	ARCHIVE_FUZZ=$${ARCHIVE_FUZZ:-900} $(BIN)/pytest -q tests/ingest/importers/test_fuzz.py

clean: ## Remove what was set up, but not the archive in instance/
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
