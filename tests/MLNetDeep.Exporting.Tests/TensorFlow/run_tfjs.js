// Runs frozen graphs by TensorFlow.js for the tests. Each line of the input is a request, each line of the output its answer:
//   { "topology": GraphDef as JSON, "specs": [ { "name", "shape", "dtype" } ], "weights": base64, "feeds": { name: { "type", "dims", "data" } }, "fetches": [ name ] }
//   { "outputs": [ { "dims": [...], "data": base64 of float32 } ] }  or  { "error": text }
'use strict';
const readline = require('readline');
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');

function bytes(base64) {
  const buffer = Buffer.from(base64, 'base64');
  const copy = new ArrayBuffer(buffer.length);
  new Uint8Array(copy).set(buffer);
  return copy;
}

async function answer({ topology, specs, weights, feeds, fetches }) {
  await tf.setBackend('cpu');
  const artifacts = { format: 'graph-model', modelTopology: topology, weightSpecs: specs, weightData: bytes(weights) };
  const model = await loadGraphModel({ load: async () => artifacts });
  try {
    const given = Object.fromEntries(Object.entries(feeds).map(([name, { type, dims, data }]) =>
      [name, tf.tensor(type === 'int32' ? new Int32Array(bytes(data)) : new Float32Array(bytes(data)), dims, type)]));
    const results = await model.executeAsync(given, fetches);
    return { outputs: [results].flat().map(r => ({ dims: r.shape, data: Buffer.from(Float32Array.from(r.dataSync()).buffer).toString('base64') })) };
  } finally {
    model.dispose();
  }
}

// What the library says on the console is no answer.
console.log = console.warn = console.info = () => {};
(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await answer(JSON.parse(line));
    } catch (e) {
      result = { error: String(e && e.stack || e) };
    }
    process.stdout.write(JSON.stringify(result) + '\n');
  }
})();
