import { checkJsonSchema } from "../../../reports/ci/check-schema.ts";
import { jsonSchema } from "../../../scenarios/schema.ts";
import type { Streams } from "../../cli/streams.ts";

/** Prints the JSON Schema of scenario files, or of the document that `check` prints. Returns exit code 0. */
export function schema(of: string, streams: Streams): number {
  streams.out(`${JSON.stringify(of === "check" ? checkJsonSchema() : jsonSchema(), null, 2)}\n`);
  return 0;
}
