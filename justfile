# What a person calls most; each line is also written out in README.md or CONTRIBUTING rules.

# everything CI checks
ci:
    cargo x ci

# the story, from nothing
start:
    ./start.sh

# random customers and faults, N seeds
swarm N="1000":
    cargo run --release -p swarm -- {{N}}

# every figure beside its peer
bench:
    ./bench/run.sh

# the exam at full size
exam:
    EXAM=full cargo nextest run -p exam
