// Loaded into the program with --import: a clock of jobs. Sends the process a signal as soon as its journal has so many lines, which no
// test that watches from outside can do in time when a replication takes ten milliseconds. SIGNAL and SIGNAL_AFTER say which and when.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const append = fs.appendFileSync;
let left = Number(process.env.SIGNAL_AFTER);
fs.appendFileSync = (file, ...rest) => {
  append(file, ...rest);
  if (String(file).endsWith("replications.ndjson") && --left === 0) process.kill(process.pid, process.env.SIGNAL);
};
syncBuiltinESMExports();
