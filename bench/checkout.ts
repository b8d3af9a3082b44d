import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { SpanListener } from "../sim/spans/paired.ts";
import type { Listener } from "../sim/trace/trace.ts";

type BlameModule = typeof import("../sim/measure/blame/blame.ts");
type PairedModule = typeof import("../sim/spans/paired.ts");
type LoadModule = typeof import("../scenarios/load.ts");
type ReplicationModule = typeof import("../sim/study/replication.ts");
type RunModule = typeof import("../sim/run.ts");
type VariantModule = typeof import("../sim/kernels/variant.ts");
type W3Module = typeof import("./w3/gupsim.ts");

/** Where a module may lie in `dist`: here first, then where it lay before each room had a folder (7fd2b9d). */
const places = {
  blame: ["sim/measure/blame/blame.js", "sim/measure/blame.js"],
  load: ["scenarios/load.js"],
  replication: ["sim/study/replication.js"],
  paired: ["sim/spans/paired.js"],
  run: ["sim/run.js"],
  variant: ["sim/kernels/variant.js", "sim/linux/variant.js"],
} as const;

/** The folder of this checkout. */
export const own = fileURLToPath(new URL("../..", import.meta.url));

/**
 * A built checkout of gupsim, this one or an older one, as the cases need it. What it exports has the types of this one: a checkout in which
 * one of these functions takes other arguments cannot be compared with.
 */
export class Checkout {
  readonly folder: string;

  /** @throws Error when nothing is built there. */
  constructor(folder: string) {
    this.folder = resolve(folder);
    if (!existsSync(this.program)) throw new Error(`${folder} is not a built checkout: there is no ${this.program}`);
  }

  /** The command. */
  get program(): string {
    return join(this.folder, "dist/bin/gupsim.js");
  }

  /** A module by its path in `dist`; the first of several that is there. @throws Error when there is none. */
  async module<T>(...paths: readonly string[]): Promise<T> {
    const found = paths.map((path) => join(this.folder, "dist", path)).find((path) => existsSync(path));
    if (found === undefined) throw new Error(`${this.folder} has no ${paths.join(" or ")}: adapt bench/checkout.ts`);
    return (await import(pathToFileURL(found).href)) as T;
  }

  /** W3 on this checkout's lock. */
  w3(): Promise<W3Module> {
    return this.module("bench/w3/gupsim.js", "bench/w3-gupsim.js");
  }

  /** What one replication needs. */
  async study(): Promise<LoadModule & VariantModule & RunModule & ReplicationModule> {
    return {
      ...(await this.module<LoadModule>(...places.load)),
      ...(await this.module<VariantModule>(...places.variant)),
      ...(await this.module<RunModule>(...places.run)),
      ...(await this.module<ReplicationModule>(...places.replication)),
    };
  }

  /** Listeners as a trace wants them: paired by spans, where the checkout has spans. */
  async paired(listeners: readonly SpanListener[]): Promise<readonly Listener[]> {
    if (!existsSync(join(this.folder, "dist", places.paired[0]))) return listeners as readonly Listener[];
    return (await this.module<PairedModule>(...places.paired)).paired(listeners);
  }

  /** Hold and wait histograms alone. */
  async histograms(): Promise<SpanListener[]> {
    return [await this.listener("lock-stat", "LockStat", [])];
  }

  /** Hold and wait histograms and the ledger of waits. */
  async ledger(): Promise<SpanListener[]> {
    const { BlameLedger } = await this.module<BlameModule>(...places.blame);
    return [...(await this.histograms()), new BlameLedger()];
  }

  /** Every listener that a replication uses (`replicateOnce`). */
  async everyListener(): Promise<SpanListener[]> {
    return [
      ...(await this.ledger()),
      await this.listener("operations", "Operations"),
      await this.listener("vma-locks", "VmaLocks"),
      await this.listener("scheduling", "Scheduling"),
      await this.listener("io-again", "IoAgain"),
      await this.listener("convoys", "Convoys"),
      await this.listener("longest-wait", "LongestWait"),
    ];
  }

  private async listener(file: string, name: string, ...args: unknown[]): Promise<SpanListener> {
    const made = await this.module<Record<string, new (...args: unknown[]) => SpanListener>>(
      `sim/measure/${file}.js`,
      `sim/measure/lock/${file}.js`,
    );
    const Made = made[name];
    if (Made === undefined) throw new Error(`sim/measure/${file}.js has no ${name}: adapt bench/checkout.ts`);
    return new Made(...args);
  }
}
