import { wrap } from "../../words/sentences.ts";

/** One key of a scenario, as it is told. */
export interface ToldKey {
  readonly path: string;
  readonly says: string;
  readonly takes: string;
  readonly default: string | null;
  readonly required: boolean;
  readonly roles: readonly string[] | null;
}

/** The keys of a scenario: what each takes, what it has by itself, what it means and does to hold and wait times. @param strong how a key is set off. */
export function keysText(keys: readonly ToldKey[], columns: number, strong: (text: string) => string): string {
  return keys
    .map((key) => {
      const head = wrap(`${key.path}  ${valueWords(key)}`, columns, "")
        .join("\n")
        .replace(key.path, strong(key.path));
      const says = wrap(key.says, columns - 2, "").map((line) => `  ${line.trim()}\n`);
      return `${head}\n${rolesLine(key, columns)}${says.join("")}`;
    })
    .join("");
}

/** What a key takes, and whether it must be there: "a share (%), 60% by default". */
function valueWords({ takes, default: fallback, required }: ToldKey): string {
  if (required) return `${takes}, required`;
  return fallback === null ? takes : `${takes}, ${fallback} by default`;
}

function rolesLine({ roles }: ToldKey, columns: number): string {
  return roles === null ? "" : `${wrap(`role ${roles.join(", ")}`, columns).join("\n")}\n`;
}

/** docs/SCENARIO.md: all keys, a section for each of the maps of a scenario. */
export function keysMarkdown(keys: readonly ToldKey[]): string {
  const sections = [...new Set(keys.map(({ path }) => sectionOf(path)))];
  const inSection = (section: string): ToldKey[] => keys.filter(({ path }) => sectionOf(path) === section);
  const parts = sections
    .map((section) => [section, inSection(section)] as const)
    .map(([section, of]) => `## ${section}\n\n${of.map(markdownOf).join("\n")}`);
  return `${head}\n${parts.join("\n")}`;
}

const head = `# The keys of a scenario

\`npm run docs\` writes this file from the schema; \`gupsim describe --keys KEY\` tells the same of one key. A key that begins with LAW is part
of a law, which may stand wherever a duration or a law is taken.
`;

function sectionOf(path: string): string {
  const [first = ""] = path.split(".");
  if (path.startsWith("machine.cost.")) return "machine.cost";
  return ["machine", "devices", "mms", "tasks", "load", "measured", "budgets", "LAW"].includes(first)
    ? first
    : "the file";
}

function markdownOf(key: ToldKey): string {
  const roles = key.roles === null ? "" : ` (${key.roles.join(", ")})`;
  return `- \`${key.path}\`${roles}: ${valueWords(key)}. ${key.says}\n`;
}
