/** The mappings of a scenario, as they are when the run begins. */
import { KeyedDraws } from "../engine/random.ts";
import { samplerOf } from "../engine/sampler.ts";
import {
  type Backing,
  type mm_struct,
  pte_cow,
  pte_file,
  pte_hwpoison,
  pte_none,
  pte_present,
  pte_swap,
  Stalls,
  vm_area_struct,
} from "../linux/include/linux/mm_types.ts";
import type { StallLaw, Vma } from "../scenario.ts";

/** Pages of each mapping that a scenario only counts (libraries, stacks, heaps). */
const otherVmaPages = 16;

/** A mapping that a scenario only counts. */
export const otherVma = (pages = otherVmaPages): Vma => ({
  kind: "anon",
  pages,
  resident: 1,
  keep: null,
  backing: null,
  reclaim: null,
  random: false,
  thp: false,
  cow: 0,
  poisoned: 0,
  io_errors: 0,
  direct_reclaim: null,
  dirty_throttle: null,
});

/** Maps what `vma` describes, backed by `from`. */
export function addVma(mm: mm_struct, name: string, vma: Vma, from: Backing | null): vm_area_struct {
  const { seed } = mm.kernel;
  const entity = `${mm.name}/${name}`;
  const lifetime = vma.reclaim === null ? null : samplerOf(vma.reclaim);
  const lifetimes = new KeyedDraws(seed, entity, "reclaim");
  const made = new vm_area_struct({
    mm,
    name,
    start: mm.unmappedArea(vma.pages),
    pages: vma.pages,
    kind: vma.kind,
    random: vma.random,
    backing: from,
    keep: vma.keep === null ? Number.POSITIVE_INFINITY : Math.round(vma.keep * vma.pages),
    reclaimAfter: (index, nth) =>
      lifetime === null ? Number.POSITIVE_INFINITY : lifetime.sample(lifetimes.uniform(index, nth)),
  });
  made.thp = vma.thp;
  made.direct_reclaim = stalls(vma.direct_reclaim, new KeyedDraws(seed, entity, "direct-reclaim"));
  made.dirty_throttle = stalls(vma.dirty_throttle, new KeyedDraws(seed, entity, "dirty-throttle"));
  if (vma.io_errors > 0) {
    const failing = new KeyedDraws(seed, entity, "io-errors");
    made.readFails = (index) => failing.uniform(index, 0) < vma.io_errors;
  }
  populateAtStart(made, vma, seed, entity, from);
  mm.mm_rb.insert(made);
  return made;
}

/** Which pages are there when the run begins, and what the others are. */
function populateAtStart(made: vm_area_struct, vma: Vma, seed: string, entity: string, from: Backing | null): void {
  const draw = (purpose: string, share: number): ((index: number) => boolean) => {
    const draws = new KeyedDraws(seed, entity, purpose);
    return share === 1 ? () => true : share === 0 ? () => false : (index) => draws.uniform(index, 0) < share;
  };
  const isUntouched = from === null || from.ioClass === "userfault";
  const away = isUntouched ? pte_none : vma.kind === "file" ? pte_file : pte_swap;
  const isCow = draw("cow", vma.cow);
  const isPoisoned = draw("poisoned", vma.poisoned);
  made.populateAtStart(vma.resident, away, new KeyedDraws(seed, entity, "resident"));
  if (vma.cow === 0 && vma.poisoned === 0) return;
  for (let i = 0; i < made.nrPages; i++) {
    if (isPoisoned(i)) made.setPte(i, pte_hwpoison);
    else if (made.pte[i] === pte_present && isCow(i)) made.setPte(i, pte_cow);
  }
}

/** The stalls of a law, with draws of their own; null when there are none. */
export function stalls(law: StallLaw | null, draws: KeyedDraws): Stalls | null {
  if (law === null || law.share === 0) return null;
  const sampler = samplerOf(law.stall);
  return new Stalls((index, nth) =>
    draws.uniform(index, 2 * nth) < law.share ? sampler.sample(draws.uniform(index, 2 * nth + 1)) : 0,
  );
}
