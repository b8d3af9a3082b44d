import type { CheckDocument } from "../documents/check.ts";
import { documentText } from "../documents/document-text.ts";
import { checkText } from "../text/check-text.ts";
import { checkMarkdown } from "./check-markdown.ts";

/** What `check` prints its verdicts as, by the word after `--format`; the first is the default. */
export const checkFormats = {
  text: checkText,
  json: (document: CheckDocument): string => documentText(document),
  md: checkMarkdown,
};

/** The words. */
export const checkFormatNames = Object.keys(checkFormats) as [keyof typeof checkFormats];
