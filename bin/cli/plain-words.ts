/** What the parser says, as people say it. */
import { nearName } from "../../scenarios/near-name.ts";
import { commands } from "../commands/commands.ts";
import { typedName } from "./options.ts";

/** What `gupsim completion --help` prints. */
export const completionHelp = `gupsim completion [bash|zsh]

Prints the completion script of bash or zsh; without an argument that of $SHELL.
  gupsim completion bash >> ~/.bashrc
  gupsim completion zsh >> ~/.zshrc
`;

/** yargs calls every option with a value a string; these take a number. */
export function withNumbers(help: string): string {
  return help.replace(/(--(?:seeds|jobs|serve)\b[^[]*)\[string\]/g, "$1[number]");
}

/**
 * What yargs says of a command line that is wrong, with the argument that is missing or the option that was meant.
 *
 * @param name of the command. @param everywhere options that every command has.
 */
export async function inPlainWords(message: string, name: string, everywhere: readonly string[]): Promise<string> {
  const row = commands.find(({ usage }) => usage.split(" ")[0] === name);
  if (row === undefined) return message;
  if (message.startsWith("Not enough non-option arguments")) {
    return `${name} needs ${row.usage.split(" ").slice(1).join(" ")}\nTry gupsim ${name} --help.`;
  }
  const [whole = "", given = ""] = /^Unknown arguments?: (.+)/.exec(message) ?? [];
  if (whole === "") return message;
  const names = [...Object.keys((await row.load()).default.options), ...everywhere].map(typedName);
  const hints = given.split(", ").flatMap((word) => {
    const near = nearName(typedName(word), names);
    return near === null ? [] : [`--${near}`];
  });
  // A name in two spellings is one mistake.
  return hints.length === 0
    ? message
    : message.replace(whole, `${whole} (did you mean ${[...new Set(hints)].join(", ")}?)`);
}
