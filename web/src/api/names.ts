/** Stable names, as the API takes them for what people call something. */

/** A name that a property or an object can have, made of any text, and that none of these has. */
export function nameFor(text: string, taken: string[]): string {
  const word = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 56);
  const name = /^[a-z]/.test(word) ? word : word === "" ? "property" : `p_${word}`;
  let candidate = name;
  for (let number = 2; taken.includes(candidate); number += 1) candidate = `${name}_${number}`;
  return candidate;
}
