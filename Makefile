# make run: the dashboard.  make test: every check.  Both set up what they need on first call.
# A mirror or an index for CPU wheels of torch: PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, as for any pip.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

NODE := PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: run test lint types scripts unit clean

run: $(VENV)/ready
	$(BIN)/python app.py

# What only reads the code runs side by side first; each says what it found in one piece.
test: $(VENV)/ready-dev node_modules/ready
	$(MAKE) --jobs=3 $(if $(filter output-sync,$(.FEATURES)),--output-sync) lint types scripts
	$(MAKE) unit

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev
	$(BIN)/mypy --num-workers 2

# The page's own scripts: rules, types, and tests in node.
scripts: node_modules/ready
	$(NODE) npm run --silent lint
	$(NODE) npm run --silent types
	$(NODE) npm run --silent test

# Two at a time; what measures speed has the machine for itself afterwards.
unit: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/python -m pytest -m alone $$(grep -rl --include='*.py' 'mark\.alone' tests)

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

# The test browser: Playwright's own, or else Debian's chromium. And a Redis for the cluster's tests.
$(VENV)/ready-dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,formats]'
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
		|| $(BIN)/playwright install --with-deps chromium >/dev/null 2>&1 \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| echo "No browser could be installed; the browser tests will say so."
	@command -v redis-server >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
		&& apt-get install -y -qq --no-install-recommends redis-server >/dev/null; } \
		|| echo "No redis-server could be installed; the tests of a queue on Redis will say so."
	@touch $(VENV)/ready $@

# Node itself comes with the development packages.
node_modules/ready: package.json package-lock.json | $(VENV)/ready-dev
	$(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

clean:
	rm -rf $(VENV) node_modules build *.egg-info .pytest_cache .mypy_cache .ruff_cache
