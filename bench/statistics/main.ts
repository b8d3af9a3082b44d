/** What the statistics promise, tried: coverage, pairing, power, false alarms. Takes half an hour and more. */
import { harmless, namedForNothing, namedWhenSlower } from "./gate.ts";
import { logInterval, meanInterval } from "../../sim/study/statistics.ts";
import { aligned, drifting, pairings } from "./variance.ts";
import { meanWait, mg1, mm1, p90OfMm1, type QueueLaw, queueRun } from "./queue.ts";

const trials = Number(process.argv[2] ?? 1000);
/** A budget fails at this probability: 95 %, one-sided. */
const alpha = 0.025;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function coverage(law: QueueLaw, truth: { mean: number; p90: number }): void {
  let means = 0;
  let p90s = 0;
  for (let trial = 0; trial < trials; trial++) {
    const runs = Array.from({ length: 10 }, (_, i) => queueRun(law, `${trial}-${i}`, 20_000, 2_000));
    const mean = meanInterval(
      runs.map((run) => run.mean),
      0.95,
    );
    const p90 = logInterval(
      runs.map((run) => run.p90),
      0.95,
    );
    if (mean.low <= truth.mean && truth.mean <= mean.high) means++;
    if (p90.low <= truth.p90 && truth.p90 <= p90.high) p90s++;
  }
  const percent = (n: number): string => `${((100 * n) / trials).toFixed(1)} %`;
  say(`coverage of 95 % intervals, ${law.name}, ${trials} trials of ten: mean ${percent(means)}, p90 ${percent(p90s)}`);
}

function power(): void {
  const all = Math.min(trials, 100);
  const sites = Array.from({ length: all }, (_, trial) => namedWhenSlower(trial));
  const caught = sites.filter((names) => names.includes("show_pid_smap")).length;
  const others = sites.filter((names) => names.some((site) => site !== "show_pid_smap")).length;
  say(`power: one site 5 % slower, ten seeds: caught in ${caught} of ${all} trials, others named in ${others}`);
}

function falseAlarms(): void {
  const found = Array.from({ length: trials }, (_, trial) => namedForNothing(trial));
  const promised = alpha + 2 * Math.sqrt((alpha * (1 - alpha)) / trials);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  for (const change of harmless) {
    const alarms = found.filter((names) => names[change].length > 0).length;
    say(
      `false alarms, ${change}: ${alarms} of ${trials} trials (${percent(alarms / trials)}), promised ${percent(promised)}`,
    );
  }
}

function variance(seeds: number): void {
  for (const one of [...aligned, ...drifting]) {
    const found = pairings(one, seeds).map(
      ({ statistic, ratio, factor }) =>
        `${statistic} ${ratio >= 1 ? "+" : ""}${((ratio - 1) * 100).toFixed(1)} %, ${factor >= 1000 ? "over 1,000" : factor.toFixed(1)}`,
    );
    say(`variance reduction, ${one.scenario} with ${one.what} 5 % slower, ${seeds} seeds: ${found.join("; ")}`);
  }
}

coverage(mm1, { mean: meanWait(mm1), p90: p90OfMm1 });
// The wait of M/G/1 has no short percentile: one long run gives it.
coverage(mg1, { mean: meanWait(mg1), p90: queueRun(mg1, "truth", 20_000_000, 10_000).p90 });
variance(10);
variance(60);
power();
falseAlarms();
