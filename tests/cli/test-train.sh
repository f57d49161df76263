#!/bin/bash
# “train” as a command: sizes, curves and answers of what was kept back; what it refuses at once.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
make_smears smears 3

expect 0 "$smearscope" train --data smears --input-size 48 --epochs 2 --split 0.34 --quiet \
  --output small.safetensors --curves curves.csv --predictions kept.csv
[ "$(wc -l < curves.csv)" = 3 ] || fail "not a line of the curves for each epoch"
[ "$(wc -l < kept.csv)" = 5 ] || fail "not one of three of each class kept back"
expect 0 "$smearscope" info --model small.safetensors --json
says out '"input_size": "48"'
expect 0 "$smearscope" evaluate --model small.safetensors --data smears
expect 0 "$smearscope" evaluate --protocol random=kept.csv

refused () {
  local words=$1
  shift
  expect 2 "$smearscope" train --data smears --epochs 1 --quiet --output no.safetensors "$@"
  says err "$words"
  [ ! -e no.safetensors ] || fail "refused, and yet a model is there"
}
refused "purple" --architecture purple
refused "inception-v3: pictures of 64 pixels are too small" --architecture inception-v3 --input-size 64
refused "16 to 1024" --input-size 8
refused "--folds" --fold 1
