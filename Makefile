# One set of flags everywhere: Fyne's C code takes minutes to compile, and is
# compiled again for every other set. no_animations spares the repainting of the
# whole window for a blinking cursor, and nolibopusfile a library we do not use; a
# release also leaves Fyne's thread checks out.
GO   ?= go
TAGS := no_animations,nolibopusfile

.PHONY: deps build run demo test lint bench soak screenshots fuzz doap release clean

build:
	$(GO) build -tags $(TAGS) -o bin/linnet ./cmd/linnet

# deps installs what this machine lacks: see cmd/tools/deps.sh.
deps:
	@sh cmd/tools/deps.sh test

run:
	@sh cmd/tools/deps.sh build
	@$(MAKE) --no-print-directory build
	bin/linnet

demo:
	@sh cmd/tools/deps.sh demo
	@$(MAKE) --no-print-directory build
	@$(GO) run -tags $(TAGS) ./cmd/demo

# test is all that has to pass; lint is the part of it that runs nothing.
test: deps
	@$(GO) run ./cmd/check

lint:
	@$(GO) run ./cmd/check lint

# bench measures what people notice, of the program as they get it; BENCH_MISSED
# are the sizes of the archives it catches up with, by commas.
BENCH_MISSED ?= 10000,100000
bench: deps release
	@$(GO) run -tags $(TAGS) ./cmd/bench -missed $(BENCH_MISSED)

# soak talks through failing servers and networks, SOAK_MESSAGES each way over
# each server, and looks whether all arrived. It prints the seed of its faults,
# which can be set again; 0 takes any.
SOAK_MESSAGES ?= 20000
SOAK_SEED     ?= 0
soak:
	@sh cmd/tools/deps.sh soak
	@$(GO) run -tags $(TAGS) ./cmd/soak -messages $(SOAK_MESSAGES) -seed $(SOAK_SEED)

screenshots: deps build
	@$(GO) run -tags $(TAGS) ./cmd/demo -screenshots docs/screenshots

# fuzz gives every fuzz target of the tree FUZZTIME of one core, ten times what
# it has in the tests. Inputs that showed new ways are kept under bin/fuzz.
FUZZTIME ?= 5m
fuzz:
	@$(GO) run ./cmd/check -fuzztime $(FUZZTIME) fuzz

# doap writes linnet.doap from the table in docs/protocol.md.
doap:
	$(GO) run ./cmd/doap

release:
	$(GO) build -tags $(TAGS),migrated_fynedo -ldflags '-s -w' -o bin/linnet ./cmd/linnet

clean:
	rm -rf bin
