#!/bin/bash
# Many files in one batch: memory stays as it is, rows come in order, resumed nothing is there twice.
# A small form of make bench-batch, which takes ten thousand.
# timeout: 600
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
need_model
"$top/tests/bench/batch" 300 "$work/many" > said || { cat said; fail "see above"; }
cat said
