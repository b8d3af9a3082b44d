import { describe, expect, test } from "vitest";
import { siteNames } from "../../sim/linux/sites.ts";
import { axes } from "../../sim/kernels/axes.ts";
import { presets } from "../../sim/kernels/presets.ts";
import { everything, meaningsOf } from "./all.ts";
import { events } from "./events.ts";
import { otherNames } from "./terms.ts";

describe("explanations", () => {
  test("every value of every axis, and every preset, has one, and nothing else has", () => {
    const values = Object.entries(axes).flatMap(([axis, forms]) =>
      Object.keys(forms).map((value) => `${axis}=${value}`),
    );
    const rules = everything().flatMap(({ kind, name }) => (kind === "rule" ? [name] : []));
    expect(rules).toEqual([...values, ...Object.keys(presets)]);
  });

  test("every site has one, and a caller is explained by its site", () => {
    expect(everything().flatMap(({ kind, name }) => (kind === "site" ? [name] : []))).toEqual([...siteNames]);
    expect(meaningsOf("vmread").map(({ name }) => name)).toEqual(["process_vm_rw_single_vec"]);
    expect(meaningsOf("proc_maps").map(({ name }) => name)).toEqual(["show_pid_map"]);
  });

  test("say something in every field that is not null, and end their sentences", () => {
    for (const { name, explanation } of everything()) {
      const { what, why, said, later, source } = explanation;
      for (const text of [what, why, said, later]) {
        if (text !== null) expect([name, /^\S.*[.?!]["']?$/.test(text)]).toEqual([name, true]);
      }
      expect([name, source.length > 3]).toEqual([name, true]);
    }
    expect(Object.keys(events).length).toBe(31);
  });

  test("explain knows other names of a thing: mmap_sem_hold and nonblocking are locked (S39)", () => {
    const names = (asked: string): string[] => meaningsOf(asked).map(({ name }) => name);
    for (const asked of ["locked", "mmap_sem_hold", "nonblocking"]) expect(names(asked)).toEqual(["locked"]);
    expect(names("immediate_unlock")).toEqual(["notify_drop"]);
    expect(names("unlocked")).toEqual(names("v4.0"));
    expect(names("v4.0")).toEqual(["gup=v4.0", "kvm=v4.0", "v4.0"]);
    expect(names("gup=retry:3")).toEqual(["gup=retry:N"]);
    expect(names("retry:forever")).toEqual(["gup=retry:N"]);
    for (const name of Object.values(otherNames)) expect(names(name).length).toBeGreaterThan(0);
  });
});
