# make demo: builds with `python setup.py build` and shows what it is.   make test: builds and passes every test.
#
# Everything that is made goes under target/ and build/. With another Python: make test PYTHON=python3.13

PYTHON ?= python3
CARGO ?= cargo
CC ?= cc

# A virtual environment for each Python, so that they do not get in one another's way.
VENV ?= target/venv/$(shell $(PYTHON) -c 'import sys, sysconfig, zlib; print("%s-%08x" % (sysconfig.get_config_var("SOABI"), zlib.crc32(sys.base_prefix.encode())))' 2>/dev/null)
VENV_PYTHON = $(VENV)/bin/python
# Another for the tools that build and check the wheel, which are large.
PACKAGE_VENV = $(subst /venv/,/venv-package/,$(VENV))
# And two for `make bench`: what draws the plots, and what dict and we are compared with on each interpreter.
BENCH_VENV = $(subst /venv/,/venv-bench/,$(VENV))
CONTENDERS_VENV = $(subst /venv/,/venv-contenders/,$(VENV))
# What reads profiles, for `make coverage`.
COVERAGE_VENV = $(subst /venv/,/venv-coverage/,$(VENV))
# What makes the site, for `make docs`.
DOCS_VENV = $(subst /venv/,/venv-docs/,$(VENV))
# What drives a browser, for `make test-browser`.
BROWSER_VENV = $(subst /venv/,/venv-browser/,$(VENV))
# Where `python setup.py build` puts the module.
BUILD_LIB = $(shell $(VENV_PYTHON) -c 'import glob, sysconfig; print(*glob.glob("build/lib*/hashtable" + sysconfig.get_config_var("EXT_SUFFIX")))' 2>/dev/null)

# The shared library's soname is in build.rs: up to 1.0 it has the minor version in it, then the major one.
VERSION := $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' Cargo.toml)
SONAME := libhashtable.so.$(shell echo $(VERSION) | sed 's/^\(0\.[0-9]*\)\..*/\1/; s/^\([1-9][0-9]*\)\..*/\1/')

STRICT = -std=c99 -Wall -Wextra -Werror -pedantic

.DEFAULT_GOAL := help
.PHONY: help demo build lib install uninstall lint format lock clean tools abi abi-update \
    test test-rust test-c test-python test-lab test-checked test-ledger test-build test-bench test-types test-readme test-docs \
    test-browser battery leaks hammer coverage refleaks asan-python tsan valgrind-python fuzz fuzz-short fuzz-planted \
    fuzz-minimise bench bench-quick bench-interpreter bench-wordcount bench-collisions instructions docs docs-serve \
    docs-update findings explorer

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build lib  ## the talk's table, from Python and from C, on real input
	@PYTHONPATH=$(dir $(BUILD_LIB)) $(VENV_PYTHON) examples/talk.py
	@PYTHONPATH=$(dir $(BUILD_LIB)) $(VENV_PYTHON) examples/identifiers.py
	@$(CC) $(STRICT) -Iinclude/talk examples/walkthrough.c -o target/walkthrough -Ltarget/release -Wl,-rpath,$(CURDIR)/target/release -lhashtable
	@target/walkthrough

test: test-rust test-c test-python test-lab test-build test-bench test-types test-readme test-docs test-browser  ## every test: Rust, C and Python

test-rust: tools  ## the table alone, then with the C ABI
	$(CARGO) test --locked --no-default-features
	$(CARGO) test --locked

test-c: lib $(VENV)/.made  ## C programs against libhashtable, compiled with strict flags
	$(VENV_PYTHON) -m pytest --numprocesses auto --dist loadfile tests/c

test-python: build  ## the extension module, on $(PYTHON)
	PYTHONMALLOC=debug PYTHONDEVMODE=1 $(VENV_PYTHON) -m pytest --numprocesses auto tests/python

# The build is found by its own text, so that this cannot test the ordinary one by mistake.
test-checked: $(VENV)/.made  ## the same on a build that checks itself: each table after each change, each lock
	HASHTABLE_LAB=no CARGO_TARGET_DIR=target/checked CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true $(VENV_PYTHON) setup.py --quiet build --build-base build/checked
	grep -q "looked into without its lock" build/checked/lib*/hashtable$$($(VENV_PYTHON) -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))')
	HASHTABLE_BUILD=build/checked PYTHONMALLOC=debug PYTHONDEVMODE=1 $(VENV_PYTHON) -m pytest --numprocesses auto tests/python

test-ledger: build  ## the same on the module under glass: after each test its ledger is balanced
	PYTHONMALLOC=debug $(VENV_PYTHON) -m pytest --numprocesses auto --under-glass tests/python

test-lab: build lib  ## the table under glass: crashes, leaks and their verdicts, traces, counts
	PYTHONMALLOC=debug $(VENV_PYTHON) -m pytest --numprocesses auto --dist loadgroup $(LAB) tests/lab

test-build: $(VENV)/.made  ## both flavours of libhashtable.so, in both orders; what is linked to what
	$(VENV_PYTHON) -m pytest --numprocesses auto --dist loadfile tests/build

test-bench: $(VENV)/.made  ## that `make bench` computes what it says; measures nothing that counts
	$(VENV_PYTHON) -m pytest tests/bench

test-types: $(PACKAGE_VENV)/.made  ## the wheel, as a user gets it: its contents, its types for mypy and pyright
	$(PACKAGE_VENV)/bin/python -m pytest tests/typing

# Needs Debian's chromium and chromium-driver, and skips without. BROWSER="-k tour"
test-browser: build $(BROWSER_VENV)/.made  ## the page of `htlab explore`, driven in a browser without a window
	$(BROWSER_VENV)/bin/python -m pytest --numprocesses auto --dist loadfile $(BROWSER) tests/browser

# What is made is committed, since the Python build needs no npm.
explorer:  ## builds the page of `htlab explore` from explorer/ into hashtable_lab/explore/static (npm, node 20)
	@command -v npm >/dev/null || { echo "The page is built by npm, and there is none on the PATH." >&2; exit 1; }
	cd explorer && npm ci --no-audit --no-fund && npm run build

battery: build  ## hostile cases, each in a process of its own: pass, crash, hang or leak (BATTERY="-k WORD")
	PYTHONMALLOC=debug $(VENV_PYTHON) tests/battery/run.py $(BATTERY)

leaks: build  ## each operation and each error 100,000 times: references, blocks, resident memory (LEAKS="--times N")
	$(VENV_PYTHON) tests/battery/leaks.py $(LEAKS)

hammer: build  ## eight threads at one another's tables for HAMMER_SECONDS=60, and every value is accounted for
	HAMMER_SECONDS=$(or $(HAMMER_SECONDS),60) $(VENV_PYTHON) -m pytest tests/python/test_threads.py -k hammer

# Names are not compressed, since the tools that come by pip cannot read that; their LLVM has to be that of rustc.
COVERAGE = $(CURDIR)/target/coverage
coverage: export RUSTFLAGS = -C instrument-coverage -C llvm-args=-enable-name-compression=false
coverage: export LLVM_PROFILE_FILE = $(COVERAGE)/%4m.profraw
coverage: $(VENV)/.made $(COVERAGE_VENV)/.made  ## the lines of Rust that no test reaches (target/coverage)
	HASHTABLE_LAB=no CARGO_TARGET_DIR=$(COVERAGE)/extension $(VENV_PYTHON) setup.py --quiet build --build-base build/coverage
	$(CARGO) build --locked --release --quiet --target-dir $(COVERAGE)/library
	@ln -sf libhashtable.so $(COVERAGE)/library/release/$(SONAME)
	rm -f $(COVERAGE)/*.profraw
	HASHTABLE_BUILD=build/coverage $(VENV_PYTHON) -m pytest --numprocesses auto tests/python
	HASHTABLE_LIB_DIR=$(COVERAGE)/library/release $(VENV_PYTHON) -m pytest tests/c
	$(CARGO) test --locked --target-dir $(COVERAGE)/library
	$(COVERAGE_VENV)/bin/python tests/coverage.py

refleaks: build  ## every Python test over and over, on a debug Python: nothing may grow (PYTHON=python3-dbg)
	PYTHONMALLOC=debug $(VENV_PYTHON) tests/python/refleaks.py -q -n auto $(REFLEAKS)

# Builds for memory checkers, each with bugs on purpose that the checker has to see first: see tests/python/under.py.
ASAN ?= -q --numprocesses auto tests/python
asan-python: $(VENV)/.made  ## the Python tests under AddressSanitizer (ASAN="-q tests/python/test_views.py")
	RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address --cfg hashtable_memory_probe" ASAN_OPTIONS=detect_leaks=0 HASHTABLE_LAB=no CARGO_TARGET_DIR=target/asan $(VENV_PYTHON) setup.py --quiet build --build-base build/asan
	HASHTABLE_BUILD=build/asan $(VENV_PYTHON) tests/python/under.py address $(ASAN)

# Rust's own standard library comes without it, so code of both kinds is put together, and what that library does is
# not seen; and memcpy and its like go by their own names, since the runtime of older GCCs knows no other.
TSAN ?= -q tests/python/test_threads.py
tsan: export RUSTC_BOOTSTRAP = 1
tsan: export RUSTFLAGS = -Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer -Cllvm-args=-tsan-instrument-memintrinsics=0 --cfg hashtable_memory_probe
tsan: $(VENV)/.made  ## threads under ThreadSanitizer: of the C library, and of Python with a GIL (TSAN="-q tests/python")
	$(CARGO) build --locked --release --quiet --target-dir target/tsan/library
	@ln -sf libhashtable.so target/tsan/library/release/$(SONAME)
	HASHTABLE_LIB_DIR=target/tsan/library/release $(VENV_PYTHON) -m pytest tests/c/test_threads.py
	HASHTABLE_LAB=no CARGO_TARGET_DIR=target/tsan $(VENV_PYTHON) setup.py --quiet build --build-base build/tsan
	HASHTABLE_BUILD=build/tsan $(VENV_PYTHON) tests/python/under.py thread $(TSAN)

VALGRIND ?= --replay
valgrind-python: $(VENV)/.made  ## the fuzzer's programs under valgrind (PYTHON=python3-dbg, VALGRIND=tests/python/test_views.py)
	RUSTFLAGS="--cfg hashtable_memory_probe" HASHTABLE_LAB=no CARGO_TARGET_DIR=target/probe $(VENV_PYTHON) setup.py --quiet build --build-base build/probe
	HASHTABLE_BUILD=build/probe $(VENV_PYTHON) tests/python/under.py valgrind $(VALGRIND)

# A fuzzer with an hour for each target would do for a night; in CI each has seconds, and does the same thing each time.
FUZZ_SECONDS ?= 3600
fuzz: tools  ## the fuzzers: core, C ABI, Python module, each for FUZZ_SECONDS (3600); see fuzz/README.md
	$(PYTHON) fuzz/run.py fuzz --seconds $(FUZZ_SECONDS)

fuzz-short: tools  ## replays the inputs that are kept, and searches for 10 seconds each
	$(PYTHON) fuzz/run.py fuzz --seconds 10 --seed 1

fuzz-planted: tools  ## puts fault after fault into a copy of the tree: each fuzzer has to find its own
	$(PYTHON) fuzz/run.py planted --seconds 120

fuzz-minimise: tools  ## the fewest inputs that reach what was ever reached, into fuzz/corpus
	$(PYTHON) fuzz/run.py minimise

test-readme: build lib  ## the README's commands and code blocks
	PYTHONPATH=$(abspath $(dir $(BUILD_LIB))) $(VENV_PYTHON) -m pytest tests/readme

# What runs the pages of the site: see docs/machinery.
DOCS_PYTHON = PYTHONPATH=docs HASHTABLE_BUILT=$(abspath $(dir $(BUILD_LIB))) $(DOCS_VENV)/bin/python
test-docs: build lib $(DOCS_VENV)/.made  ## that what each page of the site runs prints what the page says; the site itself
	$(DOCS_PYTHON) -m pytest --numprocesses auto $(DOCS) tests/docs

docs: build lib $(DOCS_VENV)/.made  ## the site, into target/docs: everything in it is run on $(PYTHON) as it is made
	$(DOCS_PYTHON) -m sphinx --quiet --fail-on-warning --keep-going -d target/docs-doctrees docs target/docs
	@echo "target/docs/index.html: or make docs-serve, and see it in a browser."

docs-serve: docs  ## the same, shown at http://127.0.0.1:8000 (DOCS_PORT) until Ctrl-C
	$(DOCS_VENV)/bin/python -m http.server --bind 127.0.0.1 --directory target/docs $(or $(DOCS_PORT),8000)

findings: build $(DOCS_VENV)/.made  ## the sweeps that docs/findings.md rests on, anew: its tables and pictures
	$(DOCS_PYTHON) -m machinery.findings $(FINDINGS)

docs-update: build lib $(DOCS_VENV)/.made  ## what the pages' commands print now goes into the pages (DOCS="docs/a.md ...")
	$(DOCS_PYTHON) -m machinery.update $(DOCS)

build: $(VENV)/.made  ## the extension module, under build/lib*
	$(VENV_PYTHON) setup.py --quiet build

lib: tools  ## libhashtable.so and libhashtable.a, under target/release
	$(CARGO) build --locked --release --quiet
	@ln -sf libhashtable.so target/release/$(SONAME)

# Where `make install` puts things; DESTDIR goes before all of them, for those who make packages.
PREFIX ?= /usr/local
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR ?= $(PREFIX)/lib
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
MANDIR ?= $(PREFIX)/share/man
INSTALL ?= install
STRIP ?= strip
# What rustc says that the static library needs of the system, less what every C compiler adds itself;
# tests/c/test_install.py asks it again.
LIBS_PRIVATE = -lutil -lrt -lpthread -lm -ldl
INSTALLED = $(INCLUDEDIR)/hashtable.h $(INCLUDEDIR)/hashtable-talk/hashtable.h $(LIBDIR)/libhashtable.a \
    $(LIBDIR)/libhashtable.so $(LIBDIR)/$(SONAME) $(LIBDIR)/libhashtable.so.$(VERSION) \
    $(PKGCONFIGDIR)/hashtable.pc $(PKGCONFIGDIR)/hashtable-talk.pc $(MANDIR)/man3/hashtable.3
FILL_IN = sed -e 's|@PREFIX@|$(PREFIX)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@LIBDIR@|$(LIBDIR)|' \
    -e 's|@VERSION@|$(VERSION)|; s|@LIBS_PRIVATE@|$(LIBS_PRIVATE)|'

install: lib  ## the C library under PREFIX (/usr/local): headers, libraries, pkg-config files, man page
	$(INSTALL) -d $(sort $(foreach file,$(INSTALLED),$(DESTDIR)$(dir $(file))))
	$(INSTALL) -m 644 include/hashtable.h $(DESTDIR)$(INCLUDEDIR)/hashtable.h
	$(INSTALL) -m 644 include/talk/hashtable.h $(DESTDIR)$(INCLUDEDIR)/hashtable-talk/hashtable.h
	$(INSTALL) -m 755 target/release/libhashtable.so $(DESTDIR)$(LIBDIR)/libhashtable.so.$(VERSION)
	$(STRIP) $(DESTDIR)$(LIBDIR)/libhashtable.so.$(VERSION)
	ln -sf libhashtable.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libhashtable.so
	$(INSTALL) -m 644 target/release/libhashtable.a $(DESTDIR)$(LIBDIR)/libhashtable.a
	$(STRIP) --strip-debug $(DESTDIR)$(LIBDIR)/libhashtable.a
	for name in hashtable hashtable-talk; do \
	    $(FILL_IN) pkgconfig/$$name.pc.in > $(DESTDIR)$(PKGCONFIGDIR)/$$name.pc || exit; \
	done
	$(INSTALL) -m 644 man/hashtable.3 $(DESTDIR)$(MANDIR)/man3/hashtable.3

uninstall:  ## removes what `make install` has put under PREFIX
	rm -f $(addprefix $(DESTDIR),$(INSTALLED))
	-rmdir $(DESTDIR)$(INCLUDEDIR)/hashtable-talk

abi: $(VENV)/.made  ## compares the C library's ABI with the one that is kept
	$(VENV_PYTHON) -m tests.c.abi

abi-update: $(VENV)/.made  ## keeps the ABI as it is now: a change of it is a decision
	$(VENV_PYTHON) -m tests.c.abi --update

bench: $(BENCH_VENV)/.made lib  ## everything against everything, from Python, C and Rust (BENCH="--help")
	@PYTHON=$(PYTHON) $(BENCH_VENV)/bin/python -m benches.run $(BENCH)

bench-quick: override BENCH += --quick
bench-quick: bench  ## the demands of the design only, in under two minutes

# What benches/run.py asks for on each interpreter. The last line tells it where the two are.
bench-interpreter: build $(CONTENDERS_VENV)/.made
	@printf '%s\t%s\n' $(CONTENDERS_VENV)/bin/python $(dir $(BUILD_LIB))

bench-wordcount: lib  ## a file of 100 MB: libhashtable, GLib and std::unordered_map count its words
	$(PYTHON) benches/wordcount/run.py

bench-collisions: build  ## what keys that are made to collide cost, by hash function (COLLISIONS="--keys 100000")
	PYTHONPATH=$(dir $(BUILD_LIB)) $(VENV_PYTHON) benches/collisions.py $(COLLISIONS)

instructions: lib build  ## counts the instructions of a dozen operations against their budgets (valgrind)
	PYTHONPATH=$(dir $(BUILD_LIB)) $(VENV_PYTHON) benches/instructions/count.py $(INSTRUCTIONS)

lint: $(VENV)/.made  ## formatting and lints: rustfmt, clippy, ruff
	$(CARGO) fmt --check
	$(CARGO) fmt --check --manifest-path fuzz/Cargo.toml
	$(CARGO) clippy --locked --all-targets --no-default-features -- -D warnings
	$(CARGO) clippy --locked --all-targets -- -D warnings
	for feature in python lab; do \
	    PYO3_PYTHON=$(abspath $(VENV_PYTHON)) $(CARGO) clippy --locked --target-dir target/extension --no-default-features --features $$feature -- -D warnings && \
	    PYO3_CONFIG_FILE=$(CURDIR)/tests/build/free-threaded.txt $(CARGO) clippy --locked --target-dir target/extension/free-threaded --no-default-features --features $$feature -- -D warnings || exit; \
	done
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check

format: $(VENV)/.made  ## formats the Rust and the Python
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml
	$(VENV_PYTHON) -m ruff check --fix
	$(VENV_PYTHON) -m ruff format

lock: $(VENV)/.made  ## the newest versions of what the tests need, into requirements/*.txt
	$(VENV_PYTHON) -m pip install --quiet uv
	for set in build test package bench contenders coverage docs browser; do \
	    $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.9 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" requirements/$$set.in --output-file requirements/$$set.txt || exit; \
	done

clean:  ## removes everything that was made
	rm -rf target build dist *.egg-info

$(VENV)/.made: requirements/test.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(PACKAGE_VENV)/.made: requirements/package.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(BENCH_VENV)/.made: requirements/bench.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(COVERAGE_VENV)/.made: requirements/coverage.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DOCS_VENV)/.made: requirements/docs.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(BROWSER_VENV)/.made: requirements/browser.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# On an interpreter that the contenders do not have a wheel for, the standard library's are contenders enough.
$(CONTENDERS_VENV)/.made: requirements/contenders.txt | tools
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $< || \
	    echo "immutables, multidict and rpds do not install on this interpreter: they are left out" >&2
	@touch $@

# Said before anything is made, in one sentence each.
tools:
	@command -v $(CARGO) >/dev/null || { echo "hashtable is built from Rust, and there is no cargo on the PATH: see https://rustup.rs." >&2; exit 1; }
	@command -v $(CC) >/dev/null || { echo "hashtable needs a C compiler, and there is no $(CC) on the PATH." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 9))' || { echo "hashtable needs Python 3.9 or newer: make $(MAKECMDGOALS) PYTHON=python3.12, say." >&2; exit 1; }
