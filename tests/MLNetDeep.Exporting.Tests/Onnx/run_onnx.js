// Runs models by ONNX Runtime for the tests. Each line of the input is a request, each line of the output its answer:
//   { "model": file, "feeds": { name: { "type": ..., "dims": [...], "data": base64 } } }
//   { "outputs": { name: { "type": ..., "dims": [...], "data": base64 } } }  or  { "error": text }
'use strict';
const fs = require('fs');
const readline = require('readline');
const ort = require('onnxruntime-node');

const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, uint32: Uint32Array, bool: Uint8Array };
let last = { key: null, session: null };

function decode({ type, dims, data }) {
  const bytes = Buffer.from(data, 'base64');
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return new ort.Tensor(type, new arrays[type](copy), dims);
}

function encode(tensor) {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return { type: tensor.type, dims: tensor.dims, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}

async function answer({ model, feeds }) {
  const { mtimeMs, size } = fs.statSync(model);
  const key = `${model} ${mtimeMs} ${size}`;
  if (key !== last.key) {
    if (last.session) await last.session.release();
    last = { key: null, session: null };
    last = { key, session: await ort.InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 }) };
  }
  const given = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, decode(feed)]));
  const outputs = await last.session.run(given);
  return { outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, encode(tensor)])) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await answer(JSON.parse(line));
    } catch (e) {
      result = { error: String(e && e.message || e) };
    }
    process.stdout.write(JSON.stringify(result) + '\n');
  }
})();
