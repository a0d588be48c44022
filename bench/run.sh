#!/usr/bin/env bash
# Measures every figure beside its peer, prints the table and writes RESULTS.md.
# Arguments: the parts to measure (start api launch filters swarm balancer names metrics zone
# simulate); none: all of them. Needs root. Peers that are missing are installed where apt has them.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=" ${*:-start api launch filters swarm balancer names metrics zone simulate} " missing=()
if [ "$(id -u)" != 0 ]; then
    echo "bench/run.sh needs root: it makes network namespaces" >&2
    exit 2
fi
need() { # part, command, package
    if [[ "$wanted" = *" $1 "* ]] && ! command -v "$2" > /dev/null; then missing+=("$3"); fi
}
export PATH="$PATH:/usr/sbin:/sbin"
need balancer ip iproute2
need balancer nginx nginx-light
need balancer haproxy haproxy
need names ip iproute2
need names named bind9
need names knotd knot
need names nsd nsd
if [ ${#missing[@]} != 0 ]; then
    echo "Installing the peers: ${missing[*]}" >&2
    policy=/usr/sbin/policy-rc.d
    # They are run by the measurements only: their services must not start on this host.
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -qq || true
    for package in "${missing[@]}"; do
        DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq -y --no-install-recommends "$package" > /dev/null 2>&1 ||
            echo "apt has no $package here: measured without it" >&2
    done
    if [ -n "$(trap -p EXIT)" ]; then rm -f "$policy"; trap - EXIT; fi
fi
export BENCH_TARGET="${CARGO_TARGET_DIR:-$PWD/target}"
venv="$BENCH_TARGET/bench-venv"
if ! "$venv/bin/python" -c 'import moto.server, boto3' 2> /dev/null; then
    echo "Installing the peer, moto[server], into $venv" >&2
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'moto[server]==5.2.1'
fi
export BENCH_MOTO="$venv/bin/moto_server"
packages=(-p bench)
# Names and balancers are measured without a region.
if [ $# = 0 ] || [[ "${wanted//balancer/}" != *( |names) ]]; then packages+=(-p maquette); fi
cargo build --quiet --release "${packages[@]}"
if [ $# = 0 ] || [[ "$wanted" = *" swarm "* ]]; then cargo build --quiet --release -p swarm; fi
exec env -u AWS_PROFILE -u AWS_SESSION_TOKEN -u http_proxy -u https_proxy \
    PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" bench/measure.py "$@"
