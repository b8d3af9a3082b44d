import { expect, test } from "vitest";
import { settledSvg } from "./settled-svg.ts";

test("clips are numbered from 0 under the picture's name, wherever they are used; coordinates have two digits", () => {
  const svg =
    '<clipPath id="cl_4f"/><g clip-path="url(#cl_4f)"/><clipPath id="cl_50"/><path d="M-0.004 1.23456L10.5 7"/>';
  expect(settledSvg(svg, "v6.18+gup=plain.timeline")).toBe(
    '<clipPath id="v6_46_18_43_gup_61_plain_46_timeline-0"/><g clip-path="url(#v6_46_18_43_gup_61_plain_46_timeline-0)"/>' +
      '<clipPath id="v6_46_18_43_gup_61_plain_46_timeline-1"/><path d="M0 1.23L10.5 7"/>',
  );
});
