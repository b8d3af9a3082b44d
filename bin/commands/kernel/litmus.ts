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
import { gupPresets } from "../../../sim/kernels/presets.ts";
import { parseVariants } from "../../cli/arguments/variants.ts";
import { command } from "../../cli/command.ts";
import { exitCodes, UsageError } from "../../cli/exit-codes.ts";
import { choice, flag, formatOption, several, type Values, value, values } from "../../cli/options.ts";
import { jsonText } from "../../cli/print.ts";

/** Longest vector: one chunk of process_vm_readv. */
const maxPages = 1024;

const positionals = {
  pages: several(
    "P resident, I swapped out, E SIGBUS, R swapped out and reclaimed once, Z zram, F uncached file, U userfault, G stack guard, X gone after a drop",
    1,
  ),
};
const declared = {
  variants: value("kernels, separated by commas", gupPresets.join(",")),
  prefault: flag("no pages array"),
  mlock: flag("a walk for mlock: guard pages are skipped"),
  site: value("a call site of the patch (gupsim sites): its forms before, rfc and merged"),
  bug: choice(["stop", "ignore"], "stop", "a failed kernel assertion ends the task, or is compiled out"),
  cost: values("NAME=DURATION: walk, submit, io, map, fail"),
  format: formatOption("text", "json", "ndjson"),
};

type LitmusOptions = Values<typeof positionals & typeof declared>;

/** Prints one call over each page vector, for each variant. */
export default command({
  positionals,
  options: declared,
  run(options, streams) {
    const { format, prefault } = options;
    const ignoreBugs = options.bug === "ignore";
    const variants = parseVariants([options.variants]);
    const vectors = options.pages.map(parseVector);
    const costs = options.cost.reduce(withCost, defaultLitmusCosts);
    const calls = callsOf(options);
    if (format === "json" && vectors.length > 1) {
      throw new UsageError(
        `--format json is one document, and ${vectors.length} vectors are given: use --format ndjson`,
      );
    }
    for (const [i, vector] of vectors.entries()) {
      const outcomes = variants.flatMap((variant) => calls.map((call) => runLitmus(vector, variant, costs, call)));
      const document = litmusDocument(vector.join(""), prefault, costs, outcomes, ignoreBugs);
      if (format === "text") streams.out(`${i > 0 ? "\n" : ""}${litmusText(document, outcomes, ignoreBugs)}`);
      else if (format === "ndjson") streams.out(`${JSON.stringify(document)}\n`);
      else streams.out(jsonText(document));
    }
    return exitCodes.ok;
  },
});

/** @throws UsageError for letters that no page has, and too many of them. */
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

/** @throws UsageError for a cost that is none. */
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

/** The call that is made, or the three of a site. @throws UsageError for a site that is none. */
function callsOf({ prefault, mlock, bug, site }: LitmusOptions): LitmusCall[] {
  const plain = { prefault, mlock, ignoreBugs: bug === "ignore" };
  if (site === undefined) return [plain];
  const record = patchSites.find((one) => one.site === site);
  if (record === undefined) {
    throw new UsageError(`--site ${site}: no such call site, one of ${patchSites.map((one) => one.site).join(", ")}`);
  }
  return siteForms.map((form) => ({ ...plain, site: { record, form } }));
}
