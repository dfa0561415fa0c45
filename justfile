# `just --list` shows what there is.

# What CI runs: format, lints, tests
ci:
    .ci/run

# Format the sources
fmt:
    cargo fmt

# Lints as errors
lint:
    cargo clippy --all-targets --locked -- -D warnings

# Everything that needs no quiet machine
test:
    cargo test

# perfgate's numbers beside what the embedded target and nginx counted and timed, and nights of a known target judged by the
# gate: wants a quiet machine, takes nine minutes
truth:
    cargo test --release --test suite -- --ignored truth_ --test-threads=1

# What perfgate itself costs: requests a second, live streams, CPU, memory, how punctual it is
bench:
    cargo build --release
    cargo run --release --example bench
    cargo run --release --example bench_report

# Instructions of one iteration, to compare two builds by (needs valgrind)
instructions:
    cargo build --release
    ci/instructions.sh

# Licences, duplicates, advisories and sources of the dependencies (needs cargo-deny)
deny:
    cargo deny --locked check

# The library's documentation, with broken links as errors
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

# Ten million damaged plans, read without a panic; SOAK_PLANS says how many
soak:
    cargo test --release --test suite -- --ignored millions_ --test-threads=1
