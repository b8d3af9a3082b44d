/**
 * An SVG as the canvas writes it, made independent of what was drawn before it, and half as long: the ids of its clips, which the
 * canvas counts through all pictures, are numbered from 0 and carry the picture's name, so that several pictures can stand in one
 * page; coordinates are rounded to a hundredth of a pixel.
 */
export function settledSvg(svg: string, name: string): string {
  const prefix = name.replace(/[^\w-]/g, (letter) => `_${letter.charCodeAt(0)}_`);
  const numbers = new Map<string, number>();
  const numbered = (id: string): string => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `${prefix}-${numbers.get(id)}`;
  };
  return svg
    .replace(/(id="|url\(#)(cl_[0-9a-f]+)/g, (_all, before: string, id: string) => before + numbered(id))
    .replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
}
