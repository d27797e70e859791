/** The few marks that notes know: bold, italic, links, and lists. Text becomes parts of a page here, never HTML. */

export type Inline = { is: "text" | "bold" | "italic"; text: string } | { is: "link"; text: string; href: string };

export type Block = { is: "lines"; lines: Inline[][] } | { is: "list"; items: Inline[][] };

const INLINE = /\*\*(?<bold>[^*\n]+)\*\*|\*(?<italic>[^*\n]+)\*|\[(?<text>[^\]\n]+)\]\((?<href>[^()\s]+)\)/g;

const PROTOCOLS = ["http:", "https:", "mailto:", "tel:"];

export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = blocks.at(-1);
    const item = /^\s*[-*] (.+)$/.exec(line)?.[1];
    if (item !== undefined) {
      if (last?.is === "list") last.items.push(inlineOf(item));
      else blocks.push({ is: "list", items: [inlineOf(item)] });
    } else if (line.trim() === "") {
      if (last?.is === "lines" && last.lines.length > 0) blocks.push({ is: "lines", lines: [] });
    } else if (last?.is === "lines") last.lines.push(inlineOf(line));
    else blocks.push({ is: "lines", lines: [inlineOf(line)] });
  }
  return blocks.filter((block) => block.is === "list" || block.lines.length > 0);
}

function inlineOf(line: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of line.matchAll(INLINE)) {
    const { bold, italic, text, href } = match.groups ?? {};
    if (match.index > end) parts.push({ is: "text", text: line.slice(end, match.index) });
    if (bold !== undefined) parts.push({ is: "bold", text: bold });
    else if (italic !== undefined) parts.push({ is: "italic", text: italic });
    else if (text !== undefined && href !== undefined && isSafe(href)) parts.push({ is: "link", text, href });
    else parts.push({ is: "text", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) parts.push({ is: "text", text: line.slice(end) });
  return parts;
}

/** Links lead to other sites, to mail and to telephones, and run nothing. */
function isSafe(href: string): boolean {
  return URL.canParse(href) && PROTOCOLS.includes(new URL(href).protocol);
}

/** Puts a mark around what is chosen in a text, or takes it away; answers the text and what is chosen then. */
export function withMark(text: string, from: number, to: number, mark: string): [string, number, number] {
  const chosen = text.slice(from, to);
  const isMarked = text.slice(from - mark.length, from) === mark && text.slice(to, to + mark.length) === mark;
  if (isMarked) {
    const bare = text.slice(0, from - mark.length) + chosen + text.slice(to + mark.length);
    return [bare, from - mark.length, to - mark.length];
  }
  const marked = text.slice(0, from) + mark + chosen + mark + text.slice(to);
  return [marked, from + mark.length, to + mark.length];
}

/** Makes the lines that are chosen the items of a list. */
export function withList(text: string, from: number, to: number): [string, number, number] {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const items = text
    .slice(start, to)
    .split("\n")
    .map((line) => (line.startsWith("- ") ? line : `- ${line}`))
    .join("\n");
  return [text.slice(0, start) + items + text.slice(to), start + items.length, start + items.length];
}
