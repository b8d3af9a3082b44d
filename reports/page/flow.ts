import { element } from "./dom.ts";

/** Lets one choose parties in each flow picture: bands and rows of the ledger through all chosen ones stay, the others step back. */
export function choosableFlows(): void {
  for (const blame of document.querySelectorAll<HTMLElement>(".blame")) new FlowChoice(blame);
}

class FlowChoice {
  private readonly blame: HTMLElement;
  private readonly nodes: readonly SVGGElement[];
  private readonly chosen = new Set<string>();

  constructor(blame: HTMLElement) {
    this.blame = blame;
    this.nodes = [...blame.querySelectorAll<SVGGElement>(".flow .node")];
    for (const node of this.nodes) {
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", node.querySelector("title")?.textContent ?? "");
      node.setAttribute("aria-pressed", "false");
      node.addEventListener("click", () => this.toggle(node));
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.toggle(node);
      });
    }
  }

  private toggle(node: SVGGElement): void {
    const number = node.dataset.node ?? "";
    if (!this.chosen.delete(number)) this.chosen.add(number);
    this.show();
  }

  private show(): void {
    const isOn = (part: HTMLElement | SVGElement): boolean => {
      const own = (part.dataset.nodes ?? "").split(" ");
      return [...this.chosen].every((number) => own.includes(number));
    };
    this.blame.querySelector(".flow")?.classList.toggle("chosen", this.chosen.size > 0);
    for (const node of this.nodes) node.setAttribute("aria-pressed", String(this.chosen.has(node.dataset.node ?? "")));
    for (const band of this.blame.querySelectorAll<SVGGElement>(".band")) band.classList.toggle("on", isOn(band));
    let shown = 0;
    for (const row of this.blame.querySelectorAll<HTMLTableRowElement>("table.ledger tbody tr")) {
      row.hidden = !isOn(row);
      if (!row.hidden) shown++;
    }
    this.tell(shown);
  }

  private tell(shown: number): void {
    const note = this.blame.querySelector<HTMLElement>(".filter");
    if (note === null) return;
    note.hidden = this.chosen.size === 0;
    const names = this.nodes
      .filter((node) => this.chosen.has(node.dataset.node ?? ""))
      .map((node) => node.getAttribute("aria-label"));
    const all = element("button", { type: "button", click: () => this.clear() }, "show all");
    note.replaceChildren(`${shown} of the ledger's rows: ${names.join("; ")} `, all);
  }

  private clear(): void {
    this.chosen.clear();
    this.show();
    this.nodes[0]?.focus();
  }
}
