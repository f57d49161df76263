// ONNX Runtime as the other side of a benchmark; speaks like bench-network.c.
// usage: node rival.js MODEL.onnx
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
    const values = Float32Array.from({ length: batch * 224 * 224 * 3 }, Math.random);
    inputs.set(batch, new ort.Tensor('float32', values, [batch, 3, 224, 224]));
  }
  return inputs.get(batch);
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [, batch, threads] = line.split(' ');
    const s = await session(Number(threads));
    const feed = { [s.inputNames[0]]: input(Number(batch)) };
    const start = process.hrtime.bigint();
    await s.run(feed);
    console.log((Number(process.hrtime.bigint() - start) / 1e6).toFixed(4));
  }
})();
