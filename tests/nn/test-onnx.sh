#!/bin/sh
# Every architecture, exported, answers in ONNX Runtime as it does here.
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
modules=$(BUILD=$BUILD tests/bench/onnxruntime)

work=$(mktemp -d "$BUILD/test-onnx.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Sizes at which no map shrinks to nothing, and VGG's first dense layer still sees 2x2.
for case in "published-cnn 224" "published-cnn 61" "cell 80" "vgg16 64" "resnet50 96" \
            "inception-v3 107"; do
  # shellcheck disable=SC2086 # two words
  set -- $case
  for isa in portable best; do
    printf '%s at %s on %s: ' "$1" "$2" "$isa"
    SMEARSCOPE_ISA=$isa "$BUILD/tests/tools/random-model" "$1" "$2" 3 "$work"
    NODE_PATH=$modules node tests/nn/compare-onnx.js "$work" "$2" 3
  done
done
