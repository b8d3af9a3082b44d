import type { EndingKind } from "../../sim/scenario.ts";

/** How a run ends: `ending`. */
export const endings: Readonly<Record<Exclude<EndingKind, "leaked-lock">, string>> = {
  duration: "The run was simulated for as long as the scenario says.",
  "work-done": "No task had anything left to do before the duration was over.",
  deadlock: "Tasks wait for each other for ever.",
  "orphaned-lock": "A task holds a lock and will never let it go, while others wait for it.",
  "event-limit": "The run had too many events and was stopped.",
};

/** Other words of the reports and scenario files that are values of nothing else. */
export const otherWords: Readonly<Record<string, string>> = {
  "MSER-5":
    "How the warm-up of a steady scenario is found: the cut after which the mean of batches of five samples has the least standard error.",
  "warm-up": "The beginning of a run that is left out of the statistics.",
  "server-2014": "The costs of a server of 2014, which is what a scenario has unless it names others.",
  "vm-6.18": "The costs of the machine of the real-* scenarios: 2 vCPUs under KVM with Linux 6.18.",
  p50: "The median: half of the samples are at most as long.",
  p90: "90 of 100 samples are at most as long.",
  p99: "99 of 100 samples are at most as long.",
  "p99.9": "999 of 1,000 samples are at most as long.",
  max: "The longest sample, exact.",
  mean: "The sum of the samples divided by their number.",
  n: "A number of samples, replications or reads.",
  "▲": "Longer than the reference.",
  "▼": "Shorter than the reference.",
  "~": "No effect is claimed; of a budget: it was waived.",
  "=": "The same in every seed.",
  "?": "No interval; of a budget: inconclusive.",
  "!": "Not compared.",
  "✓": "The budget is met.",
  "✗": "The budget is exceeded.",
  "-": "No value, or the budget is switched off.",
  "≥": "At least this: something had not ended when the run did.",
};

/** What metrics are split by, and what a statistic can be asked of: `mmap_sem.wait{mode=R}`. */
export const tags: Readonly<Record<string, string>> = {
  mode: "R for a shared hold of the lock, W for an exclusive one.",
  class: "The class of IO that a holder slept for: swap, file, fuse, userfault, writeback, throttle or reclaim.",
  holder_mode: "The mode of the task that a wait is charged to.",
  holder_role: "The role of the task that a wait is charged to.",
  holder_site: "The call site of the task that a wait is charged to.",
  peak: "How many tasks waited at once at the height of a convoy.",
  op: "The operation of a role.",
  errno: "The error that a call returned.",
  kind: "What sort of fault, mapping, device or scenario it is.",
  how: "In which way it happened.",
  assertion: "The kernel assertion that failed.",
  reason: "Why it happened.",
};
