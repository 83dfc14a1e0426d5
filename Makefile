# The one entry for people; "make help" lists the targets. Everything is made below build/ and the modules' target/ folders.

# Pinned in the pom.
VERSION := $(shell sed -n 's|^  <version>\(.*\)</version>|\1|p' pom.xml)
DESTDIR =
PREFIX = /usr/local
PG_CONFIG = $(firstword $(wildcard /usr/lib/postgresql/15/bin/pg_config) pg_config)

BUILD = $(CURDIR)/build
STAGE = $(BUILD)/stage
PG = $(BUILD)/pg/15
WATCHDOG_JAR = $(CURDIR)/pljava-watchdog/target/watchdog-$(VERSION).jar

# A Java 17 wherever it is; looked for when a recipe runs, as "make deps" may just have installed it.
JAVA_17 = $(shell for home in "$$JAVA_HOME" /usr/lib/jvm/*; do \
	if [ -x "$$home/bin/javac" ] && grep -qs '^JAVA_VERSION="17' "$$home/release"; then echo "$$home"; break; fi; done)
# Java's own temporary files belong to the build folder as well.
MVN = mkdir -p $(BUILD)/tmp && JAVA_HOME=$(JAVA_17) MAVEN_OPTS="-XX:-UsePerfData -Djava.io.tmpdir=$(BUILD)/tmp $$MAVEN_OPTS" mvn -B
# Shows warnings, which Maven's own -q hides: here a warning is an error.
QUIET_MVN = $(MVN) -Dorg.slf4j.simpleLogger.defaultLogLevel=warn
JAVA = $(JAVA_17)/bin/java -XX:-UsePerfData
EXTENSION = $(MAKE) -C extension-control PG_CONFIG=$(PG_CONFIG) JAVA_HOME=$(JAVA_17) with_llvm=no

LIBPQCM = $(MAKE) -C libpqcm PG_CONFIG=$(PG_CONFIG) VERSION=$(VERSION)

PRODUCT_MODULES = wire,pljava-watchdog,conmgr,conmgr-jdbc
PRODUCT_SOURCES = pom.xml $(wildcard */pom.xml) $(shell find wire/src/main pljava-watchdog/src/main conmgr/src/main \
	conmgr-jdbc/src/main -type f 2>/dev/null)
SCRIPTS = conmgr/src/main/scripts
DIST = conmgr/src/main/dist

# Prints the folder that build/pg/15 stands for, such as /usr; build/pg/15.root keeps it.
RELOCATE = build-tools/relocate-postgresql.sh $(PG_CONFIG) $(PG)

.PHONY: help
help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## names, then installs the Debian packages that are missing (as root)
	@build-tools/deps.sh

.PHONY: product
product: conmgr-jdbc/target/product.stamp libpqcm ## compiles what ships: the jars, libpqcm (no tests, no linters)

# In the last module's folder: whoever cleans with Maven removes it as well.
conmgr-jdbc/target/product.stamp: $(PRODUCT_SOURCES)
	$(QUIET_MVN) -Pproduct -Dmaven.test.skip=true -pl $(PRODUCT_MODULES) -am package
	@touch $@

.PHONY: story
story: system-tests/target/story.stamp

# The demo's programs; what ships is built along with them.
system-tests/target/story.stamp: $(PRODUCT_SOURCES) $(shell find testkit/src/main system-tests/src/main -type f)
	$(MVN) -q -Pproduct -Dmaven.test.skip=true -pl system-tests -am package
	@touch conmgr-jdbc/target/product.stamp $@

.PHONY: extension
extension: ## compiles the PostgreSQL extension's C part (PG_CONFIG)
	+$(EXTENSION) all

.PHONY: libpqcm
libpqcm: ## compiles the add-on for libpq (PG_CONFIG)
	+$(LIBPQCM) all

.PHONY: install
install: product extension install-programs ## installs (DESTDIR, PREFIX=/usr/local, PG_CONFIG)
	+$(EXTENSION) install DESTDIR=$(DESTDIR) WATCHDOG_JAR=$(WATCHDOG_JAR)
	+$(LIBPQCM) install DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

# What needs no compiler but Java's.
.PHONY: install-programs
install-programs: conmgr-jdbc/target/product.stamp
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib/conmgr share/java share/conmgr \
		share/man/man1 share/man/man5 share/bash-completion/completions)
	install -m 755 $(SCRIPTS)/conmgr $(SCRIPTS)/cm_ctl $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(SCRIPTS)/find-java.sh $(DESTDIR)$(PREFIX)/lib/conmgr/
	rm -f $(DESTDIR)$(PREFIX)/lib/conmgr/*.jar
	install -m 644 conmgr/target/conmgr-$(VERSION).jar conmgr/target/lib/*.jar $(DESTDIR)$(PREFIX)/lib/conmgr/
	install -m 644 conmgr-jdbc/target/conmgr-jdbc-$(VERSION).jar $(DESTDIR)$(PREFIX)/share/java/conmgr-jdbc.jar
	install -m 644 $(DIST)/conmgr.conf.sample $(DESTDIR)$(PREFIX)/share/conmgr/
	install -m 644 $(DIST)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(DIST)/man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 $(DIST)/completion/cm_ctl $(DESTDIR)$(PREFIX)/share/bash-completion/completions/

.PHONY: deb-deps
deb-deps: deps ## names, then installs the Debian packages that only deb and check-packages need (as root)
	@build-tools/deps.sh deb

.PHONY: deb
deb: deb-deps conmgr-jdbc/target/product.stamp ## makes the Debian packages in build/deb (PG_CONFIG)
	@JAVA_HOME=$(JAVA_17) PG_CONFIG=$(PG_CONFIG) VERSION=$(VERSION) build-tools/deb.sh

.PHONY: check-packages
check-packages: deb ## lintian; installs, upgrades and removes the packages, in a Debian of their own and on three containers (as root)
	@build-tools/check-packages.sh
	@build-tools/check-hosts.sh $(SHELL) -c '$(MVN) --no-transfer-progress -pl container-tests -am -DskipLint=true -Dspotless.check.skip \
		-Dcheckstyle.skip -DexcludedTests= -Dgroups=slow -Dtest=PackagesOnHostsTest -Dsurefire.failIfNoSpecifiedTests=false test'

.PHONY: pg
pg: ## copies the installed PostgreSQL to build/pg/15, for tests to use and change
	@mkdir -p $(dir $(PG))
	@$(RELOCATE) >$(PG).root.tmp && mv $(PG).root.tmp $(PG).root
	@build-tools/check-traversal.sh $(PG)/bin/postgres

# Programs of the tests: the switch for delay and loss, the libpq half of the load.
TOOL_CFLAGS = -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes

$(BUILD)/tools/switch: $(addprefix testkit/src/main/c/,switch.c gaps.c gaps.h)
$(BUILD)/tools/gaps_test: $(addprefix testkit/src/,test/c/gaps_test.c main/c/gaps.c main/c/gaps.h main/c/check.h)
$(BUILD)/tools/switch $(BUILD)/tools/gaps_test:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -fsanitize=address,undefined -Itestkit/src/main/c -o $@ $(filter %.c,$^)

$(BUILD)/tools/load: system-tests/src/main/c/load.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(TOOL_CFLAGS) -pthread -isystem $(shell $(PG_CONFIG) --includedir) -o $@ $< -L$(shell $(PG_CONFIG) --libdir) -lpq

.PHONY: stage
stage: pg product extension $(BUILD)/tools/switch $(BUILD)/tools/load ## installs into build/stage, and the extension into a PostgreSQL of the build's own
	@rm -rf $(STAGE)
	@+$(MAKE) -s install DESTDIR=$(STAGE) PREFIX=/usr/local
	@for part in --pkglibdir --sharedir; do folder=$$($(PG_CONFIG) $$part) && \
		cp -a $(STAGE)$$folder/. $(PG)$${folder#$$(cat $(PG).root)}/ || exit 1; done

.PHONY: check
check: deps ## every test and linter but the slow ones, at most 15 minutes on 2 cores (as root)
	@+$(MAKE) -s stage
	@rm -rf $(BUILD)/coverage $(BUILD)/run
	+$(EXTENSION) unit format-check
	+$(LIBPQCM) unit format-check tidy
	@build-tools/postgresql-servers.sh $(BUILD)/servers 18 >/dev/null
	+$(LIBPQCM) newer LIBPQ=$(BUILD)/servers/18/lib/libpq.so.5 BUILD=build/18
	@+$(MAKE) -s $(BUILD)/tools/gaps_test && $(BUILD)/tools/gaps_test
	clang-format-14 --dry-run -Werror testkit/src/main/c/switch.c testkit/src/main/c/gaps.[ch] testkit/src/test/c/gaps_test.c \
		system-tests/src/main/c/load.c
	@build-tools/sql-tests.sh
	$(MVN) --no-transfer-progress verify
	@+$(MAKE) -s coverage
	@build-tools/summary.sh

.PHONY: check-all
check-all: check check-rest ## make check, and what needs more

.PHONY: check-rest
check-rest: check-slow check-versions check-packages check-pljava ## what make check leaves out

# Length of the one test that watches sharp settings on busy cores.
SHARP_SECONDS ?= 600

.PHONY: drivers-deps
drivers-deps: deps ## names, then installs the Debian packages that only check-slow needs (as root)
	@build-tools/deps.sh drivers

.PHONY: check-slow
check-slow: drivers-deps ## the tests that take minutes: about 20; writes docs/drivers.md (as root; SHARP_SECONDS=60: about 11)
	@+$(MAKE) -s stage
	@rm -rf $(BUILD)/drivers
	+$(LIBPQCM) valgrind versions LIBPQS="$$(build-tools/postgresql-servers.sh $(BUILD)/servers | sed 's: :/lib/libpq.so.5 :g; s:$$:/lib/libpq.so.5:')"
	$(MVN) --no-transfer-progress -pl system-tests -am -DskipLint=true -Dspotless.check.skip -Dcheckstyle.skip \
		-Dforks=1 -DexcludedTests=pljava -Dgroups=slow -Dsharp.seconds=$(SHARP_SECONDS) \
		-Dsurefire.failIfNoSpecifiedTests=false verify
	@+$(MAKE) -s drivers-table

.PHONY: drivers-table
drivers-table: ## writes the table of docs/drivers.md from the last make check-slow
	@$(JAVA) -Dconmgr.root=$(CURDIR) -cp system-tests/target/test-classes:testkit/target/classes:wire/target/classes \
		io.github.pgconmgr.libpqprograms.DriverTable docs/drivers.md
	@$(JAVA) -Dconmgr.root=$(CURDIR) -cp system-tests/target/test-classes:testkit/target/classes:wire/target/classes \
		io.github.pgconmgr.relaytest.RelayTable docs/drivers.md

# What the extension does on a server, in the fewest tests that show it: workers, settings, heartbeats, judgements, failures of Java,
# restarts, views; and the system around it: silence, a promotion, checks by SQL.
VERSION_TESTS = $(addprefix io/github/pgconmgr/,$(addprefix watchdogtest/,WorkersTest StateTest DeadHostTest WorkerRestartTest \
	PeersViewTest TerminationsViewTest ReferenceTest) $(addprefix endtoend/,PromotionTest SilentDeathTest SqlCheckTest CatalogueTest))
comma = ,

.PHONY: check-versions
check-versions: deps ## the extension on PostgreSQL 17 and 18, compiled for 19, at most 5 minutes (as root)
	@+$(MAKE) -s stage
	@build-tools/postgresql-headers.sh $(BUILD)/headers 17 18 19
	@build-tools/postgresql-servers.sh $(BUILD)/servers 17 18 >/dev/null
	@+for major in 17 18 19; do echo "extension for PostgreSQL $$major"; \
		JAVA_HOME=$(JAVA_17) WATCHDOG_JAR=$(WATCHDOG_JAR) build-tools/postgresql-version.sh $$major || exit 1; done
	@for major in 17 18; do $(MVN) --no-transfer-progress -pl system-tests -am -DskipLint=true -Dspotless.check.skip \
		-Dcheckstyle.skip -Dpostgresql.major=$$major -Dtest='$(subst $() ,$(comma),$(strip $(VERSION_TESTS)))' \
		-Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.reportNameSuffix=$$major verify || exit 1; done

# Tests of whole systems in which the watchdog takes part.
PLJAVA_TESTS = io/github/pgconmgr/watchdogtest/*Test,io/github/pgconmgr/endtoend/*Test,io/github/pgconmgr/javafailures/*Test,io/github/pgconmgr/secrettest/*Test

.PHONY: check-pljava
check-pljava: deps ## tests the watchdog in PL/Java, where that is installed in the PostgreSQL of PG_CONFIG (as root)
	@+$(MAKE) -s stage
	@control=$$($(PG)/bin/pg_config --sharedir)/extension/pljava.control; if [ -e "$$control" ]; then \
		export WATCHDOG_JAVA_HOST=pljava; $(MVN) --no-transfer-progress -pl system-tests -am -DskipLint=true -Dspotless.check.skip \
		-Dcheckstyle.skip -DexcludedTests=embedded -Dsharp.seconds=60 -Dtest='$(PLJAVA_TESTS)' -Dsurefire.failIfNoSpecifiedTests=false verify; \
	else echo "check-pljava: skipped, PL/Java is not installed: no $$control"; fi

.PHONY: coverage
coverage: ## writes docs/coverage.md from the last make check (CI=true: an outdated one is an error)
	@$(JAVA) -cp testkit/target/classes io.github.pgconmgr.testkit.CoverageReport \
		docs/requirements.md $(BUILD)/coverage docs/coverage.md $(if $(filter true,$(CI)),--check)

.PHONY: demo
demo: deps ## one application host, two instances, a cut link: the story, with measured times (as root)
	@+$(MAKE) -s story
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/demo.sh

# Which scenarios (a glob), how many rounds of each, how many labs side by side.
ROWS ?= *
REPEATS ?= 20
LABS ?= 1

.PHONY: faults-deps
faults-deps: deps ## names, then installs the Debian packages that only faults needs (as root)
	@build-tools/deps.sh faults

.PHONY: faults
faults: faults-deps ## plays the fault matrix under load and writes the table of docs/failure-modes.md (as root; ROWS, REPEATS, LABS)
	@+$(MAKE) -s story
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/faults.sh '$(ROWS)' $(REPEATS) $(LABS)

# How long, a fraction is allowed; ROWS as above; SEED repeats the faults of an earlier run.
HOURS ?= 1
SEED ?=

.PHONY: soak
soak: deps ## random faults for HOURS=1, then no transfer is lost and memory is flat; writes docs/failure-modes.md (as root; ROWS, SEED)
	@+$(MAKE) -s story
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/soak.sh '$(HOURS)' '$(ROWS)' $(SEED)

# The figures: the harness and its loads; what ships is built along with them.
bench/target/bench.stamp: $(PRODUCT_SOURCES) $(shell find testkit/src/main system-tests/src/main bench/src/main -type f)
	$(MVN) -q -Pproduct -Dmaven.test.skip=true -pl bench -am package
	@touch conmgr-jdbc/target/product.stamp system-tests/target/story.stamp $@

.PHONY: peers-deps
peers-deps: deps ## names, then installs the poolers that only bench needs (as root)
	@build-tools/deps.sh peers

.PHONY: bench
bench: peers-deps ## measures the figures of docs/benchmarks.md, about 40 minutes (as root; FIGURES="stage1 ...": only those)
	@+$(MAKE) -s bench/target/bench.stamp
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/bench.sh Bench $(FIGURES)

# For how long 10,000 conmgrs must cause no false alarm.
SCALE_SECONDS ?= 600

.PHONY: bench-scale
bench-scale: deps ## how cost grows: 10,000 conmgrs, 20,000 drivers, 1,000 sessions to end; draws docs/scale.svg, about 17 minutes (as root; SCALE_SECONDS)
	@+$(MAKE) -s bench/target/bench.stamp
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/bench.sh ScaleBench docs/scale.svg $(SCALE_SECONDS) $(FIGURES)

# How often the cable is cut, and how long is waited for those that do not notice.
PEER_ROUNDS ?= 20
PEER_LIMIT ?= 60

.PHONY: bench-peers
bench-peers: peers-deps ## a silent cut as pgjdbc, libpq, AWS's wrapper, HAProxy, Pgpool-II, PgBouncer and ours notice it (as root; PEER_ROUNDS, PEER_LIMIT)
	@+$(MAKE) -s bench/target/bench.stamp
	@+$(MAKE) -s stage
	@JAVA=$(JAVA_17)/bin/java build-tools/bench.sh PeersBench $(PEER_ROUNDS) $(PEER_LIMIT)

# Seeds of "make simulate"; SEED=n runs that one alone.
SEEDS ?= 10000

.PHONY: simulate
simulate: deps ## the simulations with many seeds (SEEDS=10000, or SEED=n for one); fails if a row of a state table was never reached
	@mkdir -p $(BUILD)/simulation && rm -f $(BUILD)/simulation/*.md $(BUILD)/simulation-coverage.md
	$(MVN) --no-transfer-progress -pl conmgr,system-tests -am -DskipLint=true -Dspotless.check.skip -Dcheckstyle.skip \
		-Dtest='$(if $(SEED),SimulationTest\#oneSeed,*SimulationTest)' -Dsimulation.seeds=$(SEEDS) $(if $(SEED),-Dsimulation.seed=$(SEED)) \
		-Dsurefire.failIfNoSpecifiedTests=false verify
	@$(if $(SEED),,cat $(BUILD)/simulation/*.md >$(BUILD)/simulation-coverage.md && echo "simulate: build/simulation-coverage.md says how often each row was reached")

# Length of "make fuzz": inputs of each target, and seconds of each (0: no such limit).
INPUTS ?= 10000000
FUZZ_SECONDS ?= 0

.PHONY: fuzz
fuzz: deps ## hostile inputs for every decoder and both ports (INPUTS=n or FUZZ_SECONDS=n each, TARGETS="conmgr-port ..."; docs/fuzzing.md)
	@build-tools/deps.sh fuzz
	$(QUIET_MVN) -DskipLint=true -Dspotless.check.skip -Dcheckstyle.skip -pl conmgr,pljava-watchdog -am test-compile \
		dependency:build-classpath -DincludeScope=test -Dmdep.outputFile=target/test.classpath
	+$(LIBPQCM) fuzzers FUZZERS=$(BUILD)/fuzz/c
	@JAVA=$(JAVA_17)/bin/java nice -n 19 build-tools/fuzz.sh $(INPUTS) $(FUZZ_SECONDS) $(TARGETS)

.PHONY: clean
clean: ## removes everything that was built
	rm -rf $(BUILD) $(wildcard */target)
	-+$(EXTENSION) -s clean
	-+$(LIBPQCM) -s clean
