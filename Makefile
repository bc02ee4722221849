# Needs Python 3.11 or newer (with venv) and make; everything else is set up in .venv.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/ready
NODE := tests/real/node_modules/ready

.PHONY: talk test test-real check models hearing-report slips train clean

talk: $(READY)
	@$(RUN)/face-guide talk

test: $(READY)
	$(RUN)/pytest -m "not real"

test-real: $(READY) $(NODE)
	$(RUN)/pytest -m real

# What the tests need of Node; it stays out of git, and so does every lock with a registry's address.
$(NODE): tests/real/package.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 18 or newer" >&2; exit 1; }
	@npm install --prefix tests/real --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $(NODE)

check: $(READY)
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/face-guide check
	$(RUN)/face-guide models --check

# Measures hearing on the unseen writers and writes reports/hearing.html.
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

clean:
	rm -rf $(VENV) tests/real/node_modules skill/_built dist build reports
