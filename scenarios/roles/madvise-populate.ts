import { order, ownMm, pageCount, touched, writtenRole } from "./role.ts";

/** Threads that call madvise(MADV_POPULATE_READ). */
export const madvisePopulate = writtenRole(
  "madvise_populate",
  { mm: ownMm, touch: touched, order, pages: pageCount },
  { resolve: ({ mm, touch, order, pages }) => ({ mm, touch, order, pages }) },
);
