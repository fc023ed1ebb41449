# `make demo` and `make test` are all that a newcomer needs; both set up what is missing.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
OUT := build/demo

.PHONY: setup demo test lint eval bench ablation bench-batch bench-kills bench-service fuzz-service dist-check docs \
	setup-locked lock audit fuzz faults growth soak
.DEFAULT_GOAL := setup

setup: .venv/.installed  ## the package and its tools in .venv; does nothing where that is up to date

.venv/.installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q pipeline  # commands start at once, also where Python is told to write no bytecode
	touch $@

setup-locked:  ## the same with exactly the versions of requirements.lock, each held against its hash
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch .venv/.installed

lock: setup  ## writes requirements.lock anew, with the newest versions that pyproject.toml allows, and their licences
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lock]'
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock
	$(BIN)/python security/licences.py --write docs/licences.md

audit: setup  ## the versions in requirements.lock against the list of known vulnerabilities, without a network
	$(BIN)/python security/audit.py

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

FUZZ_SECONDS ?= 600
fuzz: setup  ## each reader, detector and writer and the service on bytes made to break them; finds in build/fuzz
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	$(BIN)/python fuzz/run.py --seconds $(FUZZ_SECONDS)

faults: setup  ## every system call of a run that writes fails in six ways; the next run must mend it
	FAULT_EVERY=1 $(BIN)/pytest tests/test_faults.py

growth: setup  ## every pattern on strings of 1 MB made to take it long, and whole extraction: time must grow as length does
	$(BIN)/python benchmarks/growth.py

SOAK_MINUTES ?= 240
soak: setup  ## extraction and serving for four hours: memory, handles and rate, drawn in build/soak/soak.svg
	$(BIN)/python benchmarks/soak.py --minutes $(SOAK_MINUTES)

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
