// ONNX Runtime as the other side of a benchmark; speaks like bench-network.c.
// usage: node rival-onnx.js MODEL.onnx [--once]
//
// --once: one picture through a fresh process, for the cold start.
'use strict';
const ort = require('onnxruntime-node');
const readline = require('readline');

const sessions = new Map();
const inputs = new Map();

async function session(threads) {
  if (!sessions.has(threads)) {
    sessions.set(threads, await ort.InferenceSession.create(process.argv[2], {
      intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: 'all',
    }));
  }
  return sessions.get(threads);
}

function input(batch) {
  if (!inputs.has(batch)) {
    const values = Float32Array.from({ length: batch * 3 * 224 * 224 }, Math.random);
    inputs.set(batch, new ort.Tensor('float32', values, [batch, 3, 224, 224]));
  }
  return inputs.get(batch);
}

// Milliseconds of one run that yields the probabilities only.
async function classify(batch, threads) {
  const s = await session(threads);
  const feed = { input: input(batch) };
  const start = process.hrtime.bigint();
  await s.run(feed, ['probabilities']);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

async function main() {
  if (process.argv[3] === '--once') {
    await classify(1, 2);
    return;
  }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [task, batch, threads] = line.split(' ');
    if (task !== 'classify')
      throw new Error(`no task “${task}”`);
    console.log((await classify(Number(batch), Number(threads))).toFixed(4));
  }
}

main().catch((error) => {
  console.error(`rival-onnx: ${error.message}`);
  process.exit(2);
});
