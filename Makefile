# Belfry. `make help` lists the targets; PORT and DATA_DIR, before or after the target, are passed on to Belfry.

PYTHON_WANTED := python3.13 python3.12 python3.14 python3.11 python3 python
IN_VENV := .venv/bin

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: .venv/.production ## start Belfry with everything it needs; PORT=8123 and DATA_DIR=/some/dir change the defaults
	@exec $(IN_VENV)/python -m config.server.supervisor

install: .venv/.production ## install what Belfry needs into .venv, without starting it

test: .venv/.development ## run the tests except the slow ones
	@$(in_parallel) -m "not (slow or browser or drill)" $(ARGS)

test-slow: .venv/.development ## run the tests with a browser, crawls of the whole site, and killed servers
	@$(in_parallel) -m "(slow or browser) and not drill" $(ARGS)

check: .venv/.development ## check lint, format, types, migrations and readiness for production
	@$(IN_VENV)/ruff check --quiet
	@$(IN_VENV)/ruff format --quiet --check
	@$(IN_VENV)/mypy --no-error-summary .
	@$(IN_VENV)/python manage.py makemigrations --check --dry-run --verbosity 1
	@env $$(cat tests/config/production.env) \
		BELFRY_SECRET_KEY=$$($(IN_VENV)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(IN_VENV)/python manage.py check --deploy --fail-level WARNING

drills: .venv/.development ## run long stress tests; N=10 runs ten percent of each
	@N=$(N) $(IN_VENV)/python -m pytest -m drill -s --timeout 0 $(ARGS)

bench: .venv/.production ## measure every budget (minutes); N=10 for a quick run, ARGS="--strict" to fail on a miss
	@N=$(N) $(IN_VENV)/python -m bench $(ARGS)

backup: .venv/.production ## back up the whole community to one file, FILE=...; KEEP=14 keeps the newest 14
	@$(IN_VENV)/python manage.py backup $(if $(FILE),--file '$(FILE)') $(if $(KEEP),--keep $(KEEP))

restore: .venv/.production ## restore a community from a backup, FILE=...; FORCE=yes replaces an existing one
	@$(IN_VENV)/python manage.py restore $(if $(FILE),--file '$(FILE)') $(if $(filter yes,$(FORCE)),--force)

verify: .venv/.production ## check all references, constraints, counters and files; FILE=... compares with a backup
	@$(IN_VENV)/python manage.py verify $(if $(FILE),--file '$(FILE)')

.PHONY: help run install test test-slow check drills bench backup restore verify

in_parallel := $(IN_VENV)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The environment is made when its list of packages is newer than its stamp. The list for development includes
# everything for production.
.venv/.production: requirements/production.txt
	@$(make_environment)
	@touch $@

.venv/.development: requirements/development.txt
	@$(make_environment)
	@touch $@ .venv/.production

define make_environment
for name in $(PYTHON_WANTED); do \
	if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then \
		found=$$name; break; \
	fi; \
done; \
if [ -z "$$found" ]; then \
	echo "Belfry needs Python 3.11, 3.12, 3.13 or 3.14, and none of them is installed." >&2; exit 1; \
fi; \
if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	version=$$($$found -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	echo "Python $$version lacks its modules venv and ensurepip. On Debian or Ubuntu:" >&2; \
	echo "apt install python$$version-venv" >&2; exit 1; \
fi; \
echo "Installing what Belfry needs into .venv ($$($$found --version)) ..."; \
if ! .venv/bin/python -c '' 2>/dev/null; then $$found -m venv --clear .venv || exit 1; fi; \
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $<
endef
