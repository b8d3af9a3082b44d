import { element } from "./dom.ts";

/** Makes the columns of each ledger sortable by a button in their heads. The order is told by `aria-sort`. */
export function sortableTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table.ledger")) {
    for (const head of table.querySelectorAll<HTMLTableCellElement>("thead th[data-sort]")) {
      const button = element("button", { type: "button", click: () => sortBy(table, head) }, head.textContent ?? "");
      head.replaceChildren(button);
    }
  }
}

/** Numbers begin with the largest, texts with the first; the second time the other way round. */
function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const isNumber = head.dataset.sort === "number";
  const before = head.getAttribute("aria-sort");
  const order =
    before === null ? (isNumber ? "descending" : "ascending") : before === "descending" ? "ascending" : "descending";
  for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const [body] = table.tBodies;
  if (body === undefined) return;
  const at = head.cellIndex;
  const sign = order === "ascending" ? 1 : -1;
  const rows = [...body.rows].sort((a, b) => sign * compare(a.cells[at], b.cells[at], isNumber));
  body.append(...rows);
}

function compare(a: HTMLTableCellElement | undefined, b: HTMLTableCellElement | undefined, isNumber: boolean): number {
  if (isNumber) return Number(a?.dataset.value) - Number(b?.dataset.value);
  const [x, y] = [a?.textContent ?? "", b?.textContent ?? ""];
  return x < y ? -1 : x > y ? 1 : 0;
}
