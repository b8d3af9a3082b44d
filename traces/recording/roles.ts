/**
 * What tasks with such a comm have in common, as their role: `gup0` and `gup1` are `gup`, `CPU 0/KVM` is `CPU N/KVM`, and all workers of
 * workqueues are `kworker`.
 */
export function roleOf(comm: string): string {
  if (comm.startsWith("kworker/")) return "kworker";
  const stem = comm.replace(/[\s:_-]*\d+$/, "");
  const role = (stem === "" ? comm : stem).replace(/\d+/g, "N");
  // A tag of a metric has none of these.
  return role.replace(/[{},=]/g, "_");
}
