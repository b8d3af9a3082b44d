import { law } from "../schema/law.ts";
import { ownMm, touched, writtenRole } from "./role.ts";

const mm = ownMm.describe("The mm that has the mapping. The worker itself takes no lock of it.");

/** Migration of pages. */
export const pageMigration = writtenRole(
  "page_migration",
  {
    mm,
    touch: touched,
    away: law.describe("How long a page is away. A fault on it waits that long, with the lock it has."),
  },
  { resolve: ({ mm, touch, away }, read) => ({ mm, touch, away: read("away", away) }) },
);

/** Writeback of pages. */
export const writeback = writtenRole(
  "writeback",
  {
    mm,
    touch: touched,
    away: law.describe("How long a page is being written. A write to it waits that long, with the lock it has."),
  },
  { resolve: ({ mm, touch, away }, read) => ({ mm, touch, away: read("away", away) }) },
);
