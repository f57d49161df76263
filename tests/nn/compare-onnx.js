// node compare-onnx.js DIRECTORY SIZE BATCH: does ONNX Runtime answer as the engine did?
// DIRECTORY is what tests/tools/random-model wrote. NODE_PATH says where the runtime is.
'use strict';
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const [directory, size, batch] = [process.argv[2], +process.argv[3], +process.argv[4]];

function floats(name) {
  const bytes = fs.readFileSync(path.join(directory, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function worst(a, b) {
  if (a.length !== b.length || a.length === 0)
    throw new Error(`${a.length} numbers against ${b.length}`);
  let difference = 0;
  for (let i = 0; i < a.length; i++)
    difference = Math.max(difference, Number.isFinite(a[i]) ? Math.abs(a[i] - b[i]) : Infinity);
  return difference;
}

async function main() {
  const session = await ort.InferenceSession.create(path.join(directory, 'model.onnx'));
  const input = new ort.Tensor('float32', floats('input.f32'), [batch, 3, size, size]);
  const out = await session.run({ input });
  const logits = floats('logits.f32');
  const top = logits.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const spread = Math.max(...logits) - Math.min(...logits);
  const byLogit = worst(out.logits.data, logits) / top;
  const byProbability = worst(out.probabilities.data, floats('probabilities.f32'));

  console.log(`logits differ by ${byLogit.toExponential(1)} of the largest (${top.toFixed(2)}), ` +
              `probabilities by ${byProbability.toExponential(1)}`);
  if (spread < 1e-3 * top)
    throw new Error('the answers hardly differ from one another: they compare nothing');
  if (!(byLogit < 1e-4 && byProbability < 1e-4))
    throw new Error('more than 1e-4');
}

main().catch((error) => {
  console.error(`compare-onnx: ${error.message}`);
  process.exit(1);
});
