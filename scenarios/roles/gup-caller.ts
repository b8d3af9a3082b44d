import { z } from "zod";
import { patchSites, type SiteForm, siteForms } from "../../sim/callers/patch-sites.ts";
import { order, ownMm, pageCount, touched, writtenRole } from "./role.ts";

/** Tasks that call get_user_pages as a site of the patch does. */
export const gupCaller = writtenRole(
  "gup_caller",
  {
    site: z
      .enum(patchSites.map((one) => one.site))
      .describe("The call site, by the function it is in. `gupsim sites` lists them with what each does."),
    form: z
      .enum(siteForms)
      .describe(
        "The site as it was before the patch, as the patch was posted (rfc), or as it was merged: whether it lets go of the lock over IO.",
      ),
    vmas: z
      .boolean()
      .default(false)
      .describe(
        "It asks for the mapping of each page, too, and so must keep the lock: only forms that do may have it.",
      ),
    mm: ownMm,
    touch: touched,
    order,
    pages: pageCount
      .optional()
      .describe(
        "Consecutive pages of one call, under one hold where the site keeps the lock. Without it as many as people use at the site.",
      ),
  },
  {
    resolve: ({ site, form, vmas, mm, touch, order, pages }) => {
      const usual = patchSites.find((one) => one.site === site)?.pages ?? 1;
      return { site, form, vmas, mm, touch, order, pages: pages ?? usual };
    },
    check: ({ site, form, vmas }, on) => {
      if (on === undefined || !vmas || keepsLock(site, form)) return [];
      const message = `asks for vmas, which are valid only as long as the lock is held: the ${form} form of ${site} may drop it`;
      return [{ key: "vmas", message }];
    },
  },
);

/** Whether the site holds the lock around plain get_user_pages, in this form. */
function keepsLock(site: string, form: SiteForm): boolean {
  return patchSites.find((one) => one.site === site)?.[form].startsWith("gup") === true;
}
