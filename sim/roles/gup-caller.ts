import { patchSiteSteps } from "../callers/patch-site-steps.ts";
import { type PatchSite, patchSites } from "../callers/patch-sites.ts";
import type { Order, TaskGroupBase } from "../scenario.ts";
import { repeat } from "./pace/pacer.ts";
import type { Role } from "./role.ts";

/** Tasks that get pages as one of the call sites of the 2014 patch does, in the form before it, as posted, or as merged. */
export interface GupCaller extends TaskGroupBase {
  readonly role: "gup_caller";
  readonly site: string;
  readonly form: "before" | "rfc" | "merged";
  /** The mapping of each page is asked for, too. */
  readonly vmas: boolean;
  readonly mm: string;
  readonly touch: string;
  readonly order: Order;
  readonly pages: number;
}

/** A task that gets pages as a call site of the patch does. */
export const gup_caller: Role<GupCaller> = {
  what: "A task that gets pages as one of the call sites that the patch of 2014 changes, in the form before it, as posted, or as merged.",
  why: "What the conversion of one site is worth can be seen beside the others, which stay as they are.",
  said: null,
  later: "Drivers have pin_user_pages for it since v5.6.",
  source: "v3.17, the patches of 26 Sep 2014 and v4.1, the file of each site",
  group: (group, { mm, walk }) => {
    const record = patchSites.find(({ site }) => site === group.site) as PatchSite;
    return (current, i) => {
      const pages = walk(current, i, group);
      return repeat(current, group.schedule, group.site, function* (k) {
        const vmas = group.vmas ? [] : null;
        return (yield* patchSiteSteps(current, mm, pages.address(k), group.pages, record, group.form, [], vmas)) >= 0;
      });
    };
  },
};
