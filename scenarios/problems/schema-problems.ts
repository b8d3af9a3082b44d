import type { z } from "zod";
import { nearName } from "../near-name.ts";
import type { Problem } from "../problem.ts";
import { scenarioFile } from "../schema/scenario-file.ts";
import { allowedKeys } from "./allowed-keys.ts";
import { issueMessage, otherRole } from "./issue-message.ts";

/** Zod's issue as problems of ours, one an unknown key. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  problemAt: (path: readonly PropertyKey[], message: string, key?: string | null) => Problem,
  schema: z.ZodType = scenarioFile,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(schema, issue.path, data);
    return issue.keys.map((key) => {
      const near = nearName(key, allowed);
      const list = allowed.length === 0 ? "" : `: one of ${allowed.join(", ")}`;
      return problemAt(issue.path, `unknown key${near === null ? list : ` (did you mean "${near}"?)`}`, key);
    });
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => problemAt(issue.path, inner.message));
  }
  return [problemAt(issue.path, otherRole(issue.path, issue.input) ?? issueMessage(issue))];
}

/** The path of what is wrong: of a key that nobody knows, the key's own. */
export function brokenPath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const isKey = issue.code === "unrecognized_keys" && issue.path.length === 0;
  return isKey ? [issue.keys[0] as string] : issue.path;
}

/** The problems in the order of their places. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.col - b.col);
}
