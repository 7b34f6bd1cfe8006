import { colours, type Sheet } from "./sheet";

/** `share` is the column's part of the width. Columns of figures stand to the right. */
export type Column = { heading: string; share: number; figures?: boolean };

const rowHeight = 16;
const gap = 8;

/** Draws a table that goes on over pages, its headings on each. */
export function drawTable(sheet: Sheet, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const shares = columns.reduce((sum, column) => sum + column.share, 0);
  const widths = columns.map((column) => (column.share / shares) * sheet.width);

  const write = (cells: readonly string[], style: { size: number; bold?: boolean; colour?: string }) => {
    let x = sheet.left;
    columns.forEach((column, index) => {
      const width = widths[index] ?? 0;
      const right = column.figures === true;
      const box = { x, y: sheet.y + 4, width: width - (index === columns.length - 1 ? 0 : gap) };
      sheet.text(cells[index] ?? "", box, { ...style, align: right ? "right" : "left", figures: right });
      x += width;
    });
    sheet.y += rowHeight;
  };
  const line = (colour: string, lineWidth: number) => {
    const { doc, left, width, y } = sheet;
    doc
      .lineWidth(lineWidth)
      .strokeColor(colour)
      .moveTo(left, y)
      .lineTo(left + width, y)
      .stroke();
  };
  const headings = () => {
    write(
      columns.map((column) => column.heading),
      { size: 7.5, colour: colours.muted },
    );
    line(colours.ink, 0.8);
  };

  sheet.room(rowHeight * 3);
  headings();
  for (const row of rows) {
    if (sheet.room(rowHeight)) headings();
    write(row, { size: 8.5 });
    line(colours.rule, 0.4);
  }
  sheet.y += 6;
}
