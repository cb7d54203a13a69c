# make run: the dashboard.  make test: every check.  Both set up what they need on first call.
# A mirror or an index for CPU wheels of torch: PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, as for any pip.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint types unit clean

run: $(VENV)/ready
	$(BIN)/python app.py

test: $(VENV)/ready-dev lint types unit

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev
	$(BIN)/mypy

# Two at a time; what measures speed or kills processes has the machine for itself afterwards.
unit: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not alone"
	$(BIN)/python -m pytest -m alone

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null \
		|| { rm -rf $(VENV); $(PYTHON) -m pip --version >/dev/null 2>&1 && $(PYTHON) -m pip install --user --quiet virtualenv \
		&& $(PYTHON) -m virtualenv --quiet $(VENV); } \
		|| { rm -rf $(VENV); command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv \
		&& $(PYTHON) -m venv $(VENV); } \
		|| { echo "Python has no venv module here; install python3-venv and call make again."; exit 1; }

$(VENV)/ready: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[formats]'
	@touch $@

# The test browser: Playwright's own, or else Debian's chromium.
$(VENV)/ready-dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,formats]'
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
		|| $(BIN)/playwright install --with-deps chromium >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| echo "No browser could be installed; the browser tests will say so."
	@touch $(VENV)/ready $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
