# Needs Python 3.11 or newer (with venv) and make; everything else is set up in .venv.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/ready
NODE := tests/real/node_modules/ready
BROWSER := $(VENV)/browser

.PHONY: talk test test-real pictures check models package certify capacity bench hearing-report slips train fuzz load clean

talk: $(READY)
	@$(RUN)/face-guide talk

test: $(READY)
	$(RUN)/pytest --ignore tests/real

test-real: $(READY) $(NODE) $(BROWSER) .venv-sam/ready
	$(RUN)/pytest tests/real

# What the tests need of Node; it stays out of git, and so does every lock with a registry's address.
$(NODE): tests/real/package.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 18 or newer" >&2; exit 1; }
	@npm install --prefix tests/real --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $(NODE)

# Pictures of the page for the README, in docs/pictures.
pictures: $(READY) $(BROWSER)
	$(RUN)/python -m skill.authoring.pictures

check: $(READY)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/face-guide check
	$(RUN)/face-guide models --check
	$(RUN)/face-guide diagram --check

# Measures speed and memory next to the SDK's hello world and negspacy, and writes reports/bench.html.
TURNS ?= 1000000
bench: $(READY)
	@$(PYTHON) -m venv .venv-negspacy
	@.venv-negspacy/bin/python -m pip install --quiet --disable-pip-version-check negspacy
	$(RUN)/python -m skill.authoring.bench --turns $(TURNS)

# More than 100,000 hostile requests to the web service; a short run of the same is part of test-real.
fuzz: $(READY)
	$(RUN)/pytest --hypothesis-profile=fuzz tests/real/test_fuzz.py

# Loads the web service beside the SDK's hello world, and writes reports/load.md.
load: $(READY)
	$(RUN)/python -m tests.web.load

# Measures hearing on the unseen writers and writes reports/hearing.LANGUAGE.html.
hearing-report: $(READY)
	$(RUN)/python -m skill.authoring.report

# Speaks a sample and decodes it again, for the hearing report; needs the flite program.
slips:
	@command -v flite >/dev/null || { echo "flite is missing: on Debian or Ubuntu, apt install flite" >&2; exit 1; }
	@$(PYTHON) -m venv .venv-slips
	@.venv-slips/bin/python -m pip install --quiet --disable-pip-version-check hibari-tts pocketsphinx
	@.venv-slips/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	PYTHONPATH=. .venv-slips/bin/python -m skill.authoring.slips

# Rebuilds the trained ears from the corpus, in an environment of its own: about a quarter of an hour on two cores.
train:
	@$(PYTHON) -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements/train.in
	PYTHONPATH=. .venv-train/bin/python -m skill.authoring.train
	PYTHONPATH=. .venv-train/bin/python -m skill.authoring.train_transformer
	PYTHONPATH=. .venv-train/bin/python -m skill.authoring.thresholds

models: $(READY)
	$(RUN)/face-guide models

# Writes what is uploaded: the function with and without the third ear, and the project for the store. PAGES is the
# address that the pages are published under, ENDPOINTS the functions:
# make package PAGES=https://... ENDPOINTS="NA=arn:... EU=arn:..."
package: $(READY)
	$(RUN)/face-guide package lambda dist/lambda --zip dist/lambda.zip
	$(RUN)/face-guide package lambda dist/lambda-light --zip dist/lambda-light.zip --light
	$(RUN)/face-guide package store dist/store $(if $(PAGES),--pages $(PAGES)) $(addprefix --endpoint ,$(ENDPOINTS))

# Walks Amazon's test cases against what `make package` wrote.
certify: $(READY) .venv-sam/ready
	@test -d dist/lambda -a -d dist/store || $(MAKE) package
	$(RUN)/face-guide certify dist/lambda dist/store

# Measures the package under AWS's emulator, next to the SDK's hello world, and writes reports/capacity.html.
capacity: $(READY) .venv-sam/ready
	$(RUN)/face-guide capacity

# SAM and cfn-lint, which pin much of what they share with nobody, and Lambda's own runtime client without anything else.
.venv-sam/ready: requirements/sam.txt requirements/runtime.txt
	@echo "Setting up .venv-sam and .venv-runtime, once ..." >&2
	@$(PYTHON) -m venv .venv-sam
	@.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/sam.txt
	@$(PYTHON) -m venv .venv-runtime
	@.venv-runtime/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
	@touch .venv-sam/ready

# The environment is made anew only when what it holds has changed.
$(READY): requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, or say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: on Debian or Ubuntu, apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV), once ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# What drives the page: Playwright, axe-core, a voice, and Chromium from the system's packages or from Playwright.
$(BROWSER): requirements/browser.txt $(READY)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.txt
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu-core; } || $(RUN)/playwright install chromium || { echo "Chromium is missing: on Debian or Ubuntu, apt install chromium" >&2; exit 1; }
	@touch $(BROWSER)

clean:
	rm -rf $(VENV) .venv-sam .venv-runtime deploy/lambda/.aws-sam tests/real/node_modules skill/_built dist build reports
