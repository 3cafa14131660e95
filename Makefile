# `make help` lists what there is. Nothing is needed but Python 3.11 or later.

PYTHON =
ARGS =
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes
TEMPLATES = $$(find . -path ./$(VENV) -prune -o -path '*/templates/*' -name '*.html' -print)
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make requirements' $(ARGS)

.PHONY: help run dev test check format bench load chaos requirements

help: ## list these
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/installed ## start EventMate (PORT=8123 and HOST=... move it)
	@$(BIN)/python -m eventmate.launcher

dev: $(VENV)/installed-dev ## the same with reload on changes and debug pages
	@$(BIN)/python -m eventmate.launcher --dev

test: $(VENV)/installed-dev ## run the tests (ARGS="-k name" chooses)
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/installed-dev ## linters, types, import rules, migrations, deployment settings
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/djade --target-version 5.2 --check $(TEMPLATES)
	$(BIN)/djlint --lint --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	@data=$$(mktemp -d) && trap 'rm -rf "$$data"' EXIT && export EVENTMATE_DATA_DIR="$$data" && \
	set -x && $(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	ALLOWED_HOSTS=events.example.org PUBLIC_URL=https://events.example.org \
	DATABASE_URL=postgresql://nobody@localhost/eventmate REDIS_URL=redis://localhost:6379 \
	DJANGO_SETTINGS_MODULE=eventmate.settings.prod \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/installed-dev ## put code and templates into the house's format
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format --quiet .
	$(BIN)/djade --target-version 5.2 $(TEMPLATES)

bench: $(VENV)/installed ## how fast pages, bookings and searches are here (docs/performance.md)
	@$(BIN)/python -m loadtests.bench $(ARGS)

load: $(VENV)/installed-dev ## 500 people for two minutes, and one headline (ARGS="--users 50")
	@$(BIN)/python -m loadtests.load $(ARGS)

chaos: $(VENV)/installed-dev ## break parts under load and see what visitors notice (docs/chaos.md)
	@$(BIN)/python -m loadtests.chaos $(ARGS)

requirements: $(VENV)/installed-dev ## compile requirements*.txt (ARGS=--upgrade takes newer versions)
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in

$(VENV)/installed: requirements.txt $(BIN)/python
	@echo "Installing what EventMate needs (first run: about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(BIN)/python
	@echo "Installing what developing EventMate needs (first run: about two minutes) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/installed

$(BIN)/python:
	@for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		version=$$($$candidate -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); \
		case $$version in \
			3.1[1-9]|3.[2-9][0-9]) python=$$candidate; break;; \
			*) seen="$$seen $$candidate ($${version:-not found})";; \
		esac; \
	done; \
	if [ -z "$$python" ]; then \
		echo "EventMate needs Python 3.11 or later, and there is only:$$seen. PYTHON=/path/to/python make run names another." >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$python ($$version) ..."; \
	if ! $$python -m venv --clear $(VENV) >/dev/null 2>&1; then \
		rm -rf $(VENV); \
		echo "$$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; \
	fi
