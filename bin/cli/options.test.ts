import { describe, expect, test } from "vitest";
import yargs from "yargs";
import { declare } from "./command.ts";
import {
  choice,
  type Declared,
  flag,
  given,
  type Values,
  value,
  valueOrBare,
  valueOrNone,
  values,
  valuesOf,
} from "./options.ts";

const declared = {
  out: valueOrNone("a folder", "none"),
  saveBaseline: value("a file"),
  warmup: value("a time", "auto"),
  seed: values("a seed"),
  serve: valueOrBare("a port"),
  mailRows: flag("rows", { formerly: "seed-rows" }),
  color: flag("colours", { fallback: true }),
  github: choice(["auto", "on", "off"], "auto", "annotations"),
};

function parse(...args: string[]): Values<typeof declared> {
  const parser = yargs(args).exitProcess(false).strict().fail(false);
  const parsed = declare(parser, { positionals: {}, options: declared satisfies Declared }).parseSync();
  return valuesOf(declared, parsed);
}

describe("what a command gets of its options", () => {
  test("is the defaults when nothing is given", () => {
    expect(parse()).toEqual({
      out: undefined,
      saveBaseline: undefined,
      warmup: "auto",
      seed: [],
      serve: undefined,
      mailRows: false,
      color: true,
      github: "auto",
    });
  });

  test("is, by names in camel case, what was typed", () => {
    expect(parse("--save-baseline", "base.json", "--seed", "a", "--seed", "b", "--serve")).toMatchObject({
      saveBaseline: "base.json",
      seed: ["a", "b"],
      serve: "",
    });
  });

  test("is the last of several values where one is wanted", () => {
    expect(parse("--warmup", "1ms", "--warmup", "2ms", "--github", "on", "--github", "off")).toMatchObject({
      warmup: "2ms",
      github: "off",
    });
  });

  test("is null for what was refused, and false for a flag that was", () => {
    expect(parse("--no-out", "--no-color")).toMatchObject({ out: null, color: false });
  });

  test("has an option also by the name that it once had", () => {
    expect(parse("--seed-rows").mailRows).toBe(true);
  });

  test("is refused where no such word or option is", () => {
    expect(() => parse("--github", "maybe")).toThrow('Choices: "auto", "on", "off"');
    expect(() => parse("--saveBaselines", "x")).toThrow("Unknown argument");
  });
});

test("what the user gave is known from what is there without it", () => {
  const names = ["saveBaseline", "warmup", "seed", "mailRows", "color"] as const;
  expect(given(declared, parse(), names)).toEqual([]);
  expect(given(declared, parse("--warmup", "1ms", "--seed", "a", "--save-baseline", "b"), names)).toEqual([
    "--save-baseline",
    "--warmup",
    "--seed",
  ]);
});
