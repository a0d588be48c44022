#!/usr/bin/env bash
# Measures every figure beside its peer, prints the table and writes RESULTS.md.
# Arguments: the parts to measure (start api launch filters swarm); none: all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
export BENCH_TARGET="${CARGO_TARGET_DIR:-$PWD/target}"
venv="$BENCH_TARGET/bench-venv"
if ! "$venv/bin/python" -c 'import moto.server, boto3' 2> /dev/null; then
    echo "Installing the peer, moto[server], into $venv" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'moto[server]==5.2.1'
fi
export BENCH_MOTO="$venv/bin/moto_server"
cargo build --quiet --release -p maquette
cargo build --quiet --release -p bench
cargo build --quiet --release -p swarm
exec env -u AWS_PROFILE -u AWS_SESSION_TOKEN -u http_proxy -u https_proxy \
    PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" bench/measure.py "$@"
