import { htmlTokens } from "./html-tokens";

/** A stretch of text in one style, or a line break. */
export type DescriptionText = { text: string; strong: boolean; emphasis: boolean } | { lineBreak: true };

/** What a description may consist of. There is no place in it for an attribute, an address or a script. */
export type DescriptionBlock =
  | { kind: "paragraph" | "heading"; content: DescriptionText[] }
  | { kind: "list"; ordered: boolean; items: DescriptionBlock[][] };

type List = Extract<DescriptionBlock, { kind: "list" }>;

const listDepthMax = 4;

/** Builds blocks from a stream of tags and text; whatever is badly nested in comes out well nested. */
class DescriptionBuilder {
  readonly blocks: DescriptionBlock[] = [];
  private readonly lists: List[] = [];
  private content: DescriptionText[] | undefined;
  private strong = 0;
  private emphasis = 0;

  private target(): DescriptionBlock[] {
    const list = this.lists.at(-1);
    if (!list) return this.blocks;
    if (list.items.length === 0) list.items.push([]);
    return list.items.at(-1) ?? this.blocks;
  }

  /** Ends the paragraph that is open, and with it its styles: one forgotten `</b>` must not embolden the rest. */
  endBlock(): void {
    this.content = undefined;
    this.strong = 0;
    this.emphasis = 0;
  }

  startBlock(kind: "paragraph" | "heading"): void {
    this.endBlock();
    this.content = [];
    this.target().push({ kind, content: this.content });
  }

  text(raw: string): void {
    const text = raw.replace(/[ \t\r\n\f\v]+/g, " ");
    if (!this.content && text.trim() === "") return;
    const { strong, emphasis } = this;
    if (!this.content) {
      this.startBlock("paragraph");
      this.strong = strong;
      this.emphasis = emphasis;
    }
    this.content?.push({ text, strong: strong > 0, emphasis: emphasis > 0 });
  }

  lineBreak(): void {
    this.content?.push({ lineBreak: true });
  }

  style(name: "strong" | "emphasis", change: 1 | -1): void {
    this[name] = Math.max(0, this[name] + change);
  }

  startList(ordered: boolean): void {
    this.endBlock();
    if (this.lists.length >= listDepthMax) return;
    const list: List = { kind: "list", ordered, items: [] };
    this.target().push(list);
    this.lists.push(list);
  }

  startItem(): void {
    if (this.lists.length === 0) this.startList(false);
    this.endBlock();
    this.lists.at(-1)?.items.push([]);
  }

  endList(): void {
    this.endBlock();
    this.lists.pop();
  }

  open(tag: string): void {
    if (tag === "br") this.lineBreak();
    else if (tag === "strong" || tag === "b") this.style("strong", 1);
    else if (tag === "em" || tag === "i") this.style("emphasis", 1);
    else if (tag === "ul" || tag === "ol") this.startList(tag === "ol");
    else if (tag === "li") this.startItem();
    else if (/^h[1-6]$/.test(tag)) this.startBlock("heading");
    else if (isBlock(tag)) this.endBlock();
  }

  close(tag: string): void {
    if (tag === "strong" || tag === "b") this.style("strong", -1);
    else if (tag === "em" || tag === "i") this.style("emphasis", -1);
    else if (tag === "ul" || tag === "ol") this.endList();
    else if (tag === "li" || /^h[1-6]$/.test(tag) || isBlock(tag)) this.endBlock();
  }
}

/** Elements that begin on a line of their own; of those only the line is kept. */
function isBlock(tag: string): boolean {
  return /^(p|div|section|article|header|footer|blockquote|pre|table|tr|td|th|dl|dt|dd|hr|figure|figcaption|main|aside)$/.test(
    tag,
  );
}

function trimmed(content: DescriptionText[]): DescriptionText[] {
  const isBlank = (part: DescriptionText | undefined) => part && ("lineBreak" in part || part.text.trim() === "");
  const kept = [...content];
  while (isBlank(kept.at(-1))) kept.pop();
  while (isBlank(kept[0])) kept.shift();
  return kept;
}

function tidy(blocks: DescriptionBlock[]): DescriptionBlock[] {
  return blocks.flatMap((block): DescriptionBlock[] => {
    if (block.kind === "list") {
      const items = block.items.map(tidy).filter((item) => item.length > 0);
      return items.length > 0 ? [{ ...block, items }] : [];
    }
    const content = trimmed(block.content);
    return content.length > 0 ? [{ ...block, content }] : [];
  });
}

/**
 * Reads a product's HTML description, which comes from imports and is trusted with nothing, into paragraphs, headings,
 * lists, strong and emphasised text. Every other element leaves only its text, every attribute nothing.
 */
export function parseDescription(html: string): DescriptionBlock[] {
  const builder = new DescriptionBuilder();
  for (const token of htmlTokens(html)) {
    if (token.kind === "text") builder.text(token.text);
    else builder[token.kind](token.tag);
  }
  return tidy(builder.blocks);
}

/** The description as one line of plain text, cut at a word before `lengthMax` characters: for search results. */
export function plainDescription(blocks: DescriptionBlock[], lengthMax: number): string {
  const texts = (inside: DescriptionBlock[]): string[] =>
    inside.flatMap((block) =>
      block.kind === "list"
        ? block.items.flatMap(texts)
        : [block.content.map((part) => ("lineBreak" in part ? " " : part.text)).join("")],
    );
  const text = texts(blocks).join(" ").replace(/\s+/g, " ").trim();
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), lengthMax / 2))}…`;
}
