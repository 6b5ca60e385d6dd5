// Times ONNX Runtime on the networks that the benchmark program has exported, and prints the JSON lines that it prints:
//   npm install --ignore-scripts
//   dotnet run -c Release --project ../MLNetDeep.Benchmarks -- --export models
//   node onnx_bench.js models [--only mlp] [--seconds 6] [--threads 1,2]
// Scoring is rows a second in batches of 256, latency that of one row: medians over a few seconds, the best over the numbers of threads, as for the other engines.
// Each call goes through ONNX Runtime's binding to Node.js; the model "empty", which does nothing, tells what that costs.
'use strict';
const fs = require('fs');
const path = require('path');
const ort = require('onnxruntime-node');

const scoreBatch = 256;
const { version } = require('onnxruntime-node/package.json');

function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at > 0 ? process.argv[at + 1] : otherwise;
}

const seconds = Number(option('--seconds', '6'));
const threads = option('--threads', '1,2').split(',').map(Number);
const only = option('--only');

// Numbers from -1 to 1, or ids below 10,000, which all of the networks know.
function feeds(session, batch) {
  return Object.fromEntries(session.inputMetadata.map(({ name, type, shape }) => {
    const dims = shape.map(d => (typeof d === 'number' ? d : batch));
    const count = dims.reduce((a, b) => a * b, 1);
    const data = type === 'int32'
      ? Int32Array.from({ length: count }, () => Math.floor(Math.random() * 10000))
      : Float32Array.from({ length: count }, () => Math.random() * 2 - 1);
    return [name, new ort.Tensor(type, data, dims)];
  }));
}

async function median(step) {
  const warm = process.hrtime.bigint();
  for (let i = 0; i < 50 && Number(process.hrtime.bigint() - warm) < 2e9; i++) await step();
  const times = [];
  const start = process.hrtime.bigint();
  while (Number(process.hrtime.bigint() - start) < seconds * 1e9) {
    const before = process.hrtime.bigint();
    await step();
    times.push(Number(process.hrtime.bigint() - before) / 1e9);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

(async () => {
  const folder = process.argv[2];
  if (!folder || !fs.existsSync(folder)) {
    console.error('node onnx_bench.js FOLDER [--only NAME] [--seconds S] [--threads 1,2]: the folder is made by the benchmark program\'s --export');
    process.exit(1);
  }
  for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.onnx')).sort()) {
    const workload = path.basename(file, '.onnx');
    if (only && workload !== only) continue;
    let score = 0, latency = Infinity;
    for (const count of threads) {
      const session = await ort.InferenceSession.create(path.join(folder, file), { intraOpNumThreads: count, interOpNumThreads: 1, logSeverityLevel: 3 });
      const many = feeds(session, scoreBatch), one = feeds(session, 1);
      score = Math.max(score, scoreBatch / await median(() => session.run(many)));
      latency = Math.min(latency, await median(() => session.run(one)));
      await session.release();
    }
    console.log(JSON.stringify({ workload, engine: `onnxruntime-node-${version}`, score_per_s: +score.toFixed(1), latency_us: +(latency * 1e6).toFixed(1) }));
  }
})();
