// What the bundle has for string-width: columns of a text in which every letter takes one.
export default function plainWidth(text) {
  return [...text].length;
}
