# adaptive-mpi: `make run` and `make test` are all that a new machine needs. `make` lists the rest.

PREFIX ?= /usr/local
SWIFT ?= swift
# Kills of each kind in `make kill`.
KILLS ?= 50
# Simulated campaigns in `make seeds`.
SEEDS ?= 10000

# Static, so that compute nodes need no Swift; stripped.
RELEASE = -c release --static-swift-stdlib -Xlinker -s
# HDF5 from Debian's archive, where it is: the shared library brings thirty others into every rank,
# and a user's function may load another HDF5 beside it.
HDF5_ARCHIVE = $(findstring /,$(shell $(CC) -print-file-name=libhdf5_serial.a))
RELEASE_ENVIRONMENT = $(if $(ADAPTIVE_MPI_HDF5),,$(if $(HDF5_ARCHIVE),ADAPTIVE_MPI_HDF5=hdf5-archive \
  PKG_CONFIG_PATH=$(CURDIR)/scripts/pkgconfig:$(PKG_CONFIG_PATH)))
PROGRAM = .build/release/adaptive-mpi
MPICH_PATH = .build-mpich

RUN_PACKAGES = libopenmpi-dev openmpi-bin libhdf5-dev pkg-config gcc libc6-dev
TEST_PACKAGES = $(RUN_PACKAGES) mpich libmpich-dev strace g++ gfortran
# Peers of the learners: CQUAD of the GNU Scientific Library, and CGAL.
BENCH_PACKAGES = libgsl-dev libcgal-dev g++
# Where the machine offers them; the tests that need them say so where it does not.
SLURM_PACKAGES = slurmctld slurmd slurm-client munge
# A Python that has h5py, whoever installed it, is as good as Debian's.
PYTHON_PACKAGES = $(shell for python in $${ADAPTIVE_MPI_PYTHON:-python3 /usr/bin/python3}; do \
  $$python -c 'import h5py, numpy' 2> /dev/null && exit; done; echo python3 python3-h5py python3-numpy)

# Several ranks on one core, and root as the user, by environment: no flag serves every MPI.
export OMPI_MCA_rmaps_base_oversubscribe = 1
ifeq ($(shell id -u), 0)
export OMPI_ALLOW_RUN_AS_ROOT = 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = 1
endif
# Both MPIs may be installed; this one belongs to the release build.
MPIRUN = $$(command -v mpirun.openmpi || echo mpirun)

.DEFAULT_GOAL := help
.PHONY: help run test mpich-products kill seeds lint bench instructions build example install clean \
  run-packages bench-packages test-packages lint-packages

help: ## list these goals
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: run-packages build example ## install what is missing, build, sample the nanowire on 4 ranks
	$(MPIRUN) -n 4 $(PROGRAM) run examples/nanowire/campaign.yaml

test: test-packages example mpich-products ## install what is missing, run every test, on Open MPI and on MPICH
	ADAPTIVE_MPI_MPICH_PRODUCTS=$(CURDIR)/$(MPICH_PATH)/debug $(SWIFT) test

# The programs once more with the other MPI; what a test runs with both of them takes these.
mpich-products: test-packages
	ADAPTIVE_MPI_MPI=mpich $(SWIFT) build --scratch-path $(MPICH_PATH) --product adaptive-mpi
	ADAPTIVE_MPI_MPI=mpich $(SWIFT) build --scratch-path $(MPICH_PATH) --product MPIConformance

kill: test-packages example ## kill ranks and worlds KILLS times each (50), and check what they leave
	ADAPTIVE_MPI_KILLS=$(KILLS) $(SWIFT) test --filter KillingTests

seeds: test-packages ## simulate SEEDS campaigns whose worlds break (10,000)
	ADAPTIVE_MPI_FAULT_SEEDS=$(SEEDS) $(SWIFT) test -c release \
	  -Xswiftc -enable-testing --scratch-path .build-seeds --filter FaultTests

lint: lint-packages ## check formatting and scripts
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests benchmarks
	shellcheck .ci/run scripts/*.sh benchmarks/*/*.sh benchmarks/*/*/*.sh jobscripts/*.sh \
	  Tests/EndToEndTests/Slurm/*.sh

bench: run-packages bench-packages ## measure; benchmarks/README.md says what
	$(SWIFT) run -c release LearnerBenchmark
	$(SWIFT) build -c release --product TreeBenchmark
	$(RELEASE_ENVIRONMENT) $(SWIFT) build $(RELEASE) --product adaptive-mpi
	benchmarks/scaling/measure.sh
	benchmarks/simplices/measure.sh
	benchmarks/integrator/measure.sh 100

instructions: ## compare instructions a point, of learner and roles, with their ceilings
	@scripts/install-packages.sh $(RUN_PACKAGES) valgrind
	$(SWIFT) build -c release --product LearnerBenchmark
	$(SWIFT) build -c release --product TreeInstructions
	benchmarks/callgrind/check.sh
	benchmarks/callgrind/check-tree.sh

build: run-packages
	$(RELEASE_ENVIRONMENT) $(SWIFT) build $(RELEASE) --product adaptive-mpi

example: examples/nanowire/libnanowire.so

examples/nanowire/libnanowire.so: examples/nanowire/nanowire.c include/adaptive_mpi.h
	$(CC) -std=c11 -O2 -Wall -Wextra -fPIC -shared -I include -o $@ $< -lm

install: build ## install program, header, Python worker and job scripts under PREFIX (/usr/local)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/adaptive-mpi
	install -D -m 644 include/adaptive_mpi.h $(DESTDIR)$(PREFIX)/include/adaptive_mpi.h
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/adaptive-mpi/python/adaptive_mpi \
	  python/adaptive_mpi/*.py
	install -d $(DESTDIR)$(PREFIX)/share/adaptive-mpi/jobscripts
	install -m 755 jobscripts/*.sh $(DESTDIR)$(PREFIX)/share/adaptive-mpi/jobscripts/

clean: ## remove what was built; campaigns stay
	rm -rf .build .build-seeds $(MPICH_PATH) examples/nanowire/libnanowire.so

bench-packages:
	@scripts/install-packages.sh $(BENCH_PACKAGES)

run-packages:
	@scripts/install-packages.sh $(RUN_PACKAGES)

test-packages:
	@scripts/install-packages.sh $(TEST_PACKAGES) $(PYTHON_PACKAGES)
	@scripts/install-packages.sh $(SLURM_PACKAGES) || echo "no Slurm here: its tests are skipped"

lint-packages:
	@scripts/install-packages.sh shellcheck
