#!/bin/bash
# All tests, as CI runs them; ends with the test runner's own summary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export MAQUETTE_TESTS=1
. ./setup.sh
exec cargo x ci
