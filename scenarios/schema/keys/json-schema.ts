import { z } from "zod";
import { scenarioFile } from "../scenario-file.ts";
import { written } from "./values.ts";

/** The JSON Schema (draft 2020-12) of scenario files, for editors. A default is told as it would be written. */
export function jsonSchema(): unknown {
  return z.toJSONSchema(scenarioFile, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: made }) => {
      const text = zodSchema instanceof z.ZodDefault ? written(zodSchema) : null;
      // Of what is written with a unit zod leaves the default out, or tells it as the program has it.
      const isPlain = made.default !== undefined && typeof made.default !== "number";
      if (text !== null && !isPlain && text !== String(made.default)) made.default = text;
    },
  });
}
