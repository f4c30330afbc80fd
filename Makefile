# Two commands do everything on a machine with Python 3.11 or newer, `make demo` and `make test`; `make notebooks` opens the
# lecture, and `make check` is the short form of `make test`.
# Each makes the environment .venv first, if it isn't there, and installs what it needs into it.

ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif
KOREAN_FONT := { ! command -v fc-list >/dev/null || fc-list :lang=ko | grep -q .; }
CHROMIUM := (command -v chromium || command -v chromium-browser || command -v google-chrome) >/dev/null

.PHONY: demo lint check test lanes wheel-check release browser notebooks notebooks-build notebooks-check docs slides docs-check playground playground-serve playground-check bench exports size operations fuzz fuzz-input faults workers mutation determinism clean

demo: .venv/.installed
	@mkdir -p demo
	$(BIN)/python -m autograd "c = a + b; d = b + 1; e = c * d" a=2 b=1 --paths b --explain b --svg demo/expression.svg --step demo/expression.html
	$(BIN)/python -m nn iris --seeds 0 --svg demo/iris-neuron.svg
	@echo
	@echo "Open demo/expression.html in a browser: this page, which steps through both sweeps, is the thing to see."
	@echo "Open demo/expression.svg for the graph, with the local derivative on each edge."
	@echo "Open demo/iris-neuron.svg for a neuron of the network that was trained just now."

lint: .venv/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# For each commit: all tests except the slow ones, which tests/conftest.py names.
check: lint
	$(BIN)/pytest -n auto -m "not slow"

test: lint
	$(BIN)/pytest -n auto -rs
	@$(CHROMIUM) || echo "Without Chromium the step-through page was not tried; see make browser."

# Compiled code with 2, 4 and 8 numbers in a vector (LLVM splits vectors that are wider than the processor's), and as on a
# processor without fused multiply-add, where the C library has other last bits.
COMPILED := tests/test_compiler.py tests/test_plan.py tests/test_training.py tests/test_programs.py tests/test_clipping.py tests/test_shares.py

lanes: .venv/.installed-test
	for lanes in 2 4 8; do PATHGRAD_LANES=$$lanes $(BIN)/pytest -n auto $(COMPILED) || exit 1; done
	GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4 $(BIN)/pytest -n auto $(COMPILED)

# Build the package, and try it in a new environment of each Python that is installed.
wheel-check: .venv/.installed-release
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*
	$(BIN)/pytest -rs .ci/test_wheel.py

# Everything up to `twine upload dist/*`, which the maintainer runs by hand.
release: wheel-check
	@$(BIN)/python -m zipfile --list dist/*.whl
	@echo "Nothing was uploaded. This would be:"
	@ls -l dist

# Random programs in all readings, many more than `make test` runs: make fuzz PROGRAMS=1000000 SEED=1 JOBS=4
PROGRAMS ?= 100000
SEED ?= 0
JOBS ?= 2

fuzz: .venv/.installed-test
	$(BIN)/python tests/tools/fuzz.py --programs $(PROGRAMS) --seed $(SEED) --jobs $(JOBS)

# Ctrl-C at every moment of every call that tests/test_faults.py has, not only at some of the long ones: it takes hours.
faults: .venv/.installed-test
	MOMENTS=1000000 $(BIN)/pytest -n auto tests/test_faults.py

# Workers that are killed at random moments, many more than `make test` kills: make workers KILLS=50 SEED=1
KILLS ?= 50

workers: .venv/.installed-test
	KILLS=$(KILLS) SEED=$(SEED) $(BIN)/pytest tests/test_workers.py -k killed

# The step-through page is tested in Chromium, with a font for its Korean. Without it `make test` skips those tests and
# says so. It is installed only by this target, and only for root on Debian and systems like it.
browser:
	@{ $(CHROMIUM) && $(KOREAN_FONT); } || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
				-o DPkg::Lock::Timeout=300 chromium fonts-nanum >/dev/null; \
		else echo "Chromium or a font for Korean is missing: install them as your system does"; exit 1; fi; }

# A reader's own copies, in notebooks/mine, which git doesn't see: what one writes there stays, and changes no notebook.
notebooks: .venv/.installed-notebooks
	@for folder in en ko; do mkdir -p notebooks/mine/$$folder; for file in notebooks/$$folder/*.ipynb; do \
		[ -e notebooks/mine/$$folder/$${file##*/} ] || cp $$file notebooks/mine/$$folder/; done; done
	$(BIN)/jupyter lab notebooks/mine

notebooks-build: .venv/.installed-notebooks
	$(BIN)/python notebooks/build.py

notebooks-check: .venv/.installed-notebooks
	$(BIN)/python notebooks/build.py --check

# The site, in build/docs: open build/docs/index.html.
docs: .venv/.installed-docs
	$(BIN)/python docs/site/build.py

# The notebooks as slides, in build/slides: open build/slides/index.html.
slides: .venv/.installed-docs
	$(BIN)/python docs/site/slides.py

# Each of their pages in Chromium: links, errors, width, contrast.
docs-check: docs slides .venv/.installed-test
	$(BIN)/pytest -n auto -rs .ci/test_site.py .ci/test_slides.py

# A folder of static files, build/playground, in which the package runs in a browser, without a network.
playground: .venv/.installed
	$(BIN)/python docs/site/playground.py

PORT ?= 8000

playground-serve:
	@test -d build/playground || { echo "there is no build/playground yet: type make playground"; exit 1; }
	@echo "open http://127.0.0.1:$(PORT)/; Ctrl-C ends it"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/playground $(PORT)

# Each of its rooms in Chromium: every control, width, contrast, and no other host.
playground-check: playground .venv/.installed-test
	$(BIN)/pytest -rs .ci/test_playground.py

bench: .venv/.installed-benchmarks
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/compiled.py
	$(BIN)/python benchmarks/waiting.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/estimators.py

# The same bits under ten hash seeds, and on other Pythons that have what `pip install -e ".[test]"` brings:
# make determinism PYTHONS=".venv-3.13/bin/python"
determinism: .venv/.installed-test
	$(BIN)/python tests/tools/determinism.py $(PYTHONS)

# The tests of exports to JAX, PyTorch and ONNX, which `make test` leaves out where these are missing. PyTorch is the CPU's.
exports: .venv/.installed-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[jax,onnx]" onnxruntime torch==2.13.0 || { \
		echo "JAX, ONNX's runtime and PyTorch can't be installed here, so the exports to them were not tried"; exit 0; }; \
	$(BIN)/pytest -n auto tests/test_export.py tests/test_export_jax.py tests/test_export_onnx.py tests/test_export_torch.py

size: .venv/.installed-benchmarks
	$(BIN)/python benchmarks/size.py

# Whether the suite sees faults; an hour or two. One file: make mutation FILE=autograd/paths.py; after a stop: RESUME=--resume.
mutation: .venv/.installed-test
	$(BIN)/python tests/tools/mutation.py $(RESUME) $(FILE)

operations: .venv/.installed
	$(BIN)/python -m autograd.table > autograd/OPERATIONS.md
	$(BIN)/python -m autograd.table --methods > autograd/methods.pyi
	$(BIN)/python -m nn.table > docs/optimizers.md

# Hostile expressions, model files and labels, for SECONDS seconds; the same SEED tries the same inputs.
SECONDS ?= 600
SEED ?= 0
fuzz-input: .venv/.installed-test
	$(BIN)/python tests/tools/fuzz_input.py $(SECONDS) $(SEED)

clean:
	rm -rf .venv build demo dist

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "pathgrad needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(INSTALL_VENV); }
	$(PYTHON) -m venv .venv
	@touch $@

# Debian and Ubuntu keep a part of Python that makes environments in a package of its own.
VENV_PACKAGE = $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
INSTALL_VENV = if ! command -v apt-get >/dev/null; then \
		echo "This Python can't make environments: install its venv and ensurepip as your system does."; exit 1; \
	elif [ "$$(id -u)" != 0 ]; then \
		echo "This Python can't make environments; type: sudo apt-get install $(VENV_PACKAGE)"; exit 1; \
	else \
		echo "installing $(VENV_PACKAGE)"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends \
			-o DPkg::Lock::Timeout=300 $(VENV_PACKAGE) >/dev/null; \
	fi

.venv/.installed: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.installed-%: .venv/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@ .venv/.installed
