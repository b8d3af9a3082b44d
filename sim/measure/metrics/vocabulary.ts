import { measuringKinds } from "../measuring.ts";
import type { MetricDeclarations } from "./declaration.ts";

/** The metrics that a run can have, by name: what the measuring listeners declare, together. */
export const metricVocabulary: MetricDeclarations = Object.assign({}, ...measuringKinds.map(({ gives }) => gives));
