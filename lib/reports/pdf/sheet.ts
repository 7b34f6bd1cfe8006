import PDFDocument from "pdfkit";
import { findFonts } from "./fonts";

export const colours = {
  ink: "#1c1b18",
  muted: "#6b665a",
  rule: "#ddd7c9",
  tint: "#f6f3ec",
  signal: "#d9480f",
  alarm: "#b3261e",
} as const;

const ascent = 0.95;
const margin = { side: 48, top: 44, bottom: 72 };

export type TextStyle = {
  size?: number;
  bold?: boolean;
  colour?: string;
  align?: "left" | "right" | "center";
  /** All digits of one width, so that columns line up; made smaller where the box is narrow, for no figure is ever cut. */
  figures?: boolean;
};

/**
 * An A4 document that is written from top to bottom. `y` is where the next thing goes; whoever draws moves it on, and
 * asks for `room` before. The same calls make the same bytes: the date in the file is `createdAt` and not today.
 */
export type Sheet = {
  readonly doc: PDFKit.PDFDocument;
  readonly left: number;
  readonly width: number;
  y: number;
  /** Begins a new page unless `height` points are left on this one; true if it did. */
  room(height: number): boolean;
  /** One line of text in a box of the given width, cut with an ellipsis where it is longer. Does not move `y`. */
  text(text: string, box: { x: number; y: number; width: number }, style?: TextStyle): void;
  /** Runs `draw` on every page, once all is written. */
  onEachPage(draw: (page: number, pages: number) => void): void;
  finish(): Promise<Buffer>;
};

export function createSheet({ title, author, createdAt }: { title: string; author: string; createdAt: Date }): Sheet {
  const fonts = findFonts();
  const doc = new PDFDocument({
    size: "A4",
    margin: 0,
    bufferPages: true,
    autoFirstPage: false,
    font: fonts.regular,
    lang: "en",
    displayTitle: true,
    pdfVersion: "1.7",
    // pdfkit derives the file's id from these, so it is as fixed as they are.
    info: { Title: title, Author: author, Creator: "Shopfloor", Producer: "pdfkit", CreationDate: createdAt },
  });
  const chunks: Buffer[] = [];
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
  doc.addPage();

  const sheet: Sheet = {
    doc,
    left: margin.side,
    width: doc.page.width - 2 * margin.side,
    y: margin.top,
    room(height) {
      if (sheet.y + height <= doc.page.height - margin.bottom) return false;
      doc.addPage();
      sheet.y = margin.top;
      return true;
    },
    text(
      text,
      { x, y, width },
      { size = 9, bold = false, colour = colours.ink, align = "left", figures = false } = {},
    ) {
      const features: PDFKit.Mixins.OpenTypeFeatures[] = figures && fonts.embedded ? ["tnum"] : [];
      doc
        .font(bold ? fonts.bold : fonts.regular)
        .fontSize(size)
        .fillColor(colour);
      const known = writable(text, fonts.embedded);
      const wide = doc.widthOfString(known, { features });
      if (figures && wide > width) doc.fontSize((size * width) / wide);
      const shown = figures ? known : shorten(doc, known, width, features);
      const free = width - doc.widthOfString(shown, { features });
      const start = align === "right" ? x + free : align === "center" ? x + free / 2 : x;
      // Placed by the baseline, so that sizes and fonts stand on one line.
      doc.text(shown, start, y + size * ascent, { lineBreak: false, baseline: "alphabetic", features });
    },
    onEachPage(draw) {
      const { start, count } = doc.bufferedPageRange();
      for (let page = 0; page < count; page++) {
        doc.switchToPage(start + page);
        draw(page + 1, count);
      }
    },
    finish() {
      doc.end();
      return done;
    },
  };
  return sheet;
}

function shorten(
  doc: PDFKit.PDFDocument,
  text: string,
  width: number,
  features: PDFKit.Mixins.OpenTypeFeatures[],
): string {
  const tooLong = (candidate: string) => doc.widthOfString(candidate, { features }) > width;
  if (!tooLong(text)) return text;
  const letters = [...text];
  let kept = letters.length;
  // By halves first: a title can be thousands of letters long.
  while (kept > 1 && tooLong(`${letters.slice(0, Math.ceil(kept / 2)).join("")}…`)) kept = Math.ceil(kept / 2);
  while (kept > 0 && tooLong(`${letters.slice(0, kept).join("")}…`)) kept--;
  return `${letters.slice(0, kept).join("").trimEnd()}…`;
}

const inInter = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
const punctuation = /[\p{Script=Common}\p{Script=Inherited}]/u;
const inHelvetica = /[\u0020-\u007e\u00a0-\u00ff€–—…“”‘’]/;

/** Letters that the font does not have (Han, Arabic, emoji) are shown as question marks; line breaks as spaces. */
function writable(text: string, embedded: boolean): string {
  const known = (letter: string) =>
    embedded ? inInter.test(letter) || (punctuation.test(letter) && letter < "\u2300") : inHelvetica.test(letter);
  return [...text.replace(/[\p{C}\s]+/gu, " ")].map((letter) => (known(letter) ? letter : "?")).join("");
}
