#!/bin/bash
# From nothing to a region that tells the time: installs, builds, starts, plays the story.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./setup.sh
cargo build --release -p maquette
export PATH=$PWD/target/release:$PATH
maquette status > /dev/null 2>&1 || maquette up --detach --pace 20
maquette tour whatisthetime
cat <<'NEXT'

The region is still up. In this shell:
    export PATH=$PWD/target/release:$PATH
    eval "$(maquette env)"
    aws ec2 describe-vpcs
    maquette down
NEXT
