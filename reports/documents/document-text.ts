/** A document as it is printed and rests in a file: JSON, an indent of one, the keys in the document's own order. Equal documents have equal bytes. */
export function documentText(document: object): string {
  return `${JSON.stringify(document, null, 1)}\n`;
}
