/** Does one of these texts have the sought one in it, whatever the case? Nothing sought is found everywhere. */
export function isFound(sought: string, texts: readonly string[]): boolean {
  const wanted = sought.trim().toLowerCase();
  return wanted === "" || texts.some((text) => text.toLowerCase().includes(wanted));
}
