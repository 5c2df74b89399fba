# Every target sets up what it needs; a fresh clone needs Python 3.11, make and pip only.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
REFERENCE := .venv-reference
BIN := $(VENV)/bin
JOBS ?= 2

# One thread per process: the tests run in several processes, the benchmarks set their own count.
export OMP_NUM_THREADS ?= 1
export MXNET_SUBGRAPH_VERBOSE := 0

.PHONY: help setup reference demo test lint golden golden-check conformance benchmark stubs differences clean

help:
	@echo "make demo        train LeNet on real digits, save it, check it, write demo/lenet.html"
	@echo "make test        lint, types, tests and doctests"
	@echo "make lint        lint and types alone"
	@echo "make golden      record what the real MXNet 1.9.1 does into tests/golden"
	@echo "make golden-check run the real MXNet again and compare with tests/golden"
	@echo "make conformance count what agrees with it, and write tests/conformance/README.md"
	@echo "make stubs       write the .pyi stubs of mx.nd and mx.sym from the registry"
	@echo "make benchmark   time ours and the real MXNet 1.9.1, alternating in one run"
	@echo "make clean       remove both environments"

setup: $(VENV)/.installed
reference: $(REFERENCE)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	touch $@

$(REFERENCE)/.installed:
	test -x $(REFERENCE)/bin/python || $(PYTHON) -m venv $(REFERENCE)
	$(REFERENCE)/bin/python -m pip install --quiet mxnet==1.9.1 numpy==1.23.5 scipy==1.10.1 \
		opencv-python-headless==4.7.0.72
	touch $@

demo: setup
	$(BIN)/python -m mxnet demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n $(JOBS) -q

golden: reference
	$(REFERENCE)/bin/python -m tests.golden.record $(ARGS)

conformance: setup
	$(BIN)/python -m tests.conformance.report

golden-check: reference
	$(REFERENCE)/bin/python -m tests.golden.record --check

differences: setup
	$(BIN)/python -m tools.differences

stubs: setup
	$(BIN)/python -m tools.stubs

benchmark: setup reference
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) $(REFERENCE)
