# Everything that this repository can do. The first run makes .tools and .venv in the checkout.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
READY := .venv/ready
PINS := tools/uv.txt tools/development.txt
MANIFESTS := pyproject.toml packages/devclikit/pyproject.toml
# What runs on Windows, too: mypy knows what there is of the standard library.
ANYWHERE := $(addprefix src/release_sync/,standards trees toml changelog configuration backends \
    workspace rules fixes guardrail hook.py cli/checking cli/adoption cli/changing cli/helping \
    cli/main.py cli/platforms.py) packages/devclikit/src
PYTEST := .venv/bin/python -m pytest
# Three processes for two cores: the suite waits for git, uv and servers, too.
PROCESSES ?= 3

export PYTHON
# Like pip, trust what the machine trusts: behind a company's proxy uv's own list is not enough.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= 1
endif

.PHONY: help
help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

.PHONY: rehearse
rehearse: $(READY) ## Release this repository to an index that is thrown away
	.venv/bin/release-sync rehearse .

.PHONY: test
test: $(READY) ## Run the tests
	$(PYTEST) -n $(PROCESSES) --dist loadgroup

.PHONY: test-all
test-all: $(READY) ## Run the tests on each Python that is here; WITH='tests/cli -n 2' hands options on
	.venv/bin/python tools/test_in.py 3.11 3.12 3.13 3.14 $(if $(WITH),-- $(WITH))

.PHONY: test-lowest
test-lowest: $(READY) ## Run the tests with the lowest versions that are allowed of what we need
	.venv/bin/python tools/test_in.py lowest $(if $(WITH),-- $(WITH))

.PHONY: test-newest
test-newest: $(READY) ## Run the tests without pins, with the newest of everything
	.venv/bin/python tools/test_in.py newest $(if $(WITH),-- $(WITH))

.PHONY: check
check: $(READY) ## Lint, types, and our own guardrail on this repository
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy --platform win32 --cache-dir .mypy_cache/win32 $(ANYWHERE)
	.venv/bin/release-sync check .

.PHONY: bench
bench: $(READY) ## Measure, beside public tools
	.venv/bin/python benchmarks/run.py

.PHONY: chaos
chaos: $(READY) ## Run the slow tests: a release killed at every boundary, and more (long)
	$(PYTEST) -n $(PROCESSES) --dist loadgroup -m slow

.PHONY: mutations
mutations: $(READY) ## Change every decision of a release, one by one, and list what no test notices (long)
	.venv/bin/python -m tests.mutations.run

.PHONY: docs
docs: $(READY) .docs/ready ## Build the documentation as a site, in site/
	.venv/bin/python tools/site_pages.py .docs/pages
	.docs/environment/bin/zensical build --clean --strict

.PHONY: pages
pages: $(READY) ## Write the pages that are made of code, and of what its tests see
	.venv/bin/python tools/rules_page.py >docs/rules.md
	.venv/bin/python tools/commands_page.py >docs/commands.md
	.venv/bin/python tools/schema_file.py >src/release_sync/schema.json
	REWRITE_DOCS=1 $(PYTEST) -q -n $(PROCESSES) -m "" \
	    tests/misbehaving/test_index.py tests/end_to_end/test_host_table.py tests/cli/test_recorded_screens.py \
	    tests/house/test_start_page.py

.PHONY: build
build: $(READY) ## Build every package into dist/
	.tools/bin/uv build --quiet --all-packages --clear --no-build-isolation --python .venv/bin/python

.PHONY: publish
publish: $(READY) ## Release this repository; WITH='--bump minor --yes' hands options on
	.venv/bin/release-sync publish $(WITH)

.PHONY: environment
environment: $(READY) ## Make .venv

.PHONY: pins
pins: $(READY) ## Choose newer versions of the development tools
	printf 'uv\n' | .tools/bin/uv pip compile --quiet --upgrade --generate-hashes \
	    --no-header --no-annotate --output-file tools/uv.txt -
	.tools/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
	    --universal --python-version 3.11 --extra release --extra attestations --group dev \
	    --no-emit-package devclikit --output-file tools/development.txt pyproject.toml
	printf 'devpi-server\n' | .tools/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header \
	    --no-annotate --universal --python-version 3.11 --output-file tools/devpi.txt -
	printf 'zensical\n' | .tools/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header \
	    --no-annotate --universal --python-version 3.11 --output-file tools/docs.txt -

.PHONY: clean
clean: ## Remove what was made
	rm -rf .tools .venv .venvs .devpi .docs .cache site .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

$(READY): tools/bootstrap $(PINS) $(MANIFESTS)
	@sh tools/bootstrap

.docs/ready: tools/docs.txt | $(READY)
	.tools/bin/uv venv --quiet --no-project --clear --python .tools/bin/python .docs/environment
	.tools/bin/uv pip sync --quiet --python .docs/environment/bin/python --require-hashes \
	    --only-binary :all: tools/docs.txt
	touch .docs/ready
