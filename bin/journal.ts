import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../sim/scenario.ts";
import { fromJson, type Replication, type ReplicationJson, toJson } from "../sim/study/replication.ts";
import { EnvironmentError } from "./exit-codes.ts";
import { versionStamp } from "./version-stamp.ts";

interface Line {
  readonly type: "replication";
  /** Of the scenario, the variant, the seed and the version: what a replication depends on. */
  readonly key: string;
  readonly replication: ReplicationJson;
}

/**
 * The finished replications of a study that is not finished, a line each, so that an interruption loses none: `replications.ndjson` in
 * the folder of the results. It is removed when the study is done. A torn last line is skipped.
 */
export class Journal {
  private readonly path: string;
  private readonly scenarioHash: string;
  private readonly version: string;
  private readonly known = new Map<string, Replication>();
  /** Lines that belong to something else: another scenario, version, or nothing that can be read. */
  readonly strangers: number = 0;

  constructor(folder: string, scenario: Scenario, from_ns = 0) {
    this.path = join(folder, "replications.ndjson");
    this.scenarioHash = createHash("sha256").update(JSON.stringify(scenario)).digest("hex");
    this.version = JSON.stringify([versionStamp(), from_ns]);
    if (!existsSync(this.path)) return;
    for (const text of readFileSync(this.path, "utf8").split("\n")) {
      const line = read(text);
      if (line === null) {
        if (text !== "") this.strangers++;
        continue;
      }
      const replication = fromJson(line.replication);
      if (line.key === this.keyOf(replication.variant, replication.seed)) this.known.set(line.key, replication);
      else this.strangers++;
    }
  }

  /** The replication as it was finished before, null when it was not. */
  find(variant: string, seed: string): Replication | null {
    return this.known.get(this.keyOf(variant, seed)) ?? null;
  }

  /** Keeps a replication. @throws EnvironmentError when it cannot be written. */
  add(replication: Replication): void {
    const line: Line = {
      type: "replication",
      key: this.keyOf(replication.variant, replication.seed),
      replication: toJson(replication),
    };
    try {
      appendFileSync(this.path, `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw new EnvironmentError(
        `cannot write ${this.path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  /** The study is done. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  private keyOf(variant: string, seed: string): string {
    return createHash("sha256")
      .update(JSON.stringify([this.scenarioHash, variant, seed, this.version]))
      .digest("hex");
  }
}

function read(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Line;
    return line.type === "replication" ? line : null;
  } catch {
    return null;
  }
}
