#!/bin/bash
# Plays WhatIsTheTime.com, stages 1 to 3, against the region that AWS_ENDPOINT_URL names.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/stages.sh"
command -v aws > /dev/null || { echo 'The tour needs the aws CLI: pip install awscli' >&2; exit 1; }

say 'WhatIsTheTime.com tells the time. It starts as small as can be and has to grow.'
prepare
trap clear_up EXIT
stage1
stage2
stage3
say 'All promises of stages 1 to 3 hold. Every server needed an address that clients must know,'
echo 'and the quota ends that road: the next stages put names and a balancer in front.'
