#!/bin/sh
# Every architecture, exported, answers in ONNX Runtime as it does here: to 1e-4.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
work=$(mktemp -d "$BUILD/test-onnx.XXXXXX")
trap 'rm -rf "$work"' EXIT
smearscope=$BUILD/smearscope

fail () { echo "test-onnx: $*" >&2; exit 1; }

# What goes wrong is said, with the status that the help promises.
status=0
"$smearscope" export 2> "$work/errors" || status=$?
[ $status = 2 ] || fail "without --onnx the status is $status"
grep -q -e --onnx "$work/errors" || fail "without --onnx: $(cat "$work/errors")"
"$BUILD/tests/tools/random-model" published-cnn 16 1 "$work"
status=0
"$smearscope" export -m "$work/model.safetensors" --onnx "$work/none/m.onnx" 2> "$work/errors" || status=$?
[ $status = 2 ] || fail "where it cannot write the status is $status"
grep -q none/m.onnx "$work/errors" || fail "where it cannot write: $(cat "$work/errors")"

modules=$(BUILD=$BUILD tests/bench/onnxruntime)
# Sizes at which no map shrinks to nothing, and VGG's first dense layer still sees 2x2.
for case in "published-cnn 224" "published-cnn 61" "cell 48" "vgg16 64" "resnet50 96" \
            "inception-v3 107"; do
  # shellcheck disable=SC2086 # two words
  set -- $case
  for isa in portable best; do
    printf '%s at %s on %s: ' "$1" "$2" "$isa"
    SMEARSCOPE_ISA=$isa "$BUILD/tests/tools/random-model" "$1" "$2" 3 "$work"
    "$smearscope" export -m "$work/model.safetensors" --onnx "$work/model.onnx"
    NODE_PATH=$modules node tests/nn/compare-onnx.js "$work" "$2" 3
  done
done

# The shipped weights likewise, on smears.
for case in "published-cnn 224" "cell 48"; do
  # shellcheck disable=SC2086 # two words
  set -- $case
  printf 'shipped %s: ' "$1"
  "$BUILD/tests/tools/random-model" "weights/$1.safetensors" "$2" 8 "$work"
  "$smearscope" export -m "weights/$1.safetensors" --onnx "$work/model.onnx"
  NODE_PATH=$modules node tests/nn/compare-onnx.js "$work" "$2" 8
done
