// As in a notebook: a scenario, a question, numbers to look at. node examples/notebook.mjs
import { compare, loadScenario } from "gupsim";

const { scenario } = loadScenario("kvm-swap");
console.log(scenario.question);

const document = await compare("kvm-swap", {
  set: ["duration=200ms"],
  variants: ["v3.17", "v4.0"],
  seeds: 3,
  onProgress: ({ done, of }) => console.error(`${done} of ${of}`),
});

const metric = "mmap_sem.hold{mode=R}";
for (const { variant, metrics } of document.variants) {
  const { count, max } = metrics[metric];
  console.log(`${variant}: readers held the lock ${count} times, the longest for ${(max / 1e6).toFixed(1)} ms`);
}
