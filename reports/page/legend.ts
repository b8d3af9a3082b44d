import { element } from "./dom.ts";

/** How to move about in a timeline. */
export function keysNote(): Node {
  const all = ["+", "−", "←", "→", "n", "p", "Enter", "0"].map((key) => element("kbd", {}, key));
  const note = element("span", { class: "note" }, "drag or ctrl+wheel to zoom, shift+drag to move; keys: ");
  for (const key of all) note.append(key, " ");
  return note;
}

/** What the colours and shapes of a timeline mean. */
export function legend(): Node {
  const striped = (name: string): string =>
    `border:1px solid var(--${name});background:repeating-linear-gradient(135deg,var(--${name}) 0 1px,transparent 1px 4px)`;
  const items: readonly (readonly [string, string])[] = [
    ["holds -R", "background:var(--reader)"],
    ["holds -W", "background:var(--writer)"],
    ["waits -R", striped("reader")],
    ["waits -W", striped("writer")],
    ["owns it, does not run yet", "background:var(--wake-up)"],
    ["sleeps for IO", "background:var(--io);height:4px"],
    ["for a server", "background:var(--server);height:4px"],
    ["other sleep", "background:var(--idle);height:4px"],
    ["in the run queue", "background:var(--run-queue);height:4px"],
    ["operation", "background:var(--muted);height:2px"],
    ["event", "background:var(--fail);width:2px"],
  ];
  return element(
    "div",
    { class: "legend" },
    ...items.map(([text, style]) => element("span", {}, element("i", { style }), text)),
  );
}
