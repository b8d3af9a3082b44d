import { z } from "zod";
import { law } from "./law.ts";
import { share } from "./quantities.ts";

/** Operations that stall: which share of them, and for how long. */
export const stalls = z.strictObject({
  share: share.describe("Share of the operations that stall."),
  stall: law.describe("How long one of these stalls. Who waits for it with the lock held holds it that much longer."),
});
