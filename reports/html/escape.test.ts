import fc from "fast-check";
import { expect, it } from "vitest";
import { html, inlined, jsonScript } from "./escape.ts";

it("escapes text and attributes, and leaves what is HTML already", () => {
  const name = `<img src=x onerror="alert(1)">&'`;
  expect(html`<p title="${name}">${html`<b>${name}</b>`}</p>`.text).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;"><b>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;</b></p>',
  );
});

it("joins lists and leaves out what is not there", () => {
  expect(html`${[1, "a", html`<i></i>`]}${null}${false}`.text).toBe("1a<i></i>");
});

it("puts JSON into a page that reads back the same and cannot end its element", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom("</script>", "<!--", "<script>", "\u2028")), (text) => {
      const { text: page } = jsonScript("d", { text });
      const inner = page.slice(page.indexOf(">") + 1, -"</script>".length);
      expect(inner).not.toContain("<");
      expect(JSON.parse(inner)).toEqual({ text });
    }),
  );
});

it("refuses a program that would end its element", () => {
  expect(() => inlined("script", 'x = "</SCRIPT>"')).toThrow(
    'a script that holds "</script" or "<!--" cannot be put into a page',
  );
  expect(inlined("style", "a > b {}").text).toBe("<style>a > b {}</style>");
});
