/** The two patches of 26 Sep 2014 as a series: can each prefix be built, and what does each part of it do to the holds? */
import { parseVariant } from "../kernels/variant.ts";
import { type PatchSite, patchSites } from "../callers/patch-sites.ts";
import { defaultLitmusCosts, type LitmusPage, runLitmus } from "./litmus.ts";

/** A patch: the names it brings, and the names it needs. */
export interface Patch {
  readonly name: string;
  readonly defines: readonly string[];
  readonly uses: readonly string[];
}

const gup: Patch = {
  name: "1/2 mm: gup: add get_user_pages_locked and get_user_pages_unlocked",
  defines: ["get_user_pages_locked", "get_user_pages_unlocked"],
  uses: ["FOLL_TRIED"],
};
const kvm: Patch = {
  name: "2/2 kvm: Faults which trigger IO release the mmap_sem",
  defines: ["FOLL_TRIED"],
  uses: ["get_user_pages_unlocked"],
};
const tried: Patch = { name: "FOLL_TRIED, out of 2/2", defines: ["FOLL_TRIED"], uses: [] };
const fast: Patch = { name: "the conversions to gup_fast, out of 1/2", defines: [], uses: [] };

/** The series as posted, turned round, and split as its author says it needs. Source: the patches of 26 Sep 2014. */
export const patchOrders: Readonly<Record<string, readonly Patch[]>> = {
  "as posted": [gup, kvm],
  "turned round": [kvm, gup],
  split: [tried, gup, fast, { ...kvm, defines: [] }],
};

/** For each prefix of a series, the names that it uses and nobody in it has defined: empty when it can be built. */
export function undefinedNames(series: readonly Patch[]): string[][] {
  return series.map((_, last) => {
    const prefix = series.slice(0, last + 1);
    const defined = new Set(prefix.flatMap(({ defines }) => defines));
    return prefix.flatMap(({ uses }) => uses.filter((name) => !defined.has(name)));
  });
}

/** A part of the series that could be a patch of its own. */
export type PatchPart = "gup_fast's slow part" | "retry conversions" | "fast conversions" | "KVM";

/** What one part does to the holds of its sites. */
export interface PartEffect {
  readonly part: PatchPart;
  readonly sites: readonly string[];
  /** Holds of one call of each of its sites over the pages PIPI, ns: before, and with this part alone. */
  readonly before_ns: number;
  readonly after_ns: number;
  /** Share of what the whole series takes away. */
  readonly share: number;
}

const pages = [..."PIPI"] as LitmusPage[];

/**
 * The effect of each part on the hold budget: one call of each site, two of its four pages missing. The loop is that of v4.0, for the
 * posted one does not survive a second missing page. Sites that the patch makes deadlock are left out.
 */
export function partEffects(): PartEffect[] {
  const parts = new Map<PatchPart, PatchSite[]>();
  for (const site of patchSites) {
    if (site.rfc === "fast-held") continue;
    parts.set(partOf(site), [...(parts.get(partOf(site)) ?? []), site]);
  }
  const effects = [...parts].map(([part, sites]) => ({
    part,
    sites: sites.map(({ site }) => site),
    before_ns: held(sites, "before"),
    after_ns: held(sites, "rfc"),
  }));
  const whole = effects.reduce((sum, { before_ns, after_ns }) => sum + before_ns - after_ns, 0);
  return effects.map((one) => ({ ...one, share: (one.before_ns - one.after_ns) / whole }));
}

function partOf({ file, before, rfc }: PatchSite): PatchPart {
  if (file.startsWith("virt/kvm/")) return "KVM";
  if (before === "fast-plain" || file === "mm/util.c") return "gup_fast's slow part";
  return rfc.startsWith("fast") ? "fast conversions" : "retry conversions";
}

function held(sites: readonly PatchSite[], form: "before" | "rfc"): number {
  const call = { prefault: false, mlock: false, ignoreBugs: false };
  return sites
    .map((record) => runLitmus(pages, parseVariant("v4.0"), defaultLitmusCosts, { ...call, site: { record, form } }))
    .reduce((sum, { total_hold_ns }) => sum + total_hold_ns, 0);
}
