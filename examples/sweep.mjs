// A sweep, its rows and a picture of each column. node examples/sweep.mjs [FOLDER]
import { sweep } from "gupsim";

const out = process.argv[2] ?? "gupsim-out/example-sweep";
const { rows, columns } = await sweep("io-latency-slope", {
  set: ["duration=100ms"],
  grid: { "devices.swapdev.latency": ["1ms", "4ms", "16ms"] },
  metrics: ["mmap_sem.wait{mode=R}:mean"],
  jobs: 2,
  out,
});

for (const { cell, variant, values } of rows) {
  console.log(cell["devices.swapdev.latency"], variant, values[columns[0]]);
}
console.log(`pictures in ${out}`);
