import { S3Error } from "./errors";

export type XmlNode = { name: string; text: string; children: XmlNode[] };

const token = /<\?[^>]*\?>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;

/**
 * Reads the small documents clients send (lists of keys or parts). Elements and text only: comments,
 * CDATA, doctypes and entity declarations are refused with MalformedXML, as is anything not well-formed.
 */
export function readXml(source: string): XmlNode {
  const top: XmlNode = { name: "", text: "", children: [] };
  const open: XmlNode[] = [top];
  token.lastIndex = 0;
  let end = 0;
  for (let found = token.exec(source); found; found = token.exec(source)) {
    end = token.lastIndex;
    const [, closing, name, , selfClosing, text] = found;
    const parent = open.at(-1) ?? top;
    if (text !== undefined) parent.text += resolveEntities(text);
    else if (name !== undefined && closing) {
      if (parent.name !== name || open.length === 1) throw new S3Error("MalformedXML");
      open.pop();
    } else if (name !== undefined) {
      const node: XmlNode = { name, text: "", children: [] };
      parent.children.push(node);
      if (!selfClosing) open.push(node);
    }
  }
  const root = top.children[0];
  if (end !== source.length || open.length !== 1 || top.children.length !== 1 || !root)
    throw new S3Error("MalformedXML");
  return root;
}

/** The text of the first child of that name, or undefined. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  return text.replace(/&([^;]*);?/g, (_, entity: string) => {
    const numeric = /^#(x[0-9a-f]+|\d+)$/i.exec(entity)?.[1];
    const code = numeric === undefined ? undefined : Number(numeric.replace(/^x/i, "0x"));
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const plain = named[entity];
    if (plain === undefined) throw new S3Error("MalformedXML");
    return plain;
  });
}
