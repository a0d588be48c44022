#!/bin/bash
# Plays WhatIsTheTime.com against the region that AWS_ENDPOINT_URL names. STAGES says which stages,
# in this order; 6 and 7 need 5.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/stages.sh"
for part in names balancer scaling bill; do . "$here/$part.sh"; done
command -v aws > /dev/null || { echo 'The tour needs the aws CLI: pip install awscli' >&2; exit 1; }

say 'WhatIsTheTime.com tells the time. It starts as small as can be and has to grow.'
prepare
trap 'clear_group; clear_balancer; clear_up' EXIT
for stage in ${STAGES:-1 2 3 4 5 6 7 8}; do
    "stage$stage"
    # Addresses are dear: what stages 1 to 3 used is not needed any more.
    [ "$stage" != 3 ] || release_all
done
say "All promises of stages ${STAGES:-1 2 3 4 5 6 7 8} hold."
