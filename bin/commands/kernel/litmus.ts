import { litmusDocument, litmusText } from "../../../reports/text/experiments/litmus-text.ts";
import { parseDuration, UnitError } from "../../../scenarios/units.ts";
import { patchSites, siteForms } from "../../../sim/callers/patch-sites.ts";
import {
  defaultLitmusCosts,
  type LitmusCall,
  type LitmusCosts,
  type LitmusPage,
  litmusPages,
  runLitmus,
} from "../../../sim/experiments/litmus.ts";
import { UsageError } from "../../cli/exit-codes.ts";
import type { Streams } from "../../cli/streams.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";

/** Longest vector: one chunk of process_vm_readv. */
const maxPages = 1024;

export interface LitmusOptions {
  readonly vectors: readonly string[];
  readonly variants: readonly string[];
  readonly format: "text" | "json" | "ndjson";
  readonly prefault: boolean;
  readonly mlock: boolean;
  /** Kernel assertions are compiled out. */
  readonly ignoreBugs: boolean;
  /** A call site of the patch, whose three forms are run instead of get_user_pages_unlocked. */
  readonly site: string | undefined;
  /** `NAME=DURATION`, NAME one of walk, submit, io, map, fail. */
  readonly cost: readonly string[];
}

/**
 * One call over each page vector, for each variant. Returns exit code 0.
 *
 * @throws UsageError for a vector, variant or cost that is none, and for several vectors as one JSON document.
 */
export function litmus(options: LitmusOptions, streams: Streams): number {
  const variants = parseVariants(options.variants);
  const vectors = options.vectors.map(parseVector);
  const costs = options.cost.reduce(withCost, defaultLitmusCosts);
  const calls = callsOf(options);
  if (options.format === "json" && vectors.length > 1) {
    throw new UsageError(`--format json is one document, and ${vectors.length} vectors are given: use --format ndjson`);
  }
  for (const [i, vector] of vectors.entries()) {
    const outcomes = variants.flatMap((variant) => calls.map((call) => runLitmus(vector, variant, costs, call)));
    const document = litmusDocument(vector.join(""), options.prefault, costs, outcomes, options.ignoreBugs);
    if (options.format === "text")
      streams.out(`${i > 0 ? "\n" : ""}${litmusText(document, outcomes, options.ignoreBugs)}`);
    else if (options.format === "ndjson") streams.out(`${JSON.stringify(document)}\n`);
    else streams.out(`${JSON.stringify(document, null, 2)}\n`);
  }
  return 0;
}

function parseVector(text: string): LitmusPage[] {
  if (text.length === 0) throw new UsageError("a page vector must have at least one page");
  if (text.length > maxPages) {
    throw new UsageError(`a page vector has at most ${maxPages} pages, this one has ${text.length}`);
  }
  return [...text].map((letter) => {
    if (isPage(letter)) return letter;
    const allowed = Object.entries(litmusPages).map(([name, meaning]) => `${name} (${meaning})`);
    throw new UsageError(`unknown page "${letter}" in "${text}": one of ${allowed.join(", ")}`);
  });
}

function isPage(letter: string): letter is LitmusPage {
  return Object.hasOwn(litmusPages, letter);
}

function withCost(costs: LitmusCosts, text: string): LitmusCosts {
  const [name = "", value = ""] = text.split("=");
  const key = `${name}_ns`;
  if (!Object.hasOwn(costs, key)) {
    const names = Object.keys(costs).map((known) => known.replace("_ns", ""));
    throw new UsageError(`--cost ${text}: unknown cost "${name}": one of ${names.join(", ")}`);
  }
  try {
    return { ...costs, [key]: parseDuration(value) };
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--cost ${text}: ${error.message}`);
    throw error;
  }
}

/** The call that is made, or the three of a site. */
function callsOf({ prefault, mlock, ignoreBugs, site }: LitmusOptions): LitmusCall[] {
  const plain = { prefault, mlock, ignoreBugs };
  if (site === undefined) return [plain];
  const record = patchSites.find((one) => one.site === site);
  if (record === undefined) {
    throw new UsageError(`--site ${site}: no such call site, one of ${patchSites.map((one) => one.site).join(", ")}`);
  }
  return siteForms.map((form) => ({ ...plain, site: { record, form } }));
}
