# `make demo` and `make test` are all that a newcomer needs; both set up what is missing.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
OUT := build/demo

.PHONY: setup demo test lint eval bench ablation bench-batch bench-kills bench-service fuzz-service dist-check docs
.DEFAULT_GOAL := setup

setup: .venv/.installed  ## the package and its tools in .venv; does nothing where that is up to date

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q pipeline  # commands start at once, also where Python is told to write no bytecode
	touch $@

demo: setup  ## the corpus to facts, in build/demo, with a page to look at; one article shown, all judged against gold
	$(BIN)/autofacts extract corpus/articles/fr-*.md --output $(OUT)
	@echo
	$(BIN)/autofacts show corpus/articles/fr-b03-tesla-baisse-2021.md
	@echo
	@wc -l $(OUT)/*.jsonl
	$(BIN)/autofacts report $(OUT) --html $(OUT)/report.html
	@echo
	$(BIN)/autofacts evaluate --gold corpus/gold --facts $(OUT)/facts.jsonl --lang fr

test: setup
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: setup  ## extracts the development articles and holds the scores against the floors in corpus/baseline.json
	$(BIN)/autofacts evaluate --gold corpus/gold --articles corpus/articles --split dev --lang fr \
		--html build/eval.html --baseline corpus/baseline.json

bench: setup  ## speed beside spaCy's full pipeline (installs it), and growth with length; results in build/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python benchmarks/bench_extract.py

ablation: setup  ## what each part adds, on the development split
	$(BIN)/python benchmarks/ablation.py

bench-service: setup  ## requests a second of the service, with 1 to 50 clients at once
	$(BIN)/python benchmarks/bench_service.py

fuzz-service: setup  ## some thousands of requests made from the description of the service, right and wrong ones
	FUZZ_EXAMPLES=3000 $(BIN)/pytest tests/test_service.py -k fuzz

dist-check: setup  ## wheel and source package: built, checked, installed in an empty environment, and run there
	BIN=$(BIN) PYTHON=$(PYTHON) .ci/dist-check

bench-batch: setup  ## whole runs over 20,000 articles beside spaCy, memory up to 100,000: hours on a small machine
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python benchmarks/bench_batch.py

bench-kills: setup  ## kills a hundred runs at random moments and compares what comes out after going on; bad articles
	$(BIN)/python benchmarks/bench_kills.py --quick
	$(BIN)/python benchmarks/bench_poison.py

.venv/.docs: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	touch $@

docs: .venv/.docs  ## the site of docs/, in build/site: strict, without a network
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@! grep -rnoE '<(script|link|img|iframe)[^>]+(src|href)="https?://[^"]*"' build/site --include='*.html' \
		|| { echo 'a page loads something from a network' >&2; exit 1; }
