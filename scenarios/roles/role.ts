/** How a group of tasks of a role is written in a scenario. What the tasks do is the record of the same name in `sim/roles`. */
import { z } from "zod";
import type { Law } from "../../sim/engine/law.ts";
import type { Role } from "../../sim/roles/role.ts";
import { type RoleName, roles } from "../../sim/roles/roles.ts";
import type { TaskGroupBase } from "../../sim/scenario.ts";
import type { LawForm } from "../schema/law.ts";
import type { mm } from "../schema/mapping.ts";
import { pace } from "../schema/pace.ts";
import { name } from "../schema/quantities.ts";

/** A rule that spans several values, broken at `key` of the group. */
export interface Broken {
  readonly key: string;
  readonly message: string;
}

/** Reads the law at a key of the group. */
export type ReadLaw = (key: string, form: LawForm) => Law;

/** What a resolved group of the role has beside what all have. */
type Own<R extends RoleName> = (typeof roles)[R] extends Role<infer Group> ? Omit<Group, keyof TaskGroupBase> : never;

/** The keys of a role as they are read. */
type Form<R extends RoleName, Keys extends z.ZodRawShape> = z.output<
  z.ZodObject<{ role: z.ZodLiteral<R> } & typeof pace & Keys, z.core.$strict>
>;

/** One role as it is written. */
export interface WrittenRole<R extends RoleName, Keys extends z.ZodRawShape> {
  readonly form: z.ZodObject<{ role: z.ZodLiteral<R> } & typeof pace & Keys, z.core.$strict>;
  /** What a run needs to know of the group; the compiler holds it against the type in `sim/roles`. */
  readonly resolve: (task: Form<R, Keys>, law: ReadLaw) => Own<R>;
  /** What is wrong with it that one value alone does not show. `mm` is what it works on, if there is such a thing. */
  readonly check: (task: Form<R, Keys>, on: z.output<typeof mm> | undefined) => readonly Broken[];
}

/** The record of a role: its keys beside the pace, how it is resolved, and its rules. */
export function writtenRole<const R extends RoleName, Keys extends z.ZodRawShape>(
  role: R,
  keys: Keys,
  rules: Pick<WrittenRole<R, Keys>, "resolve"> & Partial<Pick<WrittenRole<R, Keys>, "check">>,
): WrittenRole<R, Keys> {
  const form = z.strictObject({ role: z.literal(role).describe(roles[role].what), ...pace, ...keys });
  return { form, check: () => [], ...rules };
}

/** `mm`: the tasks are of the process. */
export const ownMm = name.describe("The mm that the tasks are threads of, or work in: its lock is the one they take.");
/** `target`: the tasks are of another process. */
export const targetMm = name.describe("The mm that they look at from outside: its lock is the one they take.");
/** `touch`: a mapping of the mm. */
export const touched = name.describe("The mapping whose pages they work on.");
/** `order`: which page is next. */
export const order = z
  .enum(["random", "sequential", "shared"])
  .default("random")
  .describe(
    "Which pages come next. random: any; sequential: the next of the task's own part of the mapping; shared: the next that no task of the group has had. In order, what read-ahead brought in spares IO.",
  );
/** `pages`: of one operation. */
export const pageCount = z
  .int()
  .min(1)
  .max(1024)
  .describe("Consecutive pages of one operation: the more, the longer it has the lock, or the more often it takes it.");
