import { parseVariant, UnknownVariantError, type Variant } from "../../../sim/kernels/variant.ts";
import { UsageError } from "../exit-codes.ts";

/**
 * Reads names of variants, some of which may be lists with commas.
 *
 * @throws UsageError for an unknown name, an empty list, or a name given twice.
 */
export function parseVariants(names: readonly string[]): Variant[] {
  const list = names.flatMap((name) => name.split(",")).map((name) => name.trim());
  const seen = new Set<string>();
  for (const name of list) {
    if (seen.has(name)) throw new UsageError(`--variants: "${name}" is given twice`);
    seen.add(name);
  }
  try {
    return list.map(parseVariant);
  } catch (error) {
    if (error instanceof UnknownVariantError) throw new UsageError(error.message);
    throw error;
  }
}

/** Reads the name of a single kernel. @throws UsageError for an unknown one, and for several. */
export function parseOneVariant(name: string): Variant {
  const [variant, second] = parseVariants([name]);
  if (variant === undefined || second !== undefined)
    throw new UsageError(`--preset: one kernel, "${name}" are several`);
  return variant;
}
