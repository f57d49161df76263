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

# What is there and is no file is written to, not replaced: run by root, an answer sent to
# /dev/null would take it from the whole machine.
mkfifo answers weights
timeout 60 cat answers > told &
timeout 60 cat weights > told.safetensors &
expect 0 "$smearscope" train --data smears --input-size 48 --epochs 1 --split 0.34 --quiet \
  --output weights --predictions answers
wait
for pipe in answers weights; do
  [ -p $pipe ] || fail "$pipe: a pipe was replaced by a file"
done
cmp -s <(head -n 1 told) <(head -n 1 kept.csv) || fail "the answers did not go through the pipe"
expect 0 "$smearscope" info --model told.safetensors
expect 2 "$smearscope" classify --model small.safetensors -r smears --csv answers
says err "answers: is no file"

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
refused "--restain" --restain 2 --architecture cell
refused "architecture cell only" --restain 0.5
refused "--temperature is" --temperature 0
refused "--few-cells is" --few-cells 200
refused "--threshold is" --threshold 1.5
refused "--split is" --split 1
refused "not negative" --epochs -1
refused "only one" --folds nowhere.csv --fold 1 --split 0.5
refused "1 to 1024 pictures" --batch 65536 --pictures 65536 --architecture cell

# Folds: a table without, one that is not there, one that is no number.
table () {
  echo path,class"${1:+,fold}"
  for class in Benign Early Pre Pro; do
    k=0
    for file in smears/$class/*; do echo "$file,$class${1:+,${1:$((k++ % ${#1})):1}}"; done
  done
}
table "" > plain.csv
table 01 > folds.csv
table ab > letters.csv
table 0 > one.csv
expect 2 "$smearscope" train --folds plain.csv --cross-validate --epochs 1 --quiet
says err "plain.csv: no image has a fold"
expect 2 "$smearscope" train --folds folds.csv --fold 9 --epochs 1 --quiet --predictions no.csv
says err "folds.csv: no image is of the fold"
expect 2 "$smearscope" train --folds one.csv --cross-validate --epochs 1 --quiet
says err "one.csv: no image is left to learn from"
expect 2 "$smearscope" train --folds letters.csv --cross-validate --epochs 1 --quiet
says err "letters.csv: record 2: the fold is"
[ ! -e no.csv ] || fail "answers although nothing was trained"

# Gone on with, a cross-validation keeps the curves that it has.
crossed () {
  expect 0 "$smearscope" train --folds folds.csv --cross-validate --input-size 48 --quiet \
    --checkpoint crossed --curves crossed.csv --epochs 2
}
crossed
cp crossed.csv whole.csv
rm crossed.1
crossed
[ "$(cut -d, -f1-6 crossed.csv | tail -n 2)" = "$(cut -d, -f1-6 whole.csv | tail -n 2)" ] ||
  fail "the fold that was trained again has other curves"
cmp -s <(head -n 5 crossed.csv) whole.csv || fail "the curves of before are gone"

# What a weights file says of itself is not believed: the network counts.
tell () {
  echo "$2" > facts.json
  expect 0 "$smearscope" info --model "$1" --set-metadata facts.json --output told.safetensors
}
tell small.safetensors '{ "judges": "cells" }'
expect 0 "$smearscope" classify --model told.safetensors smears/Pre/Pre-0001.jpg
for wrong in nan abc ""; do
  tell small.safetensors "{ \"temperature\": \"$wrong\" }"
  expect 2 "$smearscope" classify --model told.safetensors smears/Pre/Pre-0001.jpg
  says err "temperature is no number"
done

# The same cells in other stains are another training.
for share in 0 1; do
  expect 0 "$smearscope" train --data smears --architecture cell --restain $share --epochs 1 --quiet \
    --output "stain$share.safetensors"
done
! cmp -s stain0.safetensors stain1.safetensors || fail "--restain changes nothing"
tell stain0.safetensors '{ "input_size": "224" }'
expect 2 "$smearscope" classify --model told.safetensors smears/Pre/Pre-0001.jpg
says err "judged in 48 pixels, and its input_size is 224"
