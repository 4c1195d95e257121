PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SYSTEM ?= 1
SERVE  ?= 1

.PHONY: demo run test check format clean

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: $(VENV)/.installed ## load the fictional loans, run the main job, serve
	@SYSTEM=$(SYSTEM) sh tools/system-packages.sh
	$(BIN)/postloan demo $(if $(filter 0,$(SERVE)),--no-serve)

run: $(VENV)/.installed ## serve an empty production instance
	$(BIN)/postloan serve

test: $(VENV)/.installed ## every test; what is skipped is named with its remedy
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n 2 -rfs

check: $(VENV)/.installed ## format, lint, types, import contracts, tests without the heavy markers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n 2 -q -m "not browser and not office and not ocr and not postgres and not corpus and not acceptance"
