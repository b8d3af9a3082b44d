/** Text that is HTML already. Made by {@link html} alone, so that whatever else comes into a page is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, lists are joined, `null` and `false` are nothing. */
export type Content = Html | string | number | null | false | readonly Content[];

/** A piece of a page: html\`<p>${text}</p>\`. Everything that is put in is escaped, in text and in attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((piece, i) => (i === 0 ? piece : rendered(values[i - 1] ?? null) + piece)).join(""));
}

/** A value as JSON in a script element that is not run: nothing in it can end the element. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replace(/</g, "\\u003c");
  return new Html(`<script type="application/json" id="${escapeText(id)}">${json}</script>`);
}

/**
 * Our own style sheet and program, which stand in the page as they are.
 *
 * @throws RangeError when the text would end its element: such a text cannot be put into a page.
 */
export function inlined(element: "style" | "script", text: string): Html {
  if (new RegExp(`</${element}|<!--`, "i").test(text)) {
    throw new RangeError(`a ${element} that holds "</${element}" or "<!--" cannot be put into a page`);
  }
  return new Html(`<${element}>${text}</${element}>`);
}

function rendered(value: Content): string {
  if (value === null || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(rendered).join("");
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] as string);
}
