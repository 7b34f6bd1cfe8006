import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

/** The text of each page, line by line as a reader sees it, with one space between the pieces of a line. */
export async function readPdf(pdf: Buffer): Promise<string[][]> {
  const task = getDocument({ data: new Uint8Array(pdf), verbosity: VerbosityLevel.ERRORS });
  const document = await task.promise;
  const pages: string[][] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const lines = new Map<number, { x: number; text: string }[]>();
    for (const item of items) {
      if (!("str" in item) || item.str.trim() === "") continue;
      const y = Math.round(item.transform[5]);
      lines.set(y, [...(lines.get(y) ?? []), { x: item.transform[4], text: item.str }]);
    }
    const fromTop = [...lines].sort(([a], [b]) => b - a);
    pages.push(
      fromTop.map(([, parts]) =>
        parts
          .sort((a, b) => a.x - b.x)
          .map(({ text }) => text)
          .join(" "),
      ),
    );
  }
  await task.destroy();
  return pages;
}
