import { colours, type Sheet } from "./sheet";

export type Bar = { label: string; value: number };

const height = 118;
const axisWidth = 52;
const labelHeight = 16;

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that needs at most four steps to reach `max`. */
export function niceStep(max: number): number {
  const rough = Math.max(1, max / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return (
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough && Number.isInteger(step)) ?? rough
  );
}

/** Draws bars over labels, with lines at round values, in vectors. Values below zero are drawn as none. */
export function drawBarChart(sheet: Sheet, bars: readonly Bar[], axisText: (value: number) => string): void {
  const { doc, left, width } = sheet;
  sheet.room(height + labelHeight + 12);
  const max = Math.max(0, ...bars.map((bar) => bar.value));
  const step = niceStep(max);
  const top = Math.max(1, Math.ceil(max / step)) * step;
  const base = sheet.y + 6 + height;
  const yOf = (value: number) => base - (Math.max(0, value) / top) * height;

  for (let value = 0; value <= top; value += step) {
    const y = yOf(value);
    doc.lineWidth(value === 0 ? 0.8 : 0.4).strokeColor(value === 0 ? colours.ink : colours.rule);
    doc
      .moveTo(left + axisWidth, y)
      .lineTo(left + width, y)
      .stroke();
    const box = { x: left, y: y - 4, width: axisWidth - 8 };
    sheet.text(axisText(value), box, { size: 7, colour: colours.muted, align: "right", figures: true });
  }

  const slot = (width - axisWidth) / Math.max(1, bars.length);
  bars.forEach((bar, index) => {
    const x = left + axisWidth + index * slot;
    if (bar.value > 0) {
      // Thin enough to tell hours apart, and never too low to be seen.
      const barHeight = Math.max(0.8, base - yOf(bar.value));
      doc.rect(x + slot * 0.18, base - barHeight, slot * 0.64, barHeight).fill(colours.signal);
    }
    if (index % 3 === 0) {
      const box = { x: x + slot / 2 - 16, y: base + 5, width: 32 };
      sheet.text(bar.label, box, { size: 7, colour: colours.muted, align: "center", figures: true });
    }
  });
  sheet.y = base + labelHeight + 6;
}
