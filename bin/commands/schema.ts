import { jsonSchema } from "../../scenarios/schema.ts";
import type { Streams } from "../streams.ts";

/** Prints the JSON Schema of scenario files. Returns exit code 0. */
export function schema(streams: Streams): number {
  streams.out(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return 0;
}
