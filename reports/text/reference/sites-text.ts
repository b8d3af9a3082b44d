import type { GupCall } from "../../../sim/callers/gup-calls.ts";
import type { PatchSite } from "../../../sim/callers/patch-sites.ts";
import { wrap } from "../../words/sentences.ts";
import { type Column, textTable } from "../../words/text-table.ts";

/** What the linter says of one form of one call site. */
export interface SiteRemark {
  readonly site: string;
  readonly form: "rfc" | "merged";
  readonly says: string;
}

const siteColumns: readonly Column<PatchSite>[] = [
  { head: "row", rank: 0, align: "left", cell: ({ row }) => row },
  { head: "site", rank: 0, align: "left", cell: ({ site }) => site },
  { head: "mm", rank: 1, align: "left", cell: ({ mm }) => mm },
  { head: "pages", rank: 1, align: "right", cell: ({ pages }) => String(pages) },
  { head: "before", rank: 0, align: "left", cell: ({ before }) => before },
  { head: "rfc", rank: 0, align: "left", cell: ({ rfc }) => rfc },
  { head: "merged", rank: 0, align: "left", cell: ({ merged }) => merged },
  { head: "on a short return", rank: 2, align: "left", cell: ({ onShort }) => onShort },
];

/** The call sites of the 2014 patch, and what a linter says of their forms. */
export function sitesText(sites: readonly PatchSite[], remarks: readonly SiteRemark[], columns: number): string {
  const said = remarks.flatMap(({ site, form, says }) => wrap(`${site}, ${form}: ${says}`, columns, ""));
  return `${textTable(siteColumns, sites, columns)}\n\n${said.join("\n")}\n`;
}

const can = (yes: boolean): string => (yes ? "yes" : "-");

const callColumns: readonly Column<GupCall>[] = [
  { head: "call", rank: 0, align: "left", cell: ({ call }) => call },
  { head: "takes lock", rank: 0, align: "left", cell: ({ takesLock }) => can(takesLock) },
  { head: "may drop", rank: 0, align: "left", cell: ({ droppable }) => can(droppable) },
  { head: "force", rank: 0, align: "left", cell: ({ force }) => can(force) },
  { head: "vmas", rank: 0, align: "left", cell: ({ vmas }) => can(vmas) },
  { head: "remote", rank: 0, align: "left", cell: ({ remote }) => can(remote) },
  { head: "nowait", rank: 0, align: "left", cell: ({ nowait }) => can(nowait) },
];

/** The family of calls, and what each can be asked for. */
export function callsText(calls: readonly GupCall[], columns: number): string {
  const said = calls.flatMap(({ call, says }) => wrap(`${call}: ${says}`, columns, ""));
  return `${textTable(callColumns, calls, columns)}\n\n${said.join("\n")}\n`;
}
