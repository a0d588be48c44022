#!/bin/sh
# Builds and runs fuzz targets without cargo-fuzz: ./fuzz.sh "TARGET..." SECONDS
set -eu
cd "$(dirname "$0")"
RUSTFLAGS="--cfg fuzzing -Cdebug-assertions -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
export RUSTFLAGS CARGO_PROFILE_DEV_OPT_LEVEL=1
# With a target named, flags do not reach build scripts, which have no fuzzer to link with.
host="$(rustc +nightly -vV | sed -n 's/^host: //p')"
cargo +nightly build --quiet --bins --target "$host"
for target in $1; do
    mkdir -p "target/corpus/$target"
    if [ -d "seeds/$target" ]; then cp "seeds/$target/"* "target/corpus/$target/"; fi
    "target/$host/debug/$target" "target/corpus/$target" -max_total_time="$2" -timeout=10 \
        -rss_limit_mb=1024 -artifact_prefix="target/$target-" -print_final_stats=1
done
