/** A piece of HTML as it stands in the text. Attributes are read over and never kept. */
export type HtmlToken = { kind: "open" | "close"; tag: string } | { kind: "text"; text: string };

/** Elements whose content is not text for people: it is dropped with them. */
const rawElements = new Set([
  ..."script style template iframe noscript noembed noframes textarea title xmp plaintext svg math object select".split(
    " ",
  ),
]);

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  deg: "°",
  times: "×",
  frac12: "½",
  frac14: "¼",
  frac34: "¾",
  reg: "®",
  copy: "©",
  trade: "™",
  euro: "€",
  pound: "£",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  szlig: "ß",
};

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith("#")) return (Object.hasOwn(entities, name) && entities[name]) || whole;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  const isCharacter = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : " ";
}

function decodeText(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,7});/gi, decodeEntity);
}

/** The index of the `>` that ends the tag, skipping those inside quoted attribute values; -1 if there is none. */
function endOfTag(html: string, from: number): number {
  for (let at = from; at < html.length; at++) {
    const character = html[at];
    if (character === ">") return at;
    if (character === '"' || character === "'") {
      at = html.indexOf(character, at + 1);
      if (at === -1) return -1;
    }
  }
  return -1;
}

/** Where the text goes on after a raw element's content: behind its closing tag, or at the end. */
function endOfRaw(html: string, tag: string, from: number): number {
  const closing = new RegExp(`</${tag}(?=[\\s/>])`, "gi");
  closing.lastIndex = from;
  const found = closing.exec(html);
  if (!found) return html.length;
  const end = endOfTag(html, closing.lastIndex);
  return end === -1 ? html.length : end + 1;
}

/**
 * Cuts HTML into tags and text, in one pass and linear time. Comments, declarations and the content of elements such as
 * `script` are dropped; a tag that never ends is text, with everything behind it. Text has its entities decoded, so it
 * must be escaped again by whatever shows it (React does).
 */
export function htmlTokens(html: string): HtmlToken[] {
  const tokens: HtmlToken[] = [];
  const addText = (text: string) => {
    if (text) tokens.push({ kind: "text", text: decodeText(text) });
  };
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open === -1) break;
    const tag = /^<(\/?)([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 40));
    const isMarkup = tag !== null || html[open + 1] === "!" || html[open + 1] === "?";
    if (!isMarkup) {
      addText(html.slice(at, open + 1));
      at = open + 1;
      continue;
    }
    const isComment = html.startsWith("<!--", open);
    const comment = isComment ? html.indexOf("-->", open + 4) : -1;
    const end = isComment ? (comment === -1 ? -1 : comment + 2) : endOfTag(html, open + (tag?.[0].length ?? 1));
    if (end === -1) break;
    addText(html.slice(at, open));
    at = end + 1;
    const name = tag?.[2]?.toLowerCase();
    if (!name) continue;
    const isOpening = tag?.[1] === "";
    if (isOpening && rawElements.has(name)) at = endOfRaw(html, name, at);
    else tokens.push({ kind: isOpening ? "open" : "close", tag: name });
  }
  addText(html.slice(at));
  return tokens;
}
